"""`annolog replay`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from annolog.infra.cli.console import print_json, print_table, progress_bar, say, warn
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, needed_token, settings_of
from annolog.infra.composition import Installation
from annolog.infra.replay.dataset import Dataset, load
from annolog.infra.replay.front_door import FrontDoor
from annolog.infra.replay.http_door import HttpDoor
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import Plan
from annolog.infra.replay.run import Outcome
from annolog.infra.replay.run import replay as run_replay
from annolog.infra.replay.summary import accuracy_of_people, summary

MOST_PEOPLE_SHOWN = 15


def replay(
    dataset: Annotated[str, typer.Argument(help="A data set that ships (rte, cf_amt), or a folder with labels.csv.")],
    overlap: Annotated[int, typer.Option("--overlap", min=1, max=100, help="People a task needs at first.")] = 3,
    threshold: Annotated[float, typer.Option("--threshold", min=0, max=1, help="Agreement that is enough.")] = 0.75,
    maximum: Annotated[int, typer.Option("--maximum", min=0, max=100, help="Most people beyond the overlap.")] = 7,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Shuffles the recorded order; 0 keeps it.")] = 0,
    speed: Annotated[
        float, typer.Option("--speed", min=0, help="Times faster than recorded; 0 is as fast as possible.")
    ] = 0.0,
    all_labels: Annotated[
        bool, typer.Option("--all-labels", help="Submit every recorded label, without a rule.")
    ] = False,
    title: Annotated[
        str | None, typer.Option("--title", help="Names project and run: the same again goes on where it broke off.")
    ] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Run real recorded crowd work through the front door, and say what came of it.

    Without --data-dir and --url it happens in a folder that is thrown away afterwards.
    """
    crowd = load(dataset)
    plan = Plan(overlap, threshold, maximum, seed, speed, all_labels, title)
    with _door(data_dir, url, token) as door:
        found = report(crowd, plan, door, quiet=as_json)
    if as_json:
        print_json(found)


@contextmanager
def _door(data_dir: Path | None, url: str | None, token: str | None) -> Iterator[FrontDoor]:
    """A running server; or an installation in the folder; or one that is thrown away afterwards."""
    if url is not None:
        with HttpDoor(url, needed_token(token)) as door:
            yield door
        return
    with TemporaryDirectory() as folder, Installation(settings_of(data_dir or Path(folder))) as installation:
        yield LocalDoor(installation)


def report(crowd: Dataset, plan: Plan, door: FrontDoor, *, quiet: bool = False) -> dict[str, Any]:
    """Replay, print the tables unless it is to be quiet, and give the figures."""
    sent = 0
    with progress_bar(f"replaying {crowd.name}", quiet, len(crowd.labels)) as advance:

        def note(done: int, of: int) -> None:
            nonlocal sent
            sent = done
            advance(done, of)

        try:
            outcome = run_replay(crowd, plan, door, note)
        except KeyboardInterrupt:
            warn(f"{sent:,} of {len(crowd.labels):,} recorded labels were submitted")
            raise
    figures = door.figures(outcome.project)
    found = summary(crowd, plan, outcome, figures)
    if not quiet:
        _print(crowd, outcome, found, figures)
    return found


def _print(crowd: Dataset, outcome: Outcome, found: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
    print_table(f"Replay of {crowd.name}", ("", "value"), list(found.items()))
    _print_people(crowd, outcome, figures["annotators"])
    print_table("Progress", ("state", "tasks"), list(figures["progress"]["tasks_by_state"].items()))
    before, after = found["majority_vote_accuracy_before_reassignment"], found["majority_vote_accuracy"]
    if found["reassigned_tasks"] and before is not None and after is not None:
        say(
            f"{found['reassigned_tasks']:,} tasks were given to further people because the first disagreed:"
            f" the majority is right for {after:.1%} of the tasks, {before:.1%} without them."
        )


def _print_people(crowd: Dataset, outcome: Outcome, annotators: list[dict[str, Any]]) -> None:
    workers = {person: worker for worker, person in outcome.people.items()}
    accuracy = accuracy_of_people(crowd, outcome.sent)
    busiest = sorted(annotators, key=lambda row: -row["submitted"])[:MOST_PEOPLE_SHOWN]
    rows = [
        (
            workers.get(row["person"], row["person"]),
            row["submitted"],
            row["lead_time_median"],
            row["lead_time_mean"],
            row.get("agreement"),
            row.get("consensus_accuracy"),
            accuracy.get(workers.get(row["person"], "")),
        )
        for row in busiest
    ]
    names = ("annotator", "labels", "median s", "mean s", "agreement", "with majority", "true")
    print_table(f"People, {len(rows)} of {len(annotators)}", names, rows)
