"""Two people beyond chance, held against implementations by others, on answers of which some are missing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from nltk.metrics import interval_distance
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, ONE_CATEGORY
from annolog.domain.agreement.summary import MOST_DIFFERENT
from annolog.domain.agreement.two_people import coefficients_of_two
from annolog.domain.labeling import Dimension, DimensionKind, Value, encode_value

CHOICE = Dimension("label", "Choices", DimensionKind.SINGLE_CHOICE, ("text",), ("a", "b", "c", "d"))
SEVERAL = Dimension("topic", "Choices", DimensionKind.MULTIPLE_CHOICE, ("text",), ("a", "b", "c"))
STARS = Dimension("stars", "Rating", DimensionKind.RATING, ("text",), minimum=1, maximum=5)
Pairs = list[tuple[Value, Value]]


def answered(answers: list[Value], seed: int) -> Pairs:
    """What two people said where neither is missing: they agree half of the time, and each skips one task in five."""
    chance = np.random.default_rng(seed)
    pairs: Pairs = []
    for _ in range(60):
        one = answers[chance.integers(len(answers))]
        other = one if chance.random() < 0.5 else answers[chance.integers(len(answers))]
        if chance.random() < 0.8 and chance.random() < 0.8:
            pairs.append((one, other))
    return pairs


def table(pairs: Pairs) -> Counter[tuple[str, str]]:
    return Counter((encode_value(one), encode_value(other)) for one, other in pairs)


def of_pairs(pairs: list[tuple[object, object]]) -> dict[str, float]:
    """The figures of others for two people's labels. AC1 as Gwet (2008) writes it for two, in equation 5."""
    ones, others = zip(*pairs, strict=True)
    triples = [(who, task, label) for task, pair in enumerate(pairs) for who, label in enumerate(pair)]
    seen = sorted({*ones, *others})
    codes = np.array([[seen.index(label) for label in pair] for pair in pairs])
    agreed = float((codes[:, 0] == codes[:, 1]).mean())
    shares = np.bincount(codes.ravel(), minlength=len(seen)) / codes.size
    by_chance = float((shares * (1 - shares)).sum() / (len(seen) - 1))
    return {
        "percent_agreement": agreed,
        "krippendorff_alpha_nominal": AnnotationTask(triples).alpha(),
        "fleiss_kappa": fleiss_kappa(aggregate_raters(codes)[0]),
        "gwet_ac1": (agreed - by_chance) / (1 - by_chance),
        "cohen_kappa": cohen_kappa_score(codes[:, 0], codes[:, 1]),
    }


@pytest.mark.parametrize("seed", range(10))
def test_choices_of_two_are_as_others_find(seed: int) -> None:
    pairs = answered(["a", "b", "c", "d"], seed)
    found = coefficients_of_two(table(pairs), CHOICE)
    assert {name: value.value for name, value in found.items()} == pytest.approx(of_pairs(list(pairs)), abs=1e-9)
    assert {(value.answers, value.units) for value in found.values()} == {(2 * len(pairs), len(pairs))}


@pytest.mark.parametrize("seed", range(10))
def test_ratings_of_two_are_as_others_find(seed: int) -> None:
    pairs = answered([1.0, 2.0, 3.0, 4.0, 5.0], seed)
    found = {name: value.value for name, value in coefficients_of_two(table(pairs), STARS).items()}
    ones, others = zip(*pairs, strict=True)
    assert {name: found[name] for name in of_pairs(list(pairs))} == pytest.approx(of_pairs(list(pairs)), abs=1e-9)
    for weights in ("linear", "quadratic"):
        expected = cohen_kappa_score([int(one) for one in ones], [int(other) for other in others], weights=weights)
        assert found[f"cohen_kappa_{weights}"] == pytest.approx(expected, abs=1e-9)
    triples = [(who, task, answer) for task, pair in enumerate(pairs) for who, answer in enumerate(pair)]
    interval = AnnotationTask(triples, distance=interval_distance).alpha()
    assert found["krippendorff_alpha_interval"] == pytest.approx(interval, abs=1e-9)
    assert {"krippendorff_alpha_ordinal", "krippendorff_alpha_ratio", "gwet_ac2_quadratic"} <= found.keys()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("dimension", [CHOICE, SEVERAL])
def test_a_label_stands_against_the_rest(seed: int, dimension: Dimension) -> None:
    answers: list[Value] = ["a", "b", "c"] if dimension is CHOICE else [("a",), ("a", "b"), ("b", "c"), ("c",)]
    pairs = answered(answers, seed)
    carried: list[tuple[object, object]] = [("a" in one, "a" in other) for one, other in pairs]  # type: ignore[operator]
    found = coefficients_of_two(table(pairs), dimension, "a")
    assert {name: value.value for name, value in found.items()} == pytest.approx(of_pairs(carried), abs=1e-9)


def test_every_coefficient_has_its_interval() -> None:
    pairs = answered([1.0, 2.0, 3.0], 1)
    for value in coefficients_of_two(table(pairs), STARS, resamples=200).values():
        assert value.value is not None
        assert value.interval is not None
        assert value.interval[0] <= value.value <= value.interval[1]


def test_it_says_why_there_is_none() -> None:
    def reasons(pairs: Pairs, dimension: Dimension = CHOICE, label: str | None = None) -> dict[str, str | None]:
        found = coefficients_of_two(table(pairs), dimension, label, resamples=10)
        return {name: value.reason for name, value in found.items() if value.value is None}

    assert set(reasons([]).values()) == {NO_PAIR}
    assert len(reasons([])) == 5
    # With four choices to make, two people who both say a do agree beyond chance by AC1.
    alike: Pairs = [("a", "a")] * 3
    everything = dict.fromkeys(["cohen_kappa", "krippendorff_alpha_nominal", "fleiss_kappa"], ONE_CATEGORY)
    assert reasons(alike) == everything
    assert reasons(alike, label="a") == {**everything, "gwet_ac1": ONE_CATEGORY}
    many: Pairs = [(str(place), str(place)) for place in range(MOST_DIFFERENT + 1)]
    assert all("different answers" in (reason or "") for reason in reasons(many).values())
    assert len(reasons(many)) == 5
