"""How much spans, ranges and timelines overlap."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import METRICS
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.agreement.metrics.spans import merged, range_overlap, ranges_overlap
from annolog.domain.labeling import Region
from tests.domain.agreement.drawing import answer, item, region

numbers = st.integers(0, 40)
ranges = st.tuples(numbers, numbers).map(lambda ends: (float(min(ends)), float(max(ends))))


def text(start: int, end: int, *labels: str) -> Any:
    return item("labels", *labels, start=start, end=end)


def page(start: str, end: str, first: int, last: int, **more: Any) -> Region:
    return region("hypertextlabels", start=start, end=end, startOffset=first, endOffset=last, **more)


def series(start: Any, end: Any, **more: Any) -> Region:
    return region("timeserieslabels", start=start, end=end, **more)


@pytest.mark.conformance("A11")
def test_spans_of_a_text_overlap_by_their_characters() -> None:
    one = answer(text(0, 14, "Dog"), text(41, 47, "Cat"))
    other = answer(text(4, 14, "Dog"), text(41, 58, "Cat"))
    assert METRICS["overlap"].score(one, other) == pytest.approx((10 / 14 + 6 / 17) * 2 / 4)
    assert METRICS["overlap"].score(one, other) == pytest.approx(0.534, abs=5e-4)


@pytest.mark.conformance("A12")
def test_spans_of_a_series_overlap_by_their_length() -> None:
    assert overlap_of(series(0, 20), series(10, 30)) == pytest.approx(1 / 3)


@pytest.mark.conformance("A10")
def test_nothing_marked_agrees_with_nothing_marked_and_with_nothing_else() -> None:
    marked = answer(text(0, 14))
    assert METRICS["overlap"].score(None, None) == 1
    assert METRICS["overlap"].score(marked, None) == METRICS["overlap"].score(None, marked) == 0


def test_sounds_on_different_channels_do_not_overlap() -> None:
    one, same, other = (region("labels", start=1.5, end=2.5, channel=channel) for channel in (0, 0, 1))
    assert overlap_of(one, same) == 1
    assert overlap_of(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("2020-03-05 12:00", "2020-03-05 12:20"), ("2020-03-05T12:10:00Z", "2020-03-05T12:30:00Z"), 1 / 3),
        (("2020-03-05", "2020-03-07"), ("2020-03-06", "2020-03-07T00:00:00+00:00"), 1 / 2),
        (("0", "20"), ("10", "30.0"), 1 / 3),
        (("20", "0"), ("10", "30.0"), 1 / 3),
        (("2020-03-05", "2020-03-07"), ("10", "30"), 0),
        (("Monday", "Tuesday"), ("Monday", "Tuesday"), 1),
        (("Monday", "Tuesday"), ("Monday", "Wednesday"), 0),
        (("nan", "inf"), ("nan", "1e999"), 0),
        (("0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"), ("0001-01-01", "9999-12-31"), 1),
    ],
)
def test_ends_may_be_numbers_or_dates_in_texts(one: tuple[str, str], other: tuple[str, str], expected: float) -> None:
    assert overlap_of(series(*one), series(*other)) == pytest.approx(expected, abs=1e-6)


def test_numbers_and_the_same_numbers_in_texts_are_the_same_ends() -> None:
    assert overlap_of(series(0, 20), series("0", "20")) == 1


def test_spans_of_a_page_overlap_within_the_same_nodes_only() -> None:
    assert overlap_of(page("/p[1]", "/p[1]", 0, 20), page("/p[1]", "/p[1]", 10, 30)) == pytest.approx(1 / 3)
    assert overlap_of(page("/p[1]", "/p[1]", 0, 20), page("/p[2]", "/p[2]", 0, 20)) == 0
    assert overlap_of(page("/p[1]", "/p[1]", 0, 20), page("/p[1]", "/p[2]", 0, 20)) == 0


def test_paragraphs_are_places_like_nodes() -> None:
    one, other, elsewhere = (
        region("paragraphlabels", start=place, end=place, startOffset=first, endOffset=first + 20)
        for place, first in (("0", 0), ("0", 10), ("1", 0))
    )
    assert overlap_of(one, other) == pytest.approx(1 / 3)
    assert overlap_of(one, elsewhere) == 0


def test_spans_over_several_nodes_are_as_long_as_the_whole_text_says() -> None:
    def across(first: int, last: int, start: int, end: int) -> Region:
        return page("/p[1]", "/p[3]", first, last, globalOffsets={"start": start, "end": end})

    assert overlap_of(across(9, 2, 9, 109), across(9, 12, 9, 119)) == pytest.approx(100 / 110)
    assert overlap_of(across(9, 2, 9, 109), page("/p[1]", "/p[3]", 9, 12)) == 0
    assert overlap_of(page("/p[1]", "/p[3]", 9, 2), page("/p[1]", "/p[3]", 9, 2)) == 1
    assert overlap_of(page("/p[1]", "/p[3]", 9, 2), page("/p[1]", "/p[3]", 9, 12)) == 0


def test_within_one_node_the_offsets_in_the_whole_text_say_nothing_new() -> None:
    with_offsets = page("/p[1]", "/p[1]", 0, 20, globalOffsets={"start": 100, "end": 120})
    assert with_offsets == page("/p[1]", "/p[1]", 0, 20)


@given(ranges, ranges)
def test_ranges_overlap_by_the_units_they_share(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert range_overlap(one, other) == pytest.approx(counted([one], [other]))


@given(st.lists(ranges, min_size=1, max_size=5), st.lists(ranges, min_size=1, max_size=5))
def test_timelines_overlap_by_the_units_that_they_cover(ones: list[Any], others: list[Any]) -> None:
    assert ranges_overlap(ones, others) == pytest.approx(counted(ones, others))
    assert ranges_overlap(ones, others) == ranges_overlap(others, ones)
    assert all(end < start for (_, end), (start, _) in zip(merged(ones), merged(ones)[1:], strict=False))


def test_the_same_cover_in_other_pieces_is_the_same_timeline() -> None:
    whole = region("timelinelabels", ranges=[{"start": 1, "end": 9}])
    pieces = region("timelinelabels", ranges=[{"start": 4, "end": 9}, {"start": 1, "end": 4}])
    assert overlap_of(whole, pieces) == 1


def test_a_timeline_of_moments_overlaps_only_with_the_same_moments() -> None:
    moments, swapped, others = (
        region("timelinelabels", ranges=[{"start": at, "end": at} for at in found]) for found in ([3, 5], [5, 3], [3])
    )
    assert overlap_of(moments, swapped) == 1
    assert overlap_of(moments, others) == 0


def test_the_longest_lengths_there_are_overflow_nothing() -> None:
    longest = 1.7e308
    assert range_overlap((0.0, longest), (0.0, longest / 2)) == pytest.approx(0.5)
    assert math.isfinite(ranges_overlap([(0.0, longest)], [(1.0, longest / 2), (longest / 2, longest)]))


def counted(ones: list[tuple[float, float]], others: list[tuple[float, float]]) -> float:
    """The same by counting unit intervals one by one."""
    first, second = ({unit for start, end in side for unit in range(int(start), int(end))} for side in (ones, others))
    if not first or not second:
        return float(sorted(ones) == sorted(others))
    return len(first & second) / len(first | second)
