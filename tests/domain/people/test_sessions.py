"""How long somebody stays signed in, and which passwords are good enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from annolog.domain.activity.events import SignInMethod
from annolog.domain.people.sessions import LONGEST, SHORTEST, Session, SessionRules, must_be_good
from annolog.domain.refusals import InvalidInput

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
RULES = SessionRules(idle=timedelta(hours=8), absolute=timedelta(days=7))
SESSION = Session("digest", 1, SignInMethod.PASSWORD, NOON, NOON)
MOMENT = timedelta(microseconds=1)


def test_a_session_ends_once_nothing_was_asked_with_it_for_so_long() -> None:
    assert SESSION.holds(NOON + RULES.idle - MOMENT, RULES)
    assert not SESSION.holds(NOON + RULES.idle, RULES)
    used = replace(SESSION, seen_at=NOON + timedelta(hours=7))
    assert used.holds(NOON + timedelta(hours=14), RULES)


def test_a_session_in_use_ends_all_the_same_after_its_longest_time() -> None:
    end = NOON + RULES.absolute
    used = replace(SESSION, seen_at=end - timedelta(minutes=1))
    assert used.holds(end - MOMENT, RULES)
    assert not used.holds(end, RULES)


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "x1y2z3a4b5c6", "ünïcödé pässwörd", "a" * 200 + "bcdef"]
)
def test_a_password_is_good_by_its_length_alone(password: str) -> None:
    must_be_good(password, "ada")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "x" * (SHORTEST - 1),
        "abcdefghijk",
        "ab" * (LONGEST // 2 + 1),
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "ada-lovelace!",
        "my-ADA-LOVELACE",
    ],
)
def test_a_password_that_others_find_soon_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        must_be_good(password, "ada-lovelace")
    assert refused.value.faults[0].pointer == "/password"
    assert not password or password not in refused.value.detail
