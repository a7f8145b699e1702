"""Many alike are few events, none is forgotten, and memory stays bounded."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.activity.events import AccessDenied
from annolog.infra.activity.coalescing import Coalescing
from tests.world import START

DENIED = AccessDenied(organization=1, person=5, method="GET", route="/v1/activity", code="forbidden")


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_of_many_in_a_minute_the_first_is_recorded_and_the_others_are_counted_once_it_is_over() -> None:
    denials: Coalescing[AccessDenied] = Coalescing(60)
    assert denials.take("ann", DENIED, START) == [DENIED]
    for second in range(1, 60):
        assert denials.take("ann", DENIED, START + at(second)) == []
    [others] = denials.due(START + at(60))
    assert (others.count, others.since) == (59, START + at(1))
    # That one was recorded just now, so the next waits for a minute again.
    assert denials.take("ann", DENIED, START + at(61)) == []
    assert [one.count for one in denials.due(START + at(120))] == [1]


def test_what_is_done_by_others_or_elsewhere_is_recorded_by_itself() -> None:
    denials: Coalescing[AccessDenied] = Coalescing(60)
    assert denials.take("ann", DENIED, START) == [DENIED]
    assert denials.take("bob", DENIED, START) == [DENIED]


def test_the_first_few_pass_where_that_is_wanted() -> None:
    failures: Coalescing[AccessDenied] = Coalescing(60, passes=10)
    passed = [failures.take("192.0.2.7", DENIED, START + at(n)) for n in range(12)]
    assert [len(one) for one in passed] == [1] * 10 + [0] * 2
    assert [one.count for one in failures.rest()] == [2]
    assert failures.rest() == []


def test_where_there_are_too_many_kinds_the_oldest_is_summed_up_early() -> None:
    denials: Coalescing[AccessDenied] = Coalescing(60, most=2)
    denials.take("ann", DENIED, START)
    denials.take("ann", DENIED, START)
    denials.take("bob", DENIED, START)
    assert [one.count for one in denials.take("cyd", DENIED, START)] == [1, 1]
    assert len(denials._stretches) == 2


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40)), max_size=60))
def test_the_counts_add_up_to_everything_that_happened_and_a_kind_is_recorded_once_a_minute(
    happened: list[tuple[str, int]],
) -> None:
    denials: Coalescing[AccessDenied] = Coalescing(60)
    now, recorded = START, list[tuple[str, int, float]]()

    def note(events: list[AccessDenied]) -> None:
        recorded.extend((event.code, event.count, (now - START).total_seconds()) for event in events)

    for key, later in happened:
        now += at(later)
        note(denials.take(key, DENIED.model_copy(update={"code": key}), now))
    for key in "abc":
        times = [moment for code, _, moment in recorded if code == key]
        assert all(second - first >= 60 for first, second in pairwise(times))
    note(denials.rest())
    for key in "abc":
        assert sum(count for code, count, _ in recorded if code == key) == sum(one == key for one, _ in happened)
