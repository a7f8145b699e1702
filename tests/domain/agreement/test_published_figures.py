"""Figures of real crowds and published tables, computed elsewhere."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from annolog.datasets import shipped
from annolog.domain.agreement.coefficients import Level, krippendorff_alpha
from annolog.domain.agreement.coincidences import unit_coincidences
from annolog.domain.agreement.majority import majority_credit
from annolog.domain.agreement.methodology import pairwise_score
from annolog.domain.agreement.metrics import METRICS

DATA = Path(__file__).parents[2] / "data"
CROWDS = [shipped("rte"), shipped("cf_amt"), DATA / "zc_us", DATA / "sp"]
SIX_DIGITS = 5e-7


def labels_of(folder: Path) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = defaultdict(list)
    with (folder / "labels.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            labels[row["task"]].append(row["label"])
    return labels


def expected_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text())


@pytest.mark.parametrize("folder", CROWDS, ids=lambda folder: folder.name)
def test_percent_agreement_of_a_crowd(folder: Path) -> None:
    scores = [pairwise_score(labels, METRICS["exact_match"]) for labels in labels_of(folder).values()]
    defined = [score for score in scores if score is not None]
    expected = expected_of(folder)["agreement"]["pairwise_agreement_mean_over_tasks"]
    assert sum(defined) / len(defined) == pytest.approx(expected, abs=SIX_DIGITS)


@pytest.mark.parametrize("folder", CROWDS, ids=lambda folder: folder.name)
def test_krippendorffs_alpha_of_a_crowd(folder: Path) -> None:
    counts: Counter[Any] = Counter()
    for labels in labels_of(folder).values():
        counts.update(unit_coincidences(labels))
    expected = expected_of(folder)["agreement"]["krippendorff_alpha_nominal"]
    assert krippendorff_alpha(counts).value == pytest.approx(expected, abs=SIX_DIGITS)


@pytest.mark.parametrize("folder", CROWDS, ids=lambda folder: folder.name)
def test_the_majority_of_a_crowd_shares_the_credit_of_ties(folder: Path) -> None:
    labels = labels_of(folder)
    with (folder / "truth.csv").open(newline="") as file:
        credits = [majority_credit(labels[row["task"]], row["truth"]) for row in csv.DictReader(file)]
    expected = expected_of(folder)["accuracy"]["mv_tie_split"]
    assert sum(credits) / len(credits) == pytest.approx(expected, abs=SIX_DIGITS)


@pytest.mark.parametrize("level", list(Level))
def test_krippendorffs_worked_example_at_every_level(level: Level) -> None:
    expected = expected_of(DATA / "irr_reference")["krippendorff_4x12"][level.value]
    counts = counts_of("krippendorff_4x12", "unit", float)
    assert krippendorff_alpha(counts, level).value == pytest.approx(expected, abs=SIX_DIGITS)


@pytest.mark.parametrize("level", list(Level))
def test_numbers_that_came_as_text_are_numbers(level: Level) -> None:
    numbers, texts = (counts_of("krippendorff_4x12", "unit", kind) for kind in (float, str))
    assert krippendorff_alpha(numbers, level).value == pytest.approx(krippendorff_alpha(texts, level).value)


def counts_of(table: str, unit: str, kind: type) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    with (DATA / "irr_reference" / f"{table}.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            counts.update(unit_coincidences([kind(value) for name, value in row.items() if name != unit and value]))
    return counts
