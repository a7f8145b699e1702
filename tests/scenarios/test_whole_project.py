"""A whole project of a recorded crowd, and every number of every dashboard made again from the raw log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sqlalchemy import Connection

from annolog.domain.measures.measure import MEASURES
from annolog.domain.measures.question import fits, question
from annolog.domain.project.events import MemberPaused, PauseCause
from annolog.domain.recorded import Recorded
from annolog.projections.agreement import queries as agreement
from annolog.projections.board.queries import board_page
from annolog.projections.burndown.buckets import Size
from annolog.projections.burndown.queries import changes, rows_of
from annolog.projections.dashboards.queries import dashboard
from annolog.projections.dashboards.segments import Scope
from annolog.projections.engine.moments import microseconds
from annolog.projections.notifications.queries import notifications_of
from annolog.projections.performance.queries import performance_of
from annolog.projections.progress import queries as progress
from annolog.projections.reviewers.queries import reviewers_of
from annolog.projections.stages.figures import Figures, stage_figures
from tests.projections.dashboards.by_hand import expected, facts_of
from tests.projections.stages import witness
from tests.projections.stages.test_any_history import check
from tests.scenarios.whole_project.play import ANNOTATORS, REVIEWERS, Play
from tests.scenarios.whole_project.raw_log import RawLog
from tests.world import Backend, World, world_in

SEGMENTS = ("", "person", "label", "day", "week", "person day", "person label", "label day")
ZONES = ("UTC", "Asia/Kathmandu", "America/Chicago")
EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
BACKENDS = [Backend.EMBEDDED, pytest.param(Backend.SCALED_OUT, marks=pytest.mark.services)]


class Lived:
    """What is left when the project is over: its world, its log, and what its read models say."""

    def __init__(self, world: World, connection: Connection) -> None:
        self.world = world
        self.project = world.project
        self.connection = connection
        self.log: list[Recorded] = [
            recorded for recorded in world.installation.log.after(0, 1_000_000) if recorded.project == self.project
        ]
        self.raw = RawLog(self.log)
        latest = witness.annotations(self.log).group_by("annotation").last()
        self.counted = set(latest.filter(pl.col("live") & (pl.col("standing") != "out"))["annotation"])


@pytest.fixture(scope="module", params=BACKENDS)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder: Path = tmp_path_factory.mktemp("project")
    with world_in(folder / "world", request.param) as world:
        Play(world).days(4)
        world.settle()
        with world.installation.read_engine.connect() as connection:
            yield Lived(world, connection)


def test_everything_happened_that_a_project_can_live_through(lived: Lived) -> None:
    happened = Counter(recorded.type for recorded in lived.log)
    for kind in (
        *("AnnotationRevised", "AnnotationSkipped", "AnnotationDeleted", "AnnotationRestored", "SlotAdded"),
        *("ReviewWithdrawn", "SecondReviewGiven", "ReviewAdjudicated", "CommentResolved", "GroundTruthSet"),
    ):
        assert happened[kind], kind
    causes = {recorded.event.cause.value for recorded in lived.log if recorded.type == "MemberPaused"}
    assert causes == {"person", "evaluation"}
    actions = Counter(recorded.event.action for recorded in lived.log if recorded.type == "AnnotationReviewed")
    assert {"return", "pass_on", "remove"} <= set(actions)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("by", SEGMENTS)
def test_every_measure_of_every_segment_is_that_of_the_log(lived: Lived, by: str, zone: str) -> None:
    segments = by.split()
    keys = [measure.key for measure in MEASURES if fits(measure, segments)]
    found = dashboard(lived.connection, [Scope(lived.project)], question(zone, None, None, segments, keys))
    rows = expected(facts_of(lived.log), segments, zone, *EVER)
    assert len(rows) >= 1
    assert (found["rows"] if segments else [found["total"]]) == rows


def test_progress_is_that_of_the_log(lived: Lived) -> None:
    found = progress.project_progress(lived.connection, lived.project)
    assert found is not None
    expected_counts = lived.raw.progress()
    assert {name: found[name] for name in expected_counts} == expected_counts
    states = lived.raw.states()
    assert {state: count for state, count in found["tasks_by_state"].items() if count} == states
    assert found["completed_share"] == states["completed"] / expected_counts["tasks"]
    days = {row["day"]: row for row in progress.days(lived.connection, lived.project)}
    by_hand = lived.raw.days()
    assert set(days) == set(by_hand)
    for day, row in by_hand.items():
        assert {name: days[day][name] for name in row} == pytest.approx(row)


def test_what_each_person_did_is_that_of_the_log(lived: Lived) -> None:
    found = {row["person"]: row for row in performance_of(lived.connection, lived.project)}
    for name in (*ANNOTATORS, *REVIEWERS, "max"):
        person = lived.world.people[name]
        by_hand = lived.raw.performance(person)
        assert {measure: found[person][measure] for measure in by_hand} == pytest.approx(by_hand), name


def test_reviewers_are_those_of_the_log(lived: Lived) -> None:
    found = {row["reviewer"]: row for row in reviewers_of(lived.connection, lived.project)}
    for name in REVIEWERS:
        by_hand = lived.raw.reviewer(lived.world.people[name])
        assert {figure: found[lived.world.people[name]][figure] for figure in by_hand} == pytest.approx(by_hand), name


def test_agreement_is_that_of_the_answers_in_the_log(lived: Lived) -> None:
    true = lived.raw.of("GroundTruthSet")["annotation"]
    compared, mean, pairs = lived.raw.agreement(lived.counted - set(true))
    found = agreement.project_agreement(lived.connection, lived.project)
    assert found is not None
    assert found["tasks"] == compared
    assert found["percent_agreement"] == pytest.approx(mean)
    by_pair = {(row["one"], row["other"]): row for row in agreement.pairs(lived.connection, lived.project)}
    assert by_pair.keys() == pairs.keys()
    for pair, row in by_pair.items():
        assert (row["tasks"], row["agreement"]) == pytest.approx(pairs[pair])


def test_how_people_stand_by_the_ground_truth_is_that_of_the_log(lived: Lived) -> None:
    found = {person: (tasks, score) for person, score, tasks in agreement.accuracies(lived.connection, lived.project)}
    people = [lived.world.people[name] for name in ANNOTATORS]
    by_hand = {person: score for person in people if (score := lived.raw.accuracy(person, lived.counted))}
    assert by_hand
    assert {person: found[person] for person in by_hand} == {
        person: pytest.approx(stands) for person, stands in by_hand.items()
    }
    assert set(found) - set(by_hand) <= {lived.world.people["max"]}


def test_who_is_paused_for_it_fell_short_of_the_ground_truth(lived: Lived) -> None:
    """What a pause says it was decided on is what the log had up to then."""
    for place, recorded in enumerate(lived.log):
        event = recorded.event
        if not isinstance(event, MemberPaused) or event.cause is not PauseCause.EVALUATION:
            continue
        score, tasks = event.evidence["score"], event.evidence["tasks"]
        scores = []
        for end in range(place, 0, -1):
            before = lived.log[:end]
            latest = witness.annotations(before).group_by("annotation").last()
            counted = set(latest.filter(pl.col("live") & (pl.col("standing") != "out"))["annotation"])
            scores.append(RawLog(before).accuracy(event.person, counted))
            if scores[-1] == (tasks, pytest.approx(score)):
                break
            assert place - end < 50, scores
        assert score < 0.7


def test_what_is_said_is_on_the_board(lived: Lived) -> None:
    rows = board_page(lived.connection, lived.project, limit=1_000).rows
    found = {row["task"]: (row["comment_count"], row["unresolved_comment_count"]) for row in rows}
    by_hand = lived.raw.comments()
    assert by_hand
    assert {task: counts for task, counts in found.items() if counts[0]} == by_hand


def test_everybody_was_told_what_concerns_them(lived: Lived) -> None:
    for name in (*ANNOTATORS, *REVIEWERS, "max"):
        person = lived.world.people[name]
        found = notifications_of(lived.connection, person, [lived.project], 0, limit=10_000)
        by_hand = lived.raw.told(person, reviews=name not in ANNOTATORS)
        assert Counter(row["reason"] for row in found) == by_hand, name


def test_time_in_each_stage_first_pass_and_rework_are_those_of_the_log(lived: Lived) -> None:
    as_of = microseconds(lived.log[-1].recorded_at + timedelta(hours=1))
    found = stage_figures(lived.connection, lived.project, Figures(as_of=as_of))
    by_hand = witness.time_in(witness.states(lived.log).filter("there"), 0, as_of)
    by_hand |= witness.time_in(witness.waits(lived.log), 0, as_of)
    for state, row in found["time"].items():
        shown = {name: value for name, value in row.items() if name != "mean_microseconds"}
        assert shown == by_hand.get(state, dict.fromkeys(shown, 0)), state
    check(found, witness.reviews(lived.log))


def test_the_burndown_is_that_of_the_log(lived: Lived) -> None:
    first, last = lived.log[0].recorded_at, lived.log[-1].recorded_at
    rows = rows_of(changes(lived.connection, lived.project), ZoneInfo("UTC"), first, last, Size.DAY, 100)
    net = lived.raw.net_by_day()
    tasks: Counter[str] = Counter()
    for row in rows:
        for state, step in net.get(row["begin"][:10], {}).items():
            tasks[state] += step
        assert {state: row[state] for state in tasks} == dict(tasks)
        assert row["remaining"] == tasks.total() - tasks["completed"]
