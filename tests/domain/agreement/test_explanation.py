"""Where missing agreement comes from, against taking people out and comparing anew."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.explanation import LabelConflict, explain
from annolog.domain.agreement.methodology import pairwise_score
from annolog.domain.agreement.metrics import METRICS
from tests.domain.agreement.crowds import CROWDS, Votes, votes_of

EXACT, JACCARD = METRICS["exact_match"], METRICS["jaccard"]
values = st.none() | st.lists(st.sampled_from("abc"), unique=True).map(lambda found: tuple(sorted(found)))
crowds = st.dictionaries(st.integers(1, 6), st.dictionaries(st.integers(1, 6), values, max_size=5), max_size=6)


def mean_agreement(answers: Votes, without: int | None = None) -> float | None:
    """The mean over tasks, one by one, without a person."""
    scores = []
    for people in answers.values():
        found = [value for person, value in sorted(people.items()) if person != without]
        score = pairwise_score(found, JACCARD) if any(value is not None for value in found) else None
        scores += [] if score is None else [score]
    return sum(scores) / len(scores) if scores else None


@given(crowds)
def test_a_persons_effect_is_what_taking_them_out_would_change(answers: Votes) -> None:
    found = explain(answers, JACCARD)
    agreement = mean_agreement(answers)
    assert found.agreement == (None if agreement is None else pytest.approx(agreement, abs=1e-12))
    for effect in found.annotators:
        without = mean_agreement(answers, effect.annotator)
        assert effect.without == (None if without is None else pytest.approx(without, abs=1e-12))
        if without is not None and agreement is not None:
            assert effect.difference == pytest.approx(without - agreement, abs=1e-12)


@given(crowds)
def test_the_order_of_answers_changes_nothing(answers: Votes) -> None:
    backwards = {task: dict(reversed(people.items())) for task, people in reversed(answers.items())}
    assert explain(backwards, JACCARD) == explain(answers, JACCARD)


@given(crowds)
def test_the_shares_of_tasks_and_of_labels_make_a_whole(answers: Votes) -> None:
    found = explain(answers, JACCARD)
    missing = found.agreement is not None and found.agreement < 1
    assert sum(share.share for share in found.tasks) == pytest.approx(1 if missing else 0)
    only_open = all(not value for people in answers.values() for value in people.values())
    if missing and not only_open:
        # An empty set and no answer at all differ, and in no label.
        assert sum(conflict.share for conflict in found.labels) <= 1 + 1e-9


def test_who_disagrees_with_everybody_comes_first() -> None:
    answers: Votes = {task: {1: "a", 2: "a", 3: "b"} for task in (1, 2)} | {3: {1: "a", 2: "a"}}
    found = explain(answers, EXACT)
    assert found.agreement == pytest.approx((1 / 3 + 1 / 3 + 1) / 3)
    third, first, second = found.annotators
    assert (third.annotator, third.tasks, third.agreement, third.without) == (3, 2, 0.0, 1.0)
    assert third.difference == pytest.approx(1 - 5 / 9)
    # Without either of the others the two tasks agree in nothing, and the third is no longer compared.
    assert (first.annotator, first.without, second.annotator, second.without) == (1, 0.0, 2, 0.0)


def test_labels_that_stand_against_each_other_are_counted_in_pairs_of_answers() -> None:
    answers: Votes = {1: {1: "a", 2: "b", 3: "b"}, 2: {1: "a", 2: "c"}, 3: {1: "a", 2: None}, 4: {1: "c", 2: "c"}}
    assert explain(answers, EXACT).labels == (
        LabelConflict("a", "b", 2.0, 0.5),
        LabelConflict("a", None, 1.0, 0.25),
        LabelConflict("a", "c", 1.0, 0.25),
    )


def test_sets_stand_against_each_other_in_the_labels_they_do_not_share() -> None:
    answers: Votes = {1: {1: ("a", "b"), 2: ("a", "c", "d")}, 2: {1: ("a", "b"), 2: ("a",)}}
    assert explain(answers, JACCARD).labels == (
        LabelConflict("b", None, 1.0, 0.5),
        LabelConflict("b", "c", 0.5, 0.25),
        LabelConflict("b", "d", 0.5, 0.25),
    )


def test_tasks_come_by_their_share_of_what_is_missing() -> None:
    answers: Votes = {1: {1: "a", 2: "a"}, 2: {1: "a", 2: "b"}, 3: {1: "a", 2: "a", 3: "b"}, 4: {1: "a"}}
    assert [(share.task, round(share.share, 4)) for share in explain(answers, EXACT).tasks] == [
        (2, 0.6),
        (3, 0.4),
        (1, 0.0),
    ]


@pytest.mark.parametrize("answers", [{}, {1: {1: "a"}}, {1: {1: None, 2: None}}])
def test_where_nothing_is_compared_nothing_is_explained(answers: Votes) -> None:
    found = explain(answers, EXACT)
    assert (found.agreement, found.compared, found.annotators, found.labels, found.tasks) == (None, 0, (), (), ())


@pytest.mark.parametrize("folder", [CROWDS[0], CROWDS[1]], ids=lambda folder: folder.name)
def test_taking_the_first_out_of_a_crowd_raises_its_agreement_by_what_was_said(folder: Path) -> None:
    votes, _ = votes_of(folder)
    found = explain(votes, EXACT)
    first = found.annotators[0]
    left = {
        task: {who: vote for who, vote in people.items() if who != first.annotator} for task, people in votes.items()
    }
    again = explain(left, EXACT)
    assert first.difference is not None
    assert first.difference > 0
    assert again.agreement == pytest.approx((found.agreement or 0) + first.difference, abs=1e-12)
    differing = sum(one != other for people in votes.values() for one, other in combinations(people.values(), 2))
    assert sum(conflict.pairs for conflict in found.labels) == differing
