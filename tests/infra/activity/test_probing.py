"""Who looks for what is hidden from them is noticed, who mistypes is not."""

from __future__ import annotations

from datetime import timedelta

from annolog.infra.activity.probing import MOST_WATCHED, Probing
from tests.world import START


def test_twenty_misses_in_a_minute_are_told_together_and_then_each() -> None:
    probing = Probing()
    told = [probing.missed(5, START + timedelta(seconds=n)) for n in range(22)]
    assert told == [0] * 19 + [20, 1, 1]


def test_as_many_misses_over_a_longer_time_are_nothing_of_note() -> None:
    probing = Probing()
    assert not any(probing.missed(5, START + timedelta(seconds=4 * n)) for n in range(100))


def test_each_person_is_counted_for_themselves_and_not_too_many_are_watched() -> None:
    probing = Probing()
    assert not any(probing.missed(person, START) for person in range(MOST_WATCHED + 100) for _ in range(2))
    assert len(probing._counts) == MOST_WATCHED
