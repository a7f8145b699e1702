"""Agreement on spans, held against a published example and against positions counted one by one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.coefficients import (
    Aspect,
    Continuum,
    krippendorff_alpha,
    pattern_of,
    unitizing_alpha,
)
from annolog.domain.agreement.coefficients import continua as continua_module
from annolog.domain.agreement.coefficients.coefficient import ONE_CATEGORY
from annolog.domain.agreement.coefficients.continua import Span
from annolog.domain.labeling import encode_value
from annolog.domain.refusals import InvalidInput

# Krippendorff 2019, "Content Analysis", figure 12.11, as the tests of the R package quallmer quote it: three observers
# of a continuum of length 60.
ALEX = [(0, 7, "1"), (7, 13, "2"), (30, 32, "5"), (32, 37, "6"), (37, 44, "6"), (44, 60, "7")]
PAUL = [(0, 7, "1"), (7, 13, "3"), (13, 21, "5"), (32, 44, "6")]
SUZAN = [(0, 7, "1"), (7, 13, "4"), (13, 21, "5"), (32, 37, "6"), (37, 41, "6"), (41, 44, "6")]
BOOK = Continuum(60, {1: ALEX, 2: PAUL, 3: SUZAN})


@st.composite
def partitions(draw: st.DrawFn, length: int) -> list[Span]:
    """Spans of one annotator that do not overlap, of whole lengths."""
    cuts = sorted({0, length, *draw(st.lists(st.integers(0, length), max_size=5))})
    labels = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(cuts), max_size=len(cuts)))
    return [
        (float(start), float(end), label) for (start, end), label in zip(pairwise(cuts), labels, strict=False) if label
    ]


@st.composite
def continua(draw: st.DrawFn) -> Continuum:
    length = draw(st.integers(1, 12))
    return Continuum(length, dict(enumerate(draw(st.lists(partitions(length), min_size=1, max_size=4)))))


many = st.lists(continua(), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("aspect", "published"), [(Aspect.EVERYTHING, 0.510), (Aspect.CUTTING, 0.413), (Aspect.CODING, 0.724)]
)
def test_the_published_example_of_three_observers(aspect: Aspect, published: float) -> None:
    # The second is 0.4136 here: quoted as 0.413, so seemingly cut off rather than rounded.
    assert unitizing_alpha([BOOK], aspect).value == pytest.approx(published, abs=7e-4)


@pytest.mark.parametrize("aspect", list(Aspect))
@given(many)
def test_it_is_what_counting_positions_one_by_one_finds(aspect: Aspect, given_continua: list[Continuum]) -> None:
    found = unitizing_alpha(given_continua, aspect)
    expected = by_positions(given_continua, aspect)
    assert found.value == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert (found.value is None) == bool(found.reason)


def by_positions(given_continua: Sequence[Continuum], aspect: Aspect) -> float | None:
    """Every position of every annotator is an answer; chance pairs any two that are not of the same span."""
    observed = 0.0
    answers: list[tuple[object, str, float]] = []
    for number, continuum in enumerate(given_continua):
        others = len(continuum.spans) - 1
        for position in range(int(continuum.length)) if others else ():
            here: list[tuple[tuple[object, ...], str]] = []
            for who, spans in continuum.spans.items():
                covering = [(place, span) for place, span in enumerate(spans) if span[0] <= position < span[1]]
                label = covering[0][1][2] if covering else "gap"
                name: tuple[object, ...] = (
                    (number, who, "span", covering[0][0]) if covering else (number, who, "gap", position)
                )
                here.append((name, "span" if covering and aspect is Aspect.CUTTING else label))
            if aspect is Aspect.CODING:
                here = [(name, label) for name, label in here if label != "gap"]
            observed += sum(one[1] != other[1] for one in here for other in here) / others
            answers += [(name, label, (len(here) - 1) / others) for name, label in here]
    total = unlike = 0.0
    for mark, label, weight in answers:
        for other_mark, other_label, other_weight in answers:
            if mark != other_mark:
                total += weight * other_weight
                unlike += weight * other_weight * (label != other_label)
    if not unlike:
        return None
    return 1 - observed / sum(weight for _, _, weight in answers) / (unlike / total)


@given(many)
def test_positions_marked_one_by_one_are_units_of_the_nominal_alpha(given_continua: list[Continuum]) -> None:
    """Where every span has length 1, what is left out of chance is the (n - 1) of the alpha for units."""
    patterns: Counter[tuple[tuple[str, int], ...]] = Counter()
    single = []
    for continuum in given_continua:
        chopped = {who: [*chop(spans)] for who, spans in continuum.spans.items()}
        single.append(Continuum(continuum.length, chopped))
        for position in range(int(continuum.length)):
            labels = [{start: label for start, _, label in spans}.get(position, "gap") for spans in chopped.values()]
            patterns[pattern_of(map(encode_value, labels))] += 1
    expected = krippendorff_alpha(patterns).value
    assert unitizing_alpha(single).value == (None if expected is None else pytest.approx(expected, abs=1e-9))


def chop(spans: Sequence[Span]) -> list[Span]:
    return [(float(place), place + 1.0, label) for start, end, label in spans for place in range(int(start), int(end))]


@given(many, st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(given_continua: list[Continuum], chance: random.Random) -> None:
    shuffled = [
        Continuum(
            continuum.length,
            {
                who: chance.sample(list(spans), len(spans))
                for who, spans in chance.sample(list(continuum.spans.items()), len(continuum.spans))
            },
        )
        for continuum in chance.sample(given_continua, len(given_continua))
    ]
    for aspect in Aspect:
        assert unitizing_alpha(shuffled, aspect) == unitizing_alpha(given_continua, aspect)


@given(many, st.sampled_from([0.001, 0.25, 60.0]))
def test_the_unit_of_length_makes_no_difference(given_continua: list[Continuum], factor: float) -> None:
    scaled = [
        Continuum(
            continuum.length * factor,
            {
                who: [(start * factor, end * factor, label) for start, end, label in spans]
                for who, spans in continuum.spans.items()
            },
        )
        for continuum in given_continua
    ]
    for aspect in Aspect:
        expected = unitizing_alpha(given_continua, aspect).value
        found = unitizing_alpha(scaled, aspect, grain=factor).value
        assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize("aspect", list(Aspect))
def test_spans_placed_by_chance_agree_by_nothing(aspect: Aspect) -> None:
    chance = np.random.default_rng(1)
    continua_by_chance = [
        Continuum(
            100,
            {
                who: [(s, s + 5.0, str(chance.choice(["a", "b"]))) for s in chance.choice(19, 6, False) * 5.0]
                for who in range(3)
            },
        )
        for _ in range(200)
    ]
    assert unitizing_alpha(continua_by_chance, aspect).value == pytest.approx(0, abs=0.05)


def test_a_position_under_two_labels_has_both() -> None:
    nested = [(0.0, 10.0, "person"), (4.0, 6.0, "name")]
    alike = Continuum(10, {1: nested, 2: list(reversed(nested))})
    assert unitizing_alpha([alike]).value == 1
    outer_only = Continuum(10, {1: nested, 2: nested[:1]})
    assert 0 < (unitizing_alpha([outer_only, BOOK]).value or 0) < 1
    assert unitizing_alpha([Continuum(20, outer_only.spans)], Aspect.CUTTING).value == 1
    assert unitizing_alpha([Continuum(20, outer_only.spans).only("person")]).value == 1


def test_spans_of_the_same_label_that_overlap_are_one_and_those_that_touch_are_two() -> None:
    def alpha(*spans: Span) -> float | None:
        return unitizing_alpha([Continuum(20, {1: spans, 2: [(0.0, 7.0, "a")]})]).value

    assert alpha((0, 8, "a"), (3, 10, "a"), (4, 5, "a")) == alpha((0, 10, "a"))
    assert alpha((0, 8, "a"), (8, 10, "a")) != alpha((0, 10, "a"))
    assert alpha((0, 10, "a"), (5, 5, "b")) == alpha((0, 10, "a"))


def test_a_label_is_judged_by_itself() -> None:
    agreed = Continuum(20, {1: [(0, 5, "a"), (8, 12, "b")], 2: [(0, 5, "a"), (14, 18, "b")]})
    assert unitizing_alpha([agreed.only("a")]).value == 1
    assert (unitizing_alpha([agreed.only("b")]).value or 0) < 0


def test_an_annotator_who_found_nothing_disagrees_with_one_who_did() -> None:
    found = unitizing_alpha([Continuum(20, {1: [(0, 5, "a")], 2: []})])
    assert found.value is not None
    assert found.value < 0
    assert (found.answers, found.units) == (2, 1)


def test_it_says_why_it_is_not_defined() -> None:
    alone = Continuum(20, {1: [(0, 5, "a")]})
    assert "two annotators" in (unitizing_alpha([]).reason or "")
    assert "two annotators" in (unitizing_alpha([alone]).reason or "")
    assert unitizing_alpha([Continuum(20, {1: [], 2: []})]).reason == ONE_CATEGORY
    assert unitizing_alpha([Continuum(5, {1: [(0, 5, "a")], 2: [(0, 5, "a")]})]).reason == ONE_CATEGORY
    apart = Continuum(20, {1: [(0, 5, "a")], 2: [(5, 9, "b")]})
    assert "meets a span" in (unitizing_alpha([apart], Aspect.CODING).reason or "")
    assert unitizing_alpha([Continuum(0, {1: [], 2: []})]).value is None


@pytest.mark.parametrize(
    "span", [(-1, 5, "a"), (5, 4, "a"), (5, 21, "a"), (float("nan"), 5, "a"), (0, float("inf"), "a")]
)
def test_a_span_outside_of_its_continuum_is_refused(span: Span) -> None:
    with pytest.raises(InvalidInput) as refused:
        Continuum(20, {7: [(0, 1, "a"), span]})
    assert [fault.pointer for fault in refused.value.faults] == ["/spans/7/1"]


@pytest.mark.parametrize("length", [-1, float("nan"), float("inf")])
def test_a_length_that_is_none_is_refused(length: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        Continuum(length, {})
    assert refused.value.faults[0].pointer == "/length"


@pytest.mark.parametrize("grain", [0, -1, float("nan")])
def test_a_smallest_length_of_nothing_is_refused(grain: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        unitizing_alpha([BOOK], grain=grain)
    assert refused.value.faults[0].pointer == "/grain"


def test_alpha_hardly_depends_on_the_grain() -> None:
    fine, middle, coarse = (unitizing_alpha([BOOK], grain=grain).value or 0 for grain in (1e-9, 0.1, 1.0))
    assert fine < middle < coarse < fine + 0.002


@given(many)
def test_it_makes_no_difference_how_many_are_counted_together(given_continua: list[Continuum]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        whole = unitizing_alpha(given_continua)
        patch.setattr(continua_module, "_TOGETHER", 1)
        assert unitizing_alpha(given_continua) == whole


def test_ten_thousand_texts_are_all_counted_in_seconds() -> None:
    """Half of the texts are marked alike, half by chance, the latter last. Cut into positions by hand."""
    chance = np.random.default_rng(3)
    marked = [Continuum(20, {who: [(0.0, 5.0, "a"), (5.0, 15.0, "b")] for who in range(5)}) for _ in range(5_000)]
    for _ in range(5_000):
        starts = chance.integers(0, 15, 5)
        marked.append(Continuum(20, {who: [(float(s), float(s + 5), "ab"[s % 2])] for who, s in enumerate(starts)}))
    began = perf_counter()
    found = unitizing_alpha(marked, resamples=200)
    assert perf_counter() - began < 15
    assert (found.units, found.answers) == (10_000, 50_000)
    assert found.value == pytest.approx(by_grains(marked), abs=1e-9)
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]
    assert found == unitizing_alpha(marked[::-1], resamples=200)


def by_grains(marked: Sequence[Continuum]) -> float:
    """Alpha of positions, each an answer of 0, 1 or 2, less what is paired with its own span."""
    answers = np.zeros((len(marked), 5, 20), dtype=np.int64)
    itself = 0.0
    for number, continuum in enumerate(marked):
        for who, spans in continuum.spans.items():
            free = 20.0
            for start, end, label in spans:
                answers[number, who, int(start) : int(end)] = 1 + "ab".index(label)
                itself += (end - start) ** 2
                free -= end - start
            itself += free
    counts = np.stack([(answers == code).sum(axis=1) for code in range(3)])
    disagreement = sum((counts[c] * counts[k]).sum() / 4 for c in range(3) for k in range(3) if c != k)
    margins = counts.sum(axis=(1, 2)).astype(float)
    total = margins.sum()
    unlike = total**2 - (margins**2).sum()
    return float(1 - disagreement * (total**2 - itself) / (total * unlike))
