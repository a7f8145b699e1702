"""Whatever happens in whatever order: states, times, first pass and rework are what the raw events say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select

from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.transitions import Transition
from annolog.projections.engine.moments import microseconds
from annolog.projections.progress.projector import progress
from annolog.projections.progress.queries import project_progress
from annolog.projections.stages.figures import Figures, stage_figures
from annolog.projections.stages.projector import stages
from annolog.projections.stages.queries import Changes, Returns, project_changes, returned_work, task_changes
from annolog.projections.stages.tables import stage_annotation
from tests.projections.engine.test_batches import cut, folded
from tests.projections.stages import witness
from tests.projections.stages.histories import PEOPLE, PROJECT, History, history_of
from tests.story import NOON

SEEDS = st.integers(0, 2**32)
ANY_LENGTH = 10**9


@contextmanager
def after(batches: Sequence[Sequence[Recorded]]) -> Iterator[Connection]:
    """The read models of states and of progress after these batches."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for projector in (stages, progress):
            projector.metadata.create_all(connection)
            for batch in batches:
                projector.fold(connection, batch)
        yield connection
    engine.dispose()


def moments(history: History, chance: Random) -> tuple[int, int, int]:
    """A range within what happened, and a moment to look from, perhaps before the end."""
    times = [microseconds(one.recorded_at) for one in history.recorded]
    begins, ends = sorted(chance.choices(range(min(times), max(times) + 10**9), k=2))
    return begins, ends, chance.choice([max(times) + 10**9, chance.choice(times)])


def whose(frame: pl.DataFrame, **which: int | None) -> pl.DataFrame:
    """The rows of these people."""
    for name, value in which.items():
        if value is not None and not frame.is_empty():
            frame = frame.filter(pl.col(name) == value)
    return frame


@settings(max_examples=60)
@given(SEEDS)
def test_rows_are_the_same_in_any_batches(seed: int) -> None:
    events = history_of(seed).recorded
    one_by_one = folded(stages, [[recorded] for recorded in events])
    assert folded(stages, [events]) == one_by_one
    assert folded(stages, cut(events, Random(seed))) == one_by_one


@settings(max_examples=20)
@given(SEEDS)
def test_revisions_that_do_not_name_their_review_are_folded_alike(seed: int) -> None:
    events = history_of(seed).recorded
    older = [
        replace(one, event=one.event.model_copy(update={"review": None}))
        if isinstance(one.event, happened.AnnotationRevised)
        else one
        for one in events
    ]
    assert folded(stages, [older]) == folded(stages, [events])


@settings(max_examples=60)
@given(SEEDS)
def test_a_project_is_where_its_tasks_are_after_every_single_event(seed: int) -> None:
    history = history_of(seed)
    with after([history.recorded]) as connection:
        found = project_changes(connection, PROJECT, Changes(limit=ANY_LENGTH))
        now = project_progress(connection, PROJECT)
    assert [(row["position"], row["state"]) for row in found] == witness.project_states(history.recorded)
    assert now is not None
    assert now["state"] == found[-1]["state"]
    assert [row["previous"] for row in found[1:]] == [row["state"] for row in found[:-1]]
    assert all(row["previous_microseconds"] >= 0 for row in found[1:])


@settings(max_examples=60)
@given(SEEDS)
def test_every_change_of_a_task_names_the_very_event_that_caused_it(seed: int) -> None:
    history = history_of(seed)
    log = {recorded.position: recorded for recorded in history.recorded}
    with after([history.recorded]) as connection:
        for id, task in history.tasks.items():
            found = task_changes(connection, id, Changes(limit=ANY_LENGTH))
            assert found[-1]["state"] == task.state
            for row in found:
                change, cause = log[row["position"]], log[row["cause_position"]]
                assert cause.type == row["cause"]
                assert row["transition"] != Transition.OTHER
                assert cause.event.task == id
                # Decided together: nothing but what the same append brought lies between.
                assert cause.recorded_at == change.recorded_at
                if isinstance(change.event, happened.TaskStateChanged):
                    assert (change.event.cause, change.event.previous) == (row["cause"], row["previous"])


@settings(max_examples=80)
@given(SEEDS)
def test_times_in_each_stage_are_those_between_the_raw_events(seed: int) -> None:
    history = history_of(seed)
    chance = Random(seed)
    begins, ends, as_of = moments(history, chance)
    everything = Figures(as_of=as_of)
    part = Figures(as_of=as_of, since=begins, until=ends, annotator=chance.choice([None, *PEOPLE]))
    stays, waits = witness.states(history.recorded), witness.waits(history.recorded)
    with after([history.recorded]) as connection:
        for wanted in (everything, part):
            found = stage_figures(connection, PROJECT, wanted)["time"]
            begun, until = wanted.since or 0, min(as_of, wanted.until or as_of)
            theirs = whose(witness.annotations(history.recorded), annotator=wanted.annotator)["task"].unique()
            among = stays if wanted.annotator is None else stays.filter(pl.col("task").is_in(theirs.to_list()))
            expected = witness.time_in(among.filter("there"), begun, until)
            expected |= witness.time_in(whose(waits, annotator=wanted.annotator), begun, until)
            for state, row in found.items():
                shown = {name: value for name, value in row.items() if name != "mean_microseconds"}
                assert shown == expected.get(state, dict.fromkeys(shown, 0))
                assert row["microseconds"] >= 0


@settings(max_examples=80)
@given(SEEDS)
def test_first_pass_and_rework_are_those_of_the_raw_verdicts(seed: int) -> None:
    history = history_of(seed)
    chance = Random(seed)
    begins, ends, _ = moments(history, chance)
    end = 2 * 10**17
    reviews = witness.reviews(history.recorded)
    for wanted in (
        Figures(as_of=end),
        Figures(as_of=end, since=begins, until=ends),
        Figures(as_of=end, annotator=chance.choice(PEOPLE)),
        Figures(as_of=end, reviewer=chance.choice(PEOPLE)),
    ):
        with after([history.recorded]) as connection:
            found = stage_figures(connection, PROJECT, wanted)
        among = whose(reviews, annotator=wanted.annotator, reviewer=wanted.reviewer)
        if not among.is_empty():
            among = among.filter((pl.col("at") >= (wanted.since or 0)) & (pl.col("at") < (wanted.until or end)))
        check(found, among)


def check(found: dict[str, Any], among: pl.DataFrame) -> None:
    """The figures are those of these annotations."""
    if among.is_empty():
        assert (found["first_pass"]["judged"], found["first_pass"]["acceptance"]) == (0, None)
        assert found["rework"]["mean"] is None
        return
    verdicts = Counter(among["verdict"].to_list())
    assert found["first_pass"] == {
        "judged": len(among),
        **{verdict: verdicts[verdict] for verdict in ("accepted", "fixed", "rejected")},
        "acceptance": verdicts["accepted"] / len(among),
    }
    ended = among.filter("ended")
    assert found["rework"]["distribution"] == dict(sorted(Counter(ended["returns"].to_list()).items()))
    assert found["rework"]["mean"] == ended["returns"].mean()
    assert found["rework"]["under_way"] == len(among) - len(ended)
    by_person = {row["annotator"]: row for row in found["annotators"]}
    for (person,), rows in among.group_by("annotator"):
        assert by_person[person]["judged"] == len(rows)
        assert by_person[person]["acceptance"] == (rows["verdict"] == "accepted").mean()


@settings(max_examples=60)
@given(SEEDS)
def test_what_waits_for_its_author_is_what_the_rules_have_returned(seed: int) -> None:
    history = history_of(seed)
    waiting = {
        (annotation.id, annotation.reviews[-1].id)
        for task in history.tasks.values()
        if not task.deleted
        for annotation in task.live
        if annotation.standing is happened.Standing.RETURNED
    }
    with after([history.recorded]) as connection:
        found = returned_work(connection, PROJECT, Returns(status="waiting", limit=ANY_LENGTH))
        everything = returned_work(connection, PROJECT, Returns(limit=ANY_LENGTH))
        rows = {row["annotation"]: row for row in connection.execute(select(stage_annotation)).mappings()}
    assert {(row["annotation"], row["review"]) for row in found} == waiting
    answers = {
        event.review: event.revision
        for one in history.recorded
        if isinstance(event := one.event, happened.AnnotationRevised) and event.because == "returned"
    }
    assert {row["review"]: row["answered_revision"] for row in everything if row["answered_revision"]} == answers
    for task in history.tasks.values():
        for annotation in task.annotations.values():
            row = rows[annotation.id]
            assert (row["revision"], row["standing"]) == (annotation.revision, annotation.standing)
            returns = sum(review.action is happened.RejectAction.RETURN for review in annotation.reviews)
            assert row["returns"] == returns


def test_times_of_very_many_tasks_add_up_to_more_than_a_database_counts_to() -> None:
    history = History(1)
    for _ in range(100):
        history.bring_in()
    centuries = 2 * 10**17
    with after([history.recorded]) as connection:
        found = stage_figures(connection, PROJECT, Figures(as_of=centuries))["time"]["created"]
    lived = [centuries - microseconds(one.recorded_at) for one in history.recorded[1:]]
    assert (found["stays"], found["microseconds"]) == (100, sum(lived))
    assert sum(lived) > 2**63


def test_histories_hold_what_the_tests_are_about() -> None:
    kinds: Counter[str] = Counter()
    jumps = 0
    for seed in range(20):
        events = history_of(seed).recorded
        kinds.update(recorded.type for recorded in events)
        jumps += sum(later.recorded_at < before.recorded_at for before, later in pairwise(events))
    for kind in ("ReviewWithdrawn", "TaskDeleted", "TaskRestored", "AnnotationDeleted", "ReviewerAssigned"):
        assert kinds[kind] > 5
    assert kinds["AnnotationReviewed"] > 100
    assert jumps > 100
    assert microseconds(NOON) > 0
