"""Whatever happens to answers, skills that are added up equal skills made from scratch out of what is left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select

from annolog.domain.agreement.methodology import overall_score
from annolog.domain.agreement.per_label import labels_in
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.event import Event
from annolog.domain.labeling import Dimension, DimensionKind, Value, comparable_values
from annolog.domain.skills.skill import Source, measure
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause, Standing, Verdict
from annolog.projections.skills import queries
from annolog.projections.skills.projector import skills
from annolog.projections.skills.tables import skill_day
from tests.projections.agreement.test_running_figures import History, P, live

TRILLION = 10**12
NAMED = (DimensionKind.SINGLE_CHOICE, DimensionKind.MULTIPLE_CHOICE, DimensionKind.RATING)
COUNTED = (DimensionKind.SINGLE_CHOICE, DimensionKind.MULTIPLE_CHOICE, DimensionKind.RATING)

Place = tuple[int, str, str, str, str]
Sums = dict[Place, tuple[int, int]]


@dataclass
class Remembered(History):
    """Random things that happen, and of every annotation what its author said last, when, and every verdict."""

    said: dict[tuple[int, int], tuple[list[dict[str, Any]], str]] = field(default_factory=dict)
    verdicts: dict[tuple[int, int], list[Verdict]] = field(default_factory=lambda: defaultdict(list))

    def add(self, event: Event) -> None:
        super().add(event)
        day = self.events[-1].recorded_at.date().isoformat()
        match event:
            case happened.AnnotationSubmitted():
                self.said[event.task, event.annotation] = (event.result, day)
            case happened.AnnotationRevised(because=RevisionCause.OWN_UPDATE):
                self.said[event.task, event.annotation] = (event.result, day)
            case happened.AnnotationReviewed():
                self.verdicts[event.task, event.annotation].append(event.verdict)

    def happen(self, chance: Random) -> None:
        if chance.random() < 0.2:
            self._taken_back_or_fixed(chance)
        super().happen(chance)

    def _taken_back_or_fixed(self, chance: Random) -> None:
        live = [key for key in self.answers if key[0] not in self.gone]
        if not live:
            return
        key = chance.choice(live)
        answer, verdicts = self.answers[key], self.verdicts[key]
        which: dict[str, Any] = {"project": P, "task": key[0], "annotation": key[1], "annotator": answer.person}
        if verdicts and chance.random() < 0.5:
            verdict = verdicts.pop()
            previous = verdicts[-1] if verdicts else None
            answer.counts = True
            self.add(
                happened.ReviewWithdrawn(
                    **which, review=1, reviewer=9, verdict=verdict, standing=Standing.COUNTED, previous=previous
                )
            )
        else:
            answer.counts = True
            self.add(
                happened.AnnotationReviewed(
                    **which, review=1, revision=answer.revision, reviewer=9, verdict=Verdict.FIXED
                )
            )

    def from_scratch(self) -> Sums:
        """Every sum, out of the facts alone."""
        found: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
        for task in {task for task, _ in self.answers} - self.gone:
            self._add_task(found, task)
        return {place: (right, total) for place, (right, total) in found.items()}

    def _add_task(self, found: Mapping[Place, list[int]], task: int) -> None:
        for (where, annotation), answer in self.answers.items():
            if where != task or answer.deleted:
                continue
            result, day = self.said[task, annotation]
            own = comparable_values(self.config, result)
            verdicts = self.verdicts[task, annotation]
            if verdicts:
                self._judge(found, answer.person, day, own, verdicts[-1])
            if not answer.counts or self.truths.get(task) == annotation:
                continue
            truth = self.answers.get((task, self.truths.get(task, 0)))
            if truth is not None and not truth.deleted and truth.person != answer.person:
                true = comparable_values(self.config, truth.result)
                known = {name: true.get(name) for name in self.config.by_name}
                self._compare(found, answer.person, day, Source.GROUND_TRUTH, own, known)
            known = dict(self._majorities(task, answer.person))
            self._compare(found, answer.person, day, Source.CONSENSUS, own, known)

    def _majorities(self, task: int, person: int) -> Iterator[tuple[str, Value]]:
        others = [values for other, values in self.values().get(task, {}).items() if other != person]
        for dimension in self.config.dimensions:
            given = Counter(values[dimension.name] for values in others if dimension.name in values)
            most = given.most_common(2)
            if dimension.kind not in COUNTED or given.total() < 2 or (len(most) > 1 and most[0][1] == most[1][1]):
                continue
            yield dimension.name, most[0][0]

    def _compare(
        self,
        found: Mapping[Place, list[int]],
        person: int,
        day: str,
        source: Source,
        own: Mapping[str, Value],
        known: Mapping[str, Value | None],
    ) -> None:
        scores: dict[str, float | None] = {}
        for dimension in self.config.dimensions:
            name = dimension.name
            if name not in known or (known[name] is None and name not in own):
                continue
            score = round(metric_of(dimension, self.in_force).score(own.get(name), known[name]) * TRILLION)
            scores[name] = score / TRILLION
            add(found, (person, source, name, "", day), score)
            for label in labels(dimension, known[name]):
                add(found, (person, source, name, label, day), TRILLION * (label in labels(dimension, own.get(name))))
        overall = overall_score(scores, self.in_force.weights)
        if overall is not None:
            add(found, (person, source, "", "", day), round(overall * TRILLION))

    def _judge(
        self, found: Mapping[Place, list[int]], person: int, day: str, own: Mapping[str, Value], verdict: Verdict
    ) -> None:
        right = TRILLION * (verdict is Verdict.ACCEPTED)
        add(found, (person, Source.REVIEW, "", "", day), right)
        for name, value in own.items():
            for label in ("", *labels(self.config.by_name[name], value)):
                add(found, (person, Source.REVIEW, name, label, day), right)


def labels(dimension: Dimension, value: Value | None) -> frozenset[str]:
    return labels_in(dimension.kind, value) if dimension.kind in NAMED else frozenset()


def add(found: Mapping[Place, list[int]], place: Place, right: int) -> None:
    found[place][0] += right
    found[place][1] += 1


def folded(history: History, pieces: int) -> Iterator[Connection]:
    """The read model after the history, folded in pieces."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        skills.metadata.create_all(connection)
        for start in range(0, len(history.events), pieces):
            skills.fold(connection, history.events[start : start + pieces])
        yield connection
    engine.dispose()


def lived(seed: int) -> Remembered:
    history = Remembered()
    live(history, Random(seed))
    return history


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from([1, 3, 1000]))
def test_sums_that_run_equal_sums_made_from_scratch(seed: int, pieces: int) -> None:
    history = lived(seed)
    for connection in folded(history, pieces):
        sums = {tuple(row[1:6]): (row.right, row.total) for row in connection.execute(select(skill_day))}
        assert sums == history.from_scratch()


def expected(sums: Sums, place: tuple[int, str, str, str], first: date, last: date) -> dict[str, Any] | None:
    """The skill of the days from the first to the last, both included."""
    found = [amounts for (*where, day), amounts in sums.items() if tuple(where) == place and first <= at(day) <= last]
    right, total = sum(right for right, _ in found), sum(total for _, total in found)
    return queries.shown(measure(right / TRILLION, total))


def at(day: str) -> date:
    return date.fromisoformat(day)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_windows_hold_the_days_they_say(seed: int, days: int) -> None:
    history = lived(seed)
    sums = history.from_scratch()
    answered = [
        recorded.recorded_at.date()
        for recorded in history.events
        if isinstance(recorded.event, happened.AnnotationSubmitted | happened.AnnotationRevised)
    ]
    for connection in folded(history, 1000):
        found = queries.skills_of(connection, P, days=days)
        assert found["until"] == (max(answered).isoformat() if answered else None)
        for until in (None, min(answered), max(answered) - timedelta(days=1)) if answered else ():
            last = until or max(answered)
            since = last - timedelta(days=days - 1)
            rows = queries.skills_of(connection, P, days=days, until=until)["skills"]
            places = {place[:4] for place in sums if at(place[4]) <= last}
            assert {place_of(row) for row in rows} == places
            assert len(rows) == len(places)
            for row in rows:
                assert row["all_time"] == expected(sums, place_of(row), date.min, last)
                assert row["recent"] == expected(sums, place_of(row), since, last)


def place_of(row: Mapping[str, Any]) -> tuple[int, str, str, str]:
    return row["person"], row["source"], row["dimension"], row["label"]


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_a_history_says_of_every_day_what_there_was_until_then(seed: int, days: int) -> None:
    history = lived(seed)
    sums = history.from_scratch()
    for connection in folded(history, 1000):
        for place in {place[:4] for place in sums}:
            person, source, dimension, label = place
            found = queries.history_of(
                connection, P, person, Source(source), dimension=dimension, label=label, days=days
            )
            given_on = sorted(day for *where, day in sums if tuple(where) == place)
            assert [row["day"] for row in found["days"]] == given_on
            for row in found["days"]:
                day = at(row["day"])
                assert row["that_day"] == expected(sums, place, day, day)
                assert row["so_far"] == expected(sums, place, date.min, day)
                assert row["recent"] == expected(sums, place, day - timedelta(days=days - 1), day)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from(Source), st.sampled_from([None, 1, 3]))
def test_services_hear_of_everybody_over_all_controls(seed: int, source: Source, days: int | None) -> None:
    history = lived(seed)
    for connection in folded(history, 1000):
        rows = queries.skills_of(connection, P, source=source, dimension="", days=days or 1)["skills"]
        of_each = {row["person"]: row["all_time" if days is None else "recent"] for row in rows}
        people = [1, 2, 4, 99]
        heard = queries.measured(connection, P, people, source, days)
        assert {person: queries.shown(skill) for person, skill in heard.items()} == {
            person: skill for person, skill in of_each.items() if person in people and skill is not None
        }
