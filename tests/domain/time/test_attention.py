"""Whatever pages tell, time is what a second count of every tenth of a second finds, and within what is possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from annolog.domain.time.attention import (
    HIDDEN,
    IDLE_DETECTED,
    IDLE_RESUMED,
    LEFT,
    LOADED,
    MOST_SESSIONS,
    VISIBLE,
    VOUCHED,
    Watch,
    placed,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = [LOADED, LEFT, HIDDEN, VISIBLE, IDLE_DETECTED, IDLE_RESUMED, "hotkey_pressed", "region_finished_drawing"]
# The story is told in seconds; a page tells a sign of itself when it happens.
signs = st.lists(
    st.tuples(st.sampled_from(["left", "right", "third"]), st.sampled_from(KINDS), st.integers(0, 200)), max_size=30
)


def counted(told: list[tuple[str, str, int]], end: int) -> tuple[int, int]:
    """Seconds open, and with somebody at work, by asking of every second how each page stood then."""
    open_, active = set(), set()
    for page in {name for name, _, _ in told}:
        loaded = attentive = visible = False
        idle = begun = False
        last = 0
        for second in range(end):
            now = [kind for name, kind, at in told if name == page and at == second]
            for kind in now:
                if not begun:
                    begun, visible = True, True
                loaded = kind != LEFT
                if kind == HIDDEN:
                    visible = False
                elif kind in (VISIBLE, LOADED):
                    visible = True
                if kind == IDLE_DETECTED:
                    idle = True
                elif kind not in (HIDDEN, VISIBLE):
                    idle = False
                attentive = loaded and visible and not idle
                last = second
            more = any(name == page and at > second for name, _, at in told)
            if loaded and (more or second < last + VOUCHED.seconds):
                open_.add(second)
            if loaded and attentive and second < last + VOUCHED.seconds:
                active.add(second)
    return len(open_), len(active)


@settings(max_examples=300, deadline=None)
@given(signs)
def test_time_is_what_counting_every_second_finds(steps: list[tuple[str, str, int]]) -> None:
    at, told = 0, []
    for page, kind, pause in steps:
        at += pause
        told.append((page, kind, at))
    watch, end = Watch(), at + 300
    for number, (page, kind, second) in enumerate(told):
        watch = watch.heard(page, number, [(kind, NOON + timedelta(seconds=second))])
    spent = watch.spent(NOON + timedelta(seconds=end))
    found = (spent.open, spent.active) if spent else (0, 0)
    assert found == counted(told, end)


@settings(max_examples=200)
@given(signs, st.lists(st.integers(1, 30), max_size=10))
def test_it_does_not_matter_how_a_page_cuts_its_batches(steps: list[tuple[str, str, int]], cuts: list[int]) -> None:
    at, told = 0, []
    for _, kind, pause in steps:
        at += pause
        told.append((kind, NOON + timedelta(seconds=at)))
    whole = Watch().heard("page", 0, told)
    watch, start = Watch(), 0
    for number, size in enumerate([*cuts, 30]):
        watch = watch.heard("page", number, told[start : start + size])
        start += size
    now = NOON + timedelta(seconds=at + 50)
    assert (watch.open, watch.active, watch.spent(now)) == (whole.open, whole.active, whole.spent(now))


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-(10**10), 10**10))),
    st.none() | st.integers(-1000, 1000),
)
def test_moments_are_in_order_and_between_the_floor_and_now(told: list[tuple[str, int]], floor: int | None) -> None:
    begin = None if floor is None else NOON + timedelta(seconds=floor)
    found, _ = placed(told, NOON, begin)
    moments = [at for _, at in found]
    assert moments == sorted(moments)
    assert all(at <= NOON for at in moments)
    assert begin is None or all(at >= min(begin, NOON) for at in moments)


def test_what_an_answer_has_taken_counts_in_no_other() -> None:
    told = [(LOADED, NOON), ("hotkey_pressed", NOON + timedelta(seconds=30))]
    watch = Watch().heard("page", 0, told).answered(NOON + timedelta(seconds=40))
    assert watch.spent(NOON + timedelta(seconds=50)) is None
    assert watch.last("page") == 0


def test_the_pages_of_a_person_are_not_kept_without_end() -> None:
    watch = Watch()
    for number in range(2 * MOST_SESSIONS):
        watch = watch.heard(f"page {number}", 0, [(LOADED, NOON)])
    assert len(watch.sessions) == MOST_SESSIONS
    assert watch.last(f"page {2 * MOST_SESSIONS - 1}") == 0
