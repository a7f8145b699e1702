"""How often somebody may be wrong about a password, by name and by address, with time moved by hand."""

from __future__ import annotations

import pytest

from annolog.domain.refusals import TooManyRequests
from annolog.infra.identity.throttle import MINUTES, Throttle


class Seconds:
    """Tells seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Seconds:
    return Seconds()


def refused(throttle: Throttle, name: str, address: str) -> int:
    with pytest.raises(TooManyRequests) as found:
        throttle.try_once(name, address)
    seconds = found.value.facts["retry_after"]
    assert isinstance(seconds, int)
    return seconds


def test_a_name_waits_after_so_many_tries_from_anywhere_and_other_names_do_not(time: Seconds) -> None:
    throttle = Throttle(3, 0, time)
    for number in range(3):
        throttle.try_once("ada", f"192.0.2.{number}")
    assert 0 < refused(throttle, "ada", "198.51.100.1") <= MINUTES * 60
    refused(throttle, "  ADA ", "198.51.100.2")
    throttle.try_once("bob", "192.0.2.1")


def test_an_address_waits_after_so_many_tries_for_any_names(time: Seconds) -> None:
    throttle = Throttle(0, 3, time)
    for number in range(3):
        throttle.try_once(f"name {number}", "192.0.2.1")
    refused(throttle, "another", "192.0.2.1")
    throttle.try_once("another", "192.0.2.2")


def test_addresses_of_one_ipv6_network_are_one(time: Seconds) -> None:
    throttle = Throttle(0, 3, time)
    for number in range(3):
        throttle.try_once(f"name {number}", f"2001:db8:1:2::{number}")
    refused(throttle, "another", "2001:db8:1:2:ffff::1")
    throttle.try_once("another", "2001:db8:1:3::1")


def test_it_may_be_tried_again_when_it_is_said(time: Seconds) -> None:
    throttle = Throttle(2, 0, time)
    throttle.try_once("ada", "a")
    time.now += 60
    throttle.try_once("ada", "a")
    seconds = refused(throttle, "ada", "a")
    assert seconds == MINUTES * 60 - 60
    time.now += seconds - 1
    refused(throttle, "ada", "a")
    time.now += 2
    throttle.try_once("ada", "a")
    refused(throttle, "ada", "a")


def test_who_is_right_is_not_counted_and_wins_no_tries_for_somebody_else_of_that_name(time: Seconds) -> None:
    """Two organizations may know two people by one handle: one of them signing in says nothing of the other."""
    throttle = Throttle(3, 0, time)
    for _ in range(10):
        throttle.try_once("ada", "a")
        throttle.was_right("ada", "a")
    for _ in range(2):
        throttle.try_once("ada", "b")
        throttle.try_once("ada", "a")
        throttle.was_right("ada", "a")
    throttle.try_once("ada", "b")
    refused(throttle, "ada", "a")


def test_what_was_right_does_not_count_for_the_address_and_takes_nothing_else_back(time: Seconds) -> None:
    throttle = Throttle(0, 3, time)
    for _ in range(10):
        throttle.try_once("ada", "192.0.2.1")
        throttle.was_right("ada", "192.0.2.1")
    throttle.try_once("bob", "192.0.2.1")
    throttle.try_once("ada", "192.0.2.1")
    throttle.was_right("ada", "192.0.2.1")
    throttle.try_once("bob", "192.0.2.1")
    throttle.try_once("bob", "192.0.2.1")
    refused(throttle, "bob", "192.0.2.1")


def test_without_limits_anybody_tries_on(time: Seconds) -> None:
    throttle = Throttle(0, 0, time)
    for _ in range(1_000):
        throttle.try_once("ada", "a")
    throttle.was_right("ada", "a")
