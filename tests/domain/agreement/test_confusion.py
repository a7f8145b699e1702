"""Which labels are taken for which, against another implementation and small cases worked out by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from annolog.domain.agreement.answer_labels import path_labels
from annolog.domain.agreement.confusion import (
    Confused,
    Confusion,
    Mode,
    by_labels,
    by_regions,
    confusion_of_all,
    confusion_with_accepted,
    confusion_with_truth,
)
from annolog.domain.labeling import Value
from tests.domain.agreement.crowds import CROWDS, Votes, votes_of

values = st.none() | st.sampled_from("abc") | st.lists(st.sampled_from("abcd"), unique=True).map(tuple)
crowds = st.dictionaries(st.integers(1, 5), st.dictionaries(st.integers(1, 6), values, max_size=5), max_size=5)


@pytest.mark.parametrize("folder", CROWDS, ids=lambda folder: folder.name)
def test_a_crowd_against_the_truth_is_what_another_implementation_finds(folder: Path) -> None:
    votes, truth = votes_of(folder)
    found = confusion_with_truth(votes, truth, by_labels())
    pairs = [(truth[task], vote) for task, people in votes.items() if task in truth for vote in people.values()]
    rows, columns = zip(*pairs, strict=True)
    labels = list(found.labels)
    expected = confusion_matrix(rows, columns, labels=labels)
    assert [[found.counts.get((row, column), 0) for column in labels] for row in labels] == expected.tolist()
    assert found.comparisons == len(pairs)
    precision, recall, f1, support = precision_recall_fscore_support(rows, columns, labels=labels)
    for place, label in enumerate(labels):
        quality = found.quality()[label]
        assert (quality.precision, quality.recall, quality.f1, quality.rows) == (
            pytest.approx(precision[place]),
            pytest.approx(recall[place]),
            pytest.approx(f1[place]),
            support[place],
        )


def test_the_accuracy_of_single_labels_is_the_share_of_the_diagonal() -> None:
    votes, truth = votes_of(CROWDS[1])
    found = confusion_with_truth(votes, truth, by_labels())
    diagonal = sum(count for (row, column), count in found.counts.items() if row == column)
    assert diagonal / sum(found.counts.values()) == pytest.approx(0.704896, abs=5e-7)


def test_everybody_is_compared_with_everybody_in_both_directions() -> None:
    found = confusion_of_all({1: {1: "a", 2: "a", 3: "b"}, 2: {1: "b"}}, by_labels())
    assert found.counts == {("a", "a"): 2, ("a", "b"): 2, ("b", "a"): 2}
    assert found.comparisons == 6
    assert found.confusions() == (Confused("a", "b", 4, 1.0),)
    assert found.quality()["a"].precision == found.quality()["a"].recall == found.quality()["a"].f1 == 1 / 2


def test_accepted_annotations_are_the_rows_for_all_others_of_the_task() -> None:
    answers: Votes = {1: {1: "a", 2: "b", 3: "a"}, 2: {1: "a", 2: "b"}, 3: {4: "c"}}
    found = confusion_with_accepted(answers, {1: {1, 3}, 3: {4}, 9: {1}}, by_labels())
    assert found.counts == {("a", "a"): 2, ("a", "b"): 2}
    assert (found.mode, found.comparisons) == (Mode.ACCEPTED, 4)


def test_what_nobody_gave_has_no_precision_and_what_was_never_true_no_recall() -> None:
    quality = confusion_with_truth({1: {1: "b"}}, {1: "a"}, by_labels()).quality()
    assert (quality["a"].precision, quality["a"].recall, quality["a"].f1) == (None, 0, 0)
    assert (quality["b"].precision, quality["b"].recall, quality["b"].f1) == (0, None, 0)


@pytest.mark.parametrize(
    ("row", "column", "cells"),
    [
        (("a", "b"), ("a", "c"), {("a", "a"): 1, ("b", "c"): 1}),
        (("a", "b"), ("c", "d"), {("a", "c"): 0.5, ("a", "d"): 0.5, ("b", "c"): 0.5, ("b", "d"): 0.5}),
        (("a", "b"), ("c",), {("a", "c"): 0.5, ("b", "c"): 0.5, ("a", None): 0.5, ("b", None): 0.5}),
        (("a",), ("a", "b"), {("a", "a"): 1, (None, "b"): 1}),
        ("a", None, {("a", None): 1}),
        (None, None, {}),
        ((), None, {}),
    ],
)
def test_labels_of_sets_stand_against_what_the_other_side_has_instead(row: Value, column: Value, cells: Any) -> None:
    assert by_labels()(row, column) == cells


@given(crowds)
def test_every_label_counts_one_in_its_row_and_one_in_its_column(answers: Votes) -> None:
    truth = {task: people[min(people)] for task, people in answers.items() if people}
    found = confusion_with_truth(answers, truth, by_labels())
    rows: Counter[Any] = Counter()
    columns: Counter[Any] = Counter()
    for task, right in truth.items():
        for value in answers[task].values():
            rows.update(right or ())
            columns.update(value or ())
    assert {label: quality.rows for label, quality in found.quality().items()} == pytest.approx(
        {label: rows[label] for label in found.labels}
    )
    assert {label: quality.columns for label, quality in found.quality().items()} == pytest.approx(
        {label: columns[label] for label in found.labels}
    )


@given(crowds)
def test_the_matrix_of_all_is_symmetric_and_knows_no_order(answers: Votes) -> None:
    found = confusion_of_all(answers, by_labels())
    assert all(found.counts[column, row] == count for (row, column), count in found.counts.items())
    backwards = {task: dict(reversed(people.items())) for task, people in reversed(answers.items())}
    assert list(confusion_of_all(backwards, by_labels()).counts.items()) == list(found.counts.items())
    confusions = found.confusions()
    assert sum(confused.share for confused in confusions) == pytest.approx(1 if confusions else 0)


def test_paths_of_a_taxonomy_are_labels() -> None:
    found = confusion_with_truth({1: {1: (("pet", "cat"),)}}, {1: (("pet", "dog"),)}, by_labels(path_labels))
    assert found.counts == {("pet / dog", "pet / cat"): 1}


def span(start: float, end: float, *labels: str) -> Value:
    return (("end", end), ("labels", labels), ("shape", "span"), ("start", start), ("target", "text"))


def overlap(one: Any, other: Any) -> float:
    """The one-dimensional intersection over union, whatever the labels."""
    first, second = dict(one), dict(other)
    shared = min(first["end"], second["end"]) - max(first["start"], second["start"])
    whole = max(first["end"], second["end"]) - min(first["start"], second["start"])
    return max(0.0, shared) / whole if whole else 1.0


def region_counts(row: Value | None, column: Value | None, threshold: float = 0.5) -> Confusion:
    return confusion_with_truth({1: {1: column}}, {1: row}, by_regions(overlap, threshold))


def test_regions_are_matched_by_overlap_whatever_their_labels() -> None:
    row = (span(0, 10, "PER"), span(20, 30, "LOC"), span(50, 60, "ORG"))
    column = (span(0, 9, "LOC"), span(21, 30, "LOC"), span(80, 90, "PER"))
    assert region_counts(row, column).counts == {
        ("LOC", "LOC"): 1,
        ("PER", "LOC"): 1,
        ("ORG", None): 1,
        (None, "PER"): 1,
    }


def test_a_region_is_matched_once_and_with_the_one_it_overlaps_most() -> None:
    row, column = (span(0, 10, "A"),), (span(0, 10, "B"), span(0, 9, "A"))
    assert region_counts(row, column).counts == {("A", "B"): 1, (None, "A"): 1}


def test_regions_that_overlap_too_little_stand_against_nothing() -> None:
    row, column = (span(0, 10, "A"),), (span(5, 15, "A"),)
    assert region_counts(row, column, 0.5).counts == {("A", None): 1, (None, "A"): 1}
    assert region_counts(row, column, 0.3).counts == {("A", "A"): 1}
    assert region_counts(row, None).counts == {("A", None): 1}
