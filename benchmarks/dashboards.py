"""What it costs to ask for a dashboard: a hundred people, eight hours a day for ninety days, ten labels.

The read model is filled by its own fold, from events that are made here and never were in a log, in batches as large as
a rebuild has them. `python -m benchmarks dashboards [annotations] [postgresql]`; PostgreSQL is started for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import Engine, create_engine

from annolog.domain.event import Event
from annolog.domain.measures.question import question
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import AnnotationReviewed, AnnotationSubmitted, TaskState, TaskStateChanged, Verdict
from annolog.infra.interpreter import tune
from annolog.projections.dashboards.projector import dashboards
from annolog.projections.dashboards.queries import dashboard
from annolog.projections.dashboards.segments import Scope
from benchmarks.measures import Figure, Stopwatch, percentile, show
from tools.services.postgresql import PostgreSQL

ANNOTATIONS, PEOPLE, DAYS, HOURS = 1_000_000, 100, 90, 8
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
TOGETHER = 20_000
TURNS = 5
ID = UUID(int=1)
# Four to the hour, and a whole number of hours with clocks that change on 25 October.
ZONES = ("Asia/Kathmandu", "Europe/Berlin")
SEGMENTS = ("", "person", "label", "project", "hour", "day", "week", "month", "year", "person,label", "person,month")


def history(annotations: int) -> Iterator[Recorded]:
    """Everybody answers at an even pace, each person from an hour of their own on; every third answer is reviewed."""
    chance = Random(7)
    a_day = annotations // (PEOPLE * DAYS)
    number = 0
    for day in range(DAYS):
        for turn in range(a_day):
            for person in range(1, PEOPLE + 1):
                number += 1
                work = timedelta(days=day, hours=person % 16 + HOURS * turn / a_day, microseconds=number)
                here = {"project": 1, "task": number}
                yield recorded(3 * number, BEGIN + work, submission(here, number, person, chance))
                if number % 3 == 0:
                    later = BEGIN + work + timedelta(minutes=5)
                    yield recorded(3 * number + 1, later, review(here, number, person, chance))
                    done = TaskStateChanged.model_construct(
                        **here, previous=TaskState.NEEDS_REVIEW, state=TaskState.COMPLETED, cause="AnnotationReviewed"
                    )
                    yield recorded(3 * number + 2, later, done)


def submission(here: dict[str, int], number: int, person: int, chance: Random) -> Event:
    """An answer with one label."""
    value = {"choices": [f"label {chance.randrange(10)}"]}
    return AnnotationSubmitted.model_construct(
        **here,
        annotation=number,
        annotator=person,
        result=[{"from_name": "label", "to_name": "text", "type": "choices", "value": value}],
        lead_time=chance.random() * 60,
        active_time=chance.random() * 30,
    )


def review(here: dict[str, int], number: int, person: int, chance: Random) -> Event:
    """A verdict of one of five reviewers."""
    return AnnotationReviewed.model_construct(
        **here,
        review=number,
        annotation=number,
        annotator=person,
        reviewer=PEOPLE + 1 + number % 5,
        verdict=chance.choice([Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.REJECTED]),
        review_time=chance.random() * 10,
    )


def recorded(position: int, at: datetime, event: Event) -> Recorded:
    """The event with a place in a log that is not there."""
    return Recorded(position, ID, "task-1", 1, at, 1, None, ID, ID, None, 1, event)


def fill(engine: Engine, annotations: int) -> tuple[int, float]:
    """Fold it all; how many events that were, and seconds of folding alone."""
    with engine.begin() as connection:
        dashboards.metadata.create_all(connection)
    seconds, count, batch = 0.0, 0, []

    def fold() -> float:
        watch = Stopwatch()
        with engine.begin() as connection:
            dashboards.fold(connection, batch)
        return watch.seconds

    for one in history(annotations):
        batch.append(one)
        if len(batch) == TOGETHER:
            seconds, count, batch = seconds + fold(), count + len(batch), []
    return count + len(batch), seconds + fold()


def asked(
    engine: Engine, segments: str, zone: str, measures: str = "", person: int | None = None, *, part: bool = True
) -> float:
    """Seconds for asking, in the middle of some turns: of all but the first and the last days and hours there are, or
    of all time.
    """
    since, until = BEGIN + timedelta(hours=31, minutes=15), BEGIN + timedelta(days=DAYS - 1, hours=7)
    by, wanted = [[word for word in words.split(",") if word] for words in (segments, measures)]
    bounds = (since.isoformat(), until.isoformat()) if part else (None, None)
    whole = question(zone, *bounds, by, wanted)
    times = []
    for _ in range(TURNS):
        with engine.connect() as connection:
            watch = Stopwatch()
            found = dashboard(connection, [Scope(1, person)], whole)
            times.append(watch.seconds)
            assert found["rows"] or not by
    return percentile(times, 0.5)


def figures_of(engine: Engine, name: str, annotations: int) -> Iterator[Figure]:
    """Filling, then asking for every kind of segment."""
    count, seconds = fill(engine, annotations)
    with engine.begin() as connection:
        if name == "PostgreSQL":
            connection.exec_driver_sql("ANALYZE")
    yield Figure(f"{name}: an event, of {count:,}", seconds / count * 1e6, "microseconds")
    for zone in ZONES:
        for segments in SEGMENTS:
            what = f"{name}: by {segments or 'nothing'}, {zone}"
            yield Figure(what, asked(engine, segments, zone) * 1e3, "ms", "< 100")
        yield Figure(f"{name}: own work by day, {zone}", asked(engine, "day", zone, person=7) * 1e3, "ms", "< 100")
        yield Figure(f"{name}: by person,day, {zone}", asked(engine, "person,day", zone, "annotations") * 1e3, "ms")
    for measure in ("median_lead_time", "median_review_time"):
        for segments, part in (("", True), ("person", True), ("", False), ("person", False)):
            what = f"{name}: {measure} by {segments or 'nothing'}, {'a part of the time' if part else 'ever'}"
            yield Figure(what, asked(engine, segments, "UTC", measure, part=part) * 1e3, "ms")


def main() -> None:
    """Print it."""
    tune()
    numbers = [int(word) for word in sys.argv[2:] if word.isdigit()]
    annotations = numbers[0] if numbers else ANNOTATIONS
    figures: list[Figure] = []
    with ExitStack() as stack:
        if "postgresql" in sys.argv[2:]:
            server = PostgreSQL()
            server.start()
            stack.callback(server.stop)
            engine, name = create_engine(server.create("dashboards")), "PostgreSQL"
        else:
            folder = stack.enter_context(TemporaryDirectory())
            engine, name = create_engine(f"sqlite:///{Path(folder) / 'read.db'}"), "SQLite"
        figures += figures_of(engine, name, annotations)
        engine.dispose()
    show(f"Dashboards, {annotations:,} annotations", "python -m benchmarks dashboards", figures)
