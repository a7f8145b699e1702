"""How fast read models catch up with the log: all together, and each alone."""

from __future__ import annotations

from annolog.infra.composition import Installation, scratch_engine
from annolog.infra.read_models import PROJECTORS
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.proof import build
from benchmarks.measures import Figure, Stopwatch, show
from benchmarks.workload import installation, project_with, run_all, submissions

TASKS = 20_000
PEOPLE = 3


def rate_of(found: Installation, name: str, events: int) -> float:
    """Events a second of one read model built from nothing."""
    projector = next(projector for projector in PROJECTORS if projector.name == name)
    engine = scratch_engine(found.settings.data_dir)
    watch = Stopwatch()
    build(found.log, engine, projector, {WHOLE: Bookmark(projector.version, found.log.head())})
    seconds = watch.seconds
    engine.dispose()
    return events / seconds


def reading(found: Installation) -> float:
    """Events a second that are read and decoded, nothing else: what no read model can beat."""
    watch = Stopwatch()
    position = 0
    while batch := found.log.after(position, 2_000):
        position = batch[-1].position
    return position / watch.seconds


def main() -> None:
    with installation() as found:
        _, people = project_with(found, TASKS, PEOPLE, overlap=PEOPLE)
        run_all(found, list(submissions(range(1, TASKS + 1), people)), in_flight=256)
        events = found.log.head()
        watch = Stopwatch()
        found.projections.catch_up()
        together = events / watch.seconds
        figures = [
            Figure("all read models together", together, "events/s", ">= 10,000", f"{events:,} events"),
            Figure("baseline: reading and decoding alone", reading(found), "events/s"),
        ]
        figures += [Figure(f"{p.name} alone", rate_of(found, p.name, events), "events/s") for p in PROJECTORS]
    show("Catching up, SQLite", "python -m benchmarks projections", figures)
