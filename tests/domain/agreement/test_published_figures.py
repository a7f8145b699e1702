"""Figures of real crowds and published tables, computed elsewhere."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from annolog.datasets import shipped
from annolog.domain.agreement.coefficients import (
    Level,
    Pattern,
    Weights,
    brennan_prediger,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    pattern_of,
    percent_agreement,
    weighted_alpha,
)
from annolog.domain.agreement.majority import majority_credit
from annolog.domain.agreement.methodology import pairwise_score
from annolog.domain.agreement.metrics import METRICS
from annolog.domain.labeling import encode_value

DATA = Path(__file__).parents[2] / "data"
IRR = DATA / "irr_reference"
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
def test_the_coefficients_of_a_crowd(folder: Path) -> None:
    patterns = Counter(pattern_of(map(encode_value, labels)) for labels in labels_of(folder).values())
    expected = expected_of(folder)["agreement"]
    # Everybody answered everything in one crowd, where Fleiss' kappa is the classic one.
    fleiss = expected.get("fleiss_kappa_generalised", expected.get("fleiss_kappa"))
    assert krippendorff_alpha(patterns).value == pytest.approx(expected["krippendorff_alpha_nominal"], abs=SIX_DIGITS)
    assert gwet_ac1(patterns).value == pytest.approx(expected["gwet_ac1"], abs=SIX_DIGITS)
    assert fleiss_kappa(patterns).value == pytest.approx(fleiss, abs=SIX_DIGITS)
    percent = expected["pairwise_agreement_mean_over_tasks"]
    assert percent_agreement(patterns).value == pytest.approx(percent, abs=SIX_DIGITS)


@pytest.mark.parametrize("folder", CROWDS, ids=lambda folder: folder.name)
def test_the_majority_of_a_crowd_shares_the_credit_of_ties(folder: Path) -> None:
    labels = labels_of(folder)
    with (folder / "truth.csv").open(newline="") as file:
        credits = [majority_credit(labels[row["task"]], row["truth"]) for row in csv.DictReader(file)]
    expected = expected_of(folder)["accuracy"]["mv_tie_split"]
    assert sum(credits) / len(credits) == pytest.approx(expected, abs=SIX_DIGITS)


@pytest.mark.parametrize("level", list(Level))
def test_krippendorffs_worked_example_at_every_level(level: Level) -> None:
    expected = expected_of(IRR)["krippendorff_4x12"][level.value]
    found = krippendorff_alpha(table("krippendorff_4x12").patterns, level)
    assert found.value == pytest.approx(expected, abs=SIX_DIGITS)
    assert (found.answers, found.units) == (40, 11)


@pytest.mark.parametrize("level", list(Level))
def test_numbers_that_came_as_text_are_numbers(level: Level) -> None:
    numbers, texts = table("krippendorff_4x12"), table("krippendorff_4x12", as_text=True)
    assert krippendorff_alpha(numbers.patterns, level) == krippendorff_alpha(texts.patterns, level)


@pytest.mark.parametrize("weights", list(Weights))
@pytest.mark.parametrize("name", ["raw_4raters", "raw_5observers", "raw_g1g2", "raw_gender", "raw_ben_gerry"])
def test_the_tables_of_gwets_handbook_with_every_weighting(name: str, weights: Weights) -> None:
    given = table(name)
    expected = expected_of(IRR)[name][weights.value]
    found = {
        "fleiss": fleiss_kappa(given.patterns, weights, given.categories),
        "gwet": gwet_ac2(given.patterns, weights, given.categories),
        "krippendorff": weighted_alpha(given.patterns, weights, given.categories),
        "bp": brennan_prediger(given.patterns, weights, given.categories),
    }
    for coefficient, value in found.items():
        assert value.value == pytest.approx(expected[coefficient]["coefficient_value"], abs=1e-7), coefficient


@dataclass(frozen=True)
class Table:
    """A table of ratings: its units as patterns and, where the categories are no numbers, the order they have."""

    patterns: Counter[Pattern]
    categories: list[str] | None


def table(name: str, as_text: bool = False) -> Table:
    with (IRR / f"{name}.csv").open(newline="") as file:
        rows = [
            [value for column, value in row.items() if column not in {"unit", "Units", "Group"} and value]
            for row in csv.DictReader(file)
        ]
    numeric = all(value[0].isdigit() for row in rows for value in row)
    units = [[encode_value(float(value) if numeric and not as_text else value) for value in row] for row in rows]
    categories = None if numeric else sorted({answer for unit in units for answer in unit})
    return Table(Counter(map(pattern_of, units)), categories)
