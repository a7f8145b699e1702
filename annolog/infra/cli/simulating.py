"""`annolog simulate`: what other policies would have made of recorded work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import typer

from annolog.infra.cli.as_json import AsJson
from annolog.infra.cli.console import print_json, print_table, progress_bar, say, warn
from annolog.infra.cli.options import DataDir, existing

if TYPE_CHECKING:
    from annolog.domain.consensus.ballots import Indexes
    from annolog.domain.policies.policy import Policy
    from annolog.domain.simulation.outcome import Outcome
    from annolog.domain.simulation.recording import Recording
    from annolog.domain.simulation.trial import Trial

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
    apply: Annotated[
        bool,
        typer.Option("--apply", help="Let the one policy with its one --parameter take over in the project, if asked."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --apply: do not ask.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask for recorded answers again by other policies, and say how many each needs and how often it is right."""
    # They bring numpy along, which no other command should wait for.
    from annolog.domain.simulation.outcome import references_of
    from annolog.domain.simulation.trial import Trial
    from annolog.infra.cli.adopting import adopt
    from annolog.infra.simulation import row_of

    names, parameters = policy or [], parameter or []
    if apply:
        _must_be_applicable(source, names, parameters)
    recording = _recorded(source, dimension, data_dir)
    references, against = references_of(recording)
    trial = Trial(_policies(names, parameters, int(recording.ballots.sizes.max())), seeds, routed, budget)
    found = _worked_out(trial, recording, references, quiet=as_json)
    rows = [row_of(outcome, against) for outcome in found]
    if as_json and not apply:
        print_json(rows)
        return
    if not as_json:
        _print_all(source, recording, found, against, routed=routed)
    if apply:
        needed = None if budget is None else fmean(outcome.labels_per_task for outcome in found)
        with existing(data_dir) as installation:
            applied = adopt(installation, int(source), trial.policies[0][0], needed, yes=yes, quiet=as_json)
        if as_json:
            print_json({"outcomes": rows, **applied})


def _worked_out(trial: Trial, recording: Recording, references: Indexes, *, quiet: bool) -> list[Outcome]:
    found: list[Outcome] = []
    with progress_bar("simulating", quiet, trial.size) as advance:
        try:
            for outcome in trial.outcomes(recording, references):
                found.append(outcome)
                advance(len(found), trial.size)
        except KeyboardInterrupt:
            warn(f"{len(found):,} of {trial.size:,} outcomes were worked out")
            raise
    return found


def _must_be_applicable(source: str, names: Sequence[str], parameters: Sequence[float]) -> None:
    """Refuse before anything is worked out what could not be applied afterwards."""
    from annolog.domain.refusals import Fault, InvalidInput

    message = ""
    if not _is_project(source):
        message = f"--apply changes the settings of a project, and {source} is a data set"
    elif len(set(names)) != 1 or len(set(parameters)) != 1:
        message = "--apply takes exactly one --policy and one --parameter"
    if message:
        raise InvalidInput(message, faults=[Fault("--apply", message)])


def _is_project(source: str) -> bool:
    """A project is named by its number, unless a folder has that name."""
    return source.isdecimal() and not Path(source).is_dir()


def _recorded(source: str, dimension: str | None, data_dir: Path | None) -> Recording:
    """The recorded answers, of a project or of a folder."""
    if _is_project(source):
        from annolog.infra.replay.worked import recording_of_project

        with existing(data_dir) as installation:
            return recording_of_project(installation, int(source), dimension).recording
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


def _print_all(source: str, recording: Recording, found: list[Outcome], against: str, *, routed: bool) -> None:
    from annolog.domain.simulation.outcome import of_all_answers

    _print(source, found, against, routed=routed)
    if against == "truth":
        labels = recording.answers / recording.tasks
        say(f"All {labels:.2f} labels a task: the majority is right for {of_all_answers(recording):.1%} of the tasks.")
    say("No answer was made up: nobody is asked but people whose answer is recorded.")


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
