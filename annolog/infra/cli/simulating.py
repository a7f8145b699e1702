"""`annolog simulate`: what other policies would have made of recorded work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annolog.infra.cli.as_json import AsJson
from annolog.infra.cli.console import print_json, print_table, progress_bar, say, warn
from annolog.infra.cli.options import DataDir, existing

if TYPE_CHECKING:
    from annolog.domain.consensus.ballots import Indexes
    from annolog.domain.policies.policy import Policy
    from annolog.domain.simulation.outcome import Outcome
    from annolog.domain.simulation.recording import Recording

SECONDS_AN_HOUR = 3600


def simulate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PROJECT|DATASET_DIR",
            help="A project by its number, a data set that ships (rte, cf_amt), or a folder with labels.csv.",
        ),
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="rule, confidence or fixed. Repeatable; all of them where none is named."),
    ] = None,
    parameter: Annotated[
        list[float] | None,
        typer.Option("--parameter", help="Of the policy, of which there is one then. Repeatable; else over its range."),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=1000, help="Replays, with the seeds 0, 1, …")] = 10,
    routed: Annotated[
        bool,
        typer.Option("--routed/--not-routed", help="Ask the best of three people who are there."),
    ] = True,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="Most labels a task, on average over the tasks.")
    ] = None,
    dimension: Annotated[
        str | None, typer.Option("--dimension", help="Of a project with several controls, the one to look at.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask for recorded answers again by other policies, and say how many each needs and how often it is right."""
    # They bring numpy along, which no other command should wait for.
    from annolog.domain.simulation.outcome import of_all_answers, references_of

    recording = _recorded(source, dimension, data_dir)
    references, against = references_of(recording)
    found: list[Outcome] = []
    chosen = _policies(policy or [], parameter or [], int(recording.ballots.sizes.max()))
    total = seeds * sum(len(group) for group in chosen)
    with progress_bar("simulating", as_json, total) as advance:
        try:
            for outcome in _outcomes(recording, chosen, seeds, routed, budget, references):
                found.append(outcome)
                advance(len(found), total)
        except KeyboardInterrupt:
            warn(f"{len(found):,} of {total:,} outcomes were worked out")
            raise
    if as_json:
        print_json([_row(outcome, against) for outcome in found])
        return
    _print(source, found, against, routed=routed)
    if against == "truth":
        labels = recording.answers / recording.tasks
        say(f"All {labels:.2f} labels a task: the majority is right for {of_all_answers(recording):.1%} of the tasks.")
    say("No answer was made up: nobody is asked but people whose answer is recorded.")


def _recorded(source: str, dimension: str | None, data_dir: Path | None) -> Recording:
    """The recorded answers: those of a project, which is named by its number, or of a folder."""
    if source.isdecimal() and not Path(source).is_dir():
        from annolog.infra.replay.worked import recording_of_project

        with existing(data_dir) as installation:
            return recording_of_project(installation, int(source), dimension)
    from annolog.infra.replay.dataset import load
    from annolog.infra.replay.recorded import recording_of

    return recording_of(load(source))


def _policies(names: Sequence[str], parameters: Sequence[float], most: int) -> list[list[Policy]]:
    """Each named policy over its parameters."""
    from annolog.domain.policies.catalogue import POLICIES, policies
    from annolog.domain.refusals import Fault, InvalidInput

    wanted = list(dict.fromkeys(names or POLICIES))
    if parameters and len(wanted) > 1:
        message = "--parameter goes with one --policy, since each policy has a parameter of its own"
        raise InvalidInput(message, faults=[Fault("--parameter", message)])
    return [policies(name, most, parameters) for name in wanted]


def _outcomes(
    recording: Recording,
    chosen: list[list[Policy]],
    seeds: int,
    routed: bool,
    budget: float | None,
    references: Indexes,
) -> Iterator[Outcome]:
    """Every outcome, a policy and a seed at a time."""
    from annolog.domain.simulation.outcome import outcome
    from annolog.domain.simulation.replaying import NOT_ROUTED, ROUTED, replay

    available = ROUTED if routed else NOT_ROUTED
    for group in chosen:
        for seed in range(seeds):
            for stop in replay(recording, group, seed, available=available, budget=budget):
                yield outcome(recording, stop, seed, references)


def _row(outcome: Outcome, against: str) -> dict[str, Any]:
    asked = outcome.asked
    return {
        "policy": outcome.policy,
        "parameter": outcome.parameter,
        "seed": outcome.seed,
        "labels_per_task": outcome.labels_per_task,
        "accuracy": _known(outcome.accuracy.share),
        "accuracy_low": outcome.accuracy.low,
        "accuracy_high": outcome.accuracy.high,
        "against": against,
        "accuracy_by_model": _known(outcome.by_model),
        "accuracy_by_majority": _known(outcome.by_majority),
        "labels": outcome.answers,
        "people": int((asked > 0).sum()),
        "labels_of_busiest": int(asked.max()),
        "seconds": outcome.seconds,
        "assumed_seconds_share": outcome.assumed_share,
        "imputed_share": outcome.imputed_share,
        "wanting_tasks": outcome.wanting,
        "budget_spent": outcome.spent,
        "policy_version": outcome.version,
    }


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _print(source: str, found: list[Outcome], against: str, *, routed: bool) -> None:
    from annolog.domain.simulation.curve import points

    rows = [
        (
            f"{point.policy} {point.parameter:g}",
            f"{point.labels_per_task:.2f}",
            f"{point.accuracy:.1%}",
            f"{point.accuracy_deviation:.1%}",
            f"{point.by_majority:.1%}",
            f"{point.by_model:.1%}",
            f"{point.people:.0f}",
            f"{point.seconds / SECONDS_AN_HOUR:.1f}",
            f"{point.wanting:.0f}",
        )
        for point in points(found)
    ]
    names = ("policy", "labels a task", "accuracy", "± (sd)", "majority", "model", "people", "hours", "wanting tasks")
    title = f"{source}, seeds: {len({outcome.seed for outcome in found})}, against the {against}"
    print_table(title + (", routed" if routed else ""), names, rows)
