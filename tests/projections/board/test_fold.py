"""The board's fold: the same rows however events come, whatever the events."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annolog.domain.event import Event
from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as happened
from annolog.domain.task.events import RejectAction, ReleaseReason, RevisionCause, SkipMode, Verdict
from annolog.domain.task.evidence import ReservationReason
from tests.projections.board.histories import PROJECT, START, board_in, choice, imported, project_made, submitted

ids = st.integers(1, 4)
people = st.integers(1, 3)


def of_task(kind: type[happened.TaskEvent], **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(kind, project=st.just(PROJECT), task=st.integers(1, 3), **fields)


# Anything in any order: answers nobody gave are reviewed, comments nobody made are resolved.
ANY_EVENT = st.one_of(
    st.builds(submitted, st.integers(1, 3), ids, people, st.sampled_from([choice("A"), choice("B"), []])),
    of_task(
        happened.AnnotationRevised,
        annotation=ids,
        annotator=people,
        revision=st.integers(2, 3),
        result=st.sampled_from([choice("A"), choice("B")]),
        by=people,
        because=st.sampled_from(RevisionCause),
        config_version=st.just(1),
        lead_time=st.sampled_from([None, 2.25]),
        active_time=st.none(),
    ),
    of_task(happened.AnnotationDeleted, annotation=ids, annotator=people),
    of_task(happened.AnnotationRestored, annotation=ids, annotator=people),
    of_task(happened.AnnotationSkipped, person=people, mode=st.sampled_from(SkipMode), lead_time=st.none()),
    of_task(
        happened.AnnotationReviewed,
        review=ids,
        annotation=ids,
        annotator=people,
        revision=st.just(1),
        reviewer=people,
        verdict=st.sampled_from(Verdict),
        action=st.sampled_from([None, *RejectAction]),
        started_at=st.none(),
        review_time=st.sampled_from([None, 3.5]),
        fix_agreement=st.none(),
    ),
    of_task(happened.GroundTruthSet, annotation=ids, annotator=people),
    of_task(happened.GroundTruthCleared, annotation=ids, annotator=people),
    of_task(
        saying.CommentAdded,
        comment=ids,
        author=people,
        text=st.just("hm"),
        annotation=st.none(),
        region=st.none(),
        parent=st.none(),
        classification=st.none(),
    ),
    of_task(saying.CommentResolved, comment=ids),
    of_task(saying.CommentReopened, comment=ids),
    of_task(saying.CommentDeleted, comment=ids),
    of_task(
        happened.TaskReserved,
        person=people,
        lease=ids,
        expires_at=st.just(START),
        why=st.just(ReservationReason(policy="sequential", lane="fresh")),
    ),
    of_task(happened.ReservationReleased, person=people, lease=ids, reason=st.sampled_from(ReleaseReason)),
    of_task(happened.AnnotatorAssigned, person=people),
    of_task(happened.AnnotatorUnassigned, person=people),
    of_task(happened.TaskDeleted, reason=st.just("")),
    of_task(happened.TaskRestored),
)


@given(history=st.lists(ANY_EVENT, max_size=40), size=st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_any_history_is_folded_and_batches_do_not_show(history: list[Event], size: int) -> None:
    events = [*project_made(), imported(1, text="a"), imported(2, text="b"), *history]
    stored = []
    for together in (size, len(events)):
        with TemporaryDirectory() as folder, board_in(Path(folder)) as board:
            board.fold(events, together)
            stored.append(board.stored())
    assert stored[0] == stored[1]


@pytest.mark.conformance("B18")
def test_labels_are_those_given_and_no_free_text(tmp_path: Path) -> None:
    result = [
        {"type": "rectanglelabels", "value": {"rectanglelabels": ["Car"], "x": 1}},
        {"type": "choices", "value": {"choices": ["A"]}},
        {"type": "taxonomy", "value": {"taxonomy": [["Animal", "Dog"]]}},
        {"type": "textarea", "value": {"text": ["anything"]}},
        {"type": "relation"},
    ]
    with board_in(tmp_path) as board:
        board.fold([*project_made(), imported(1), submitted(1, 1, 1, result), submitted(1, 2, 2, choice("A"))])
        assert board.page().rows[0]["labels"] == ["A", "Animal / Dog", "Car"]
        assert board.found({"filter": "labels", "operator": "contains", "value": "Car"}) == [1]


def test_a_reservation_ends_with_the_answer_the_skip_or_the_task(tmp_path: Path) -> None:
    def reserved(task: int, person: int) -> happened.TaskReserved:
        why = ReservationReason(policy="sequential", lane="fresh")
        return happened.TaskReserved(project=PROJECT, task=task, person=person, lease=1, expires_at=START, why=why)

    with board_in(tmp_path) as board:
        board.fold([*project_made(), imported(1), *(reserved(1, person) for person in (1, 2, 3, 4, 3))])
        before = board.page().rows[0]
        assert before["held_by"] == [1, 2, 3, 4]
        assert before["updated_at"] == before["created_at"]
        skip = happened.AnnotationSkipped(project=PROJECT, task=1, person=2, mode=SkipMode.IGNORE)
        released = happened.ReservationReleased(
            project=PROJECT, task=1, person=3, lease=1, reason=ReleaseReason.EXPIRED
        )
        board.fold([submitted(1, 1, 1), skip, released])
        assert board.page().rows[0]["held_by"] == [4]
        board.fold([happened.TaskDeleted(project=PROJECT, task=1), happened.TaskRestored(project=PROJECT, task=1)])
        assert board.page().rows[0]["held_by"] == []
