"""Patterns find what Python's own would find, and none of them takes for ever."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annolog.projections.board.patterns import Unsupported
from annolog.projections.board.searching import LONGEST_SEARCHED, found, search_for

pytestmark = pytest.mark.conformance("B18")

ATOMS = st.sampled_from(
    [*"abc1 ", "é", ".", "[ab]", "[^a]", r"\d", r"\w", r"\W", r"\s", r"\.", r"\x61", "^", "$", r"\b", r"\B"]
)
QUANTIFIERS = st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,3}", "{,2}", "{2,}"])


def repeated(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("(?:{}){}".format, parts, QUANTIFIERS)


PLAIN = st.lists(ATOMS, max_size=3).map("".join)
PATTERNS = st.recursive(
    PLAIN | repeated(PLAIN),
    lambda parts: st.builds("{}{}".format, parts, parts) | st.builds("({}|{})".format, parts, parts),
    max_leaves=6,
)


@given(pattern=PATTERNS, ignores_case=st.booleans(), text=st.text("abcABé1. _x", max_size=8))
@settings(max_examples=400, deadline=None)
def test_a_search_finds_what_python_finds(pattern: str, ignores_case: bool, text: str) -> None:
    # On an empty text Python before 3.14 says that \B does not hold.
    assume(text or r"\B" not in pattern)
    pattern = "(?i)" * ignores_case + pattern
    assume(len(pattern) <= 200)
    assert found(pattern, text) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a?" * 60 + "a" * 60, "a" * 59),
        ("a*" * 6 + "b", "a" * LONGEST_SEARCHED),
        (".*.*.*=x", "a" * LONGEST_SEARCHED),
        ("(a|a)*b", "a" * LONGEST_SEARCHED),
        (r"(\w|\d|_)*!", "1" * LONGEST_SEARCHED),
    ],
)
def test_no_pattern_goes_back_and_tries_again(pattern: str, text: str) -> None:
    started = perf_counter()
    assert not found(pattern, text)
    assert perf_counter() - started < 5


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "((ab)*c)*",
        "(?x)(a+)#\n*b",
        *("(", "a)", "[a", "*a", "a**", "a++", "\\", "a{3,1}", "[z-a]"),
        *(r"\1", "(?=a)", "(?P<name>a)", r"\N{DASH}", r"\0"),
        *("x" * 201, "x{900}", "x{99999999999}", "(" * 30 + ")" * 30),
    ],
)
def test_what_is_not_understood_or_too_large_is_said(pattern: str) -> None:
    with pytest.raises(Unsupported):
        search_for(pattern)


def test_what_is_remembered_is_bounded_and_changes_nothing() -> None:
    search = search_for("a.{9}b$")
    texts = ["".join(chr(200 + (n * step) % 5_000) for n in range(3_000)) + "a123456789b" for step in (1, 7, 11, 13)]
    assert [search.matches(text) for text in texts * 2] == [True] * 8
    assert not search.matches(texts[0] + "x")
    assert found("x", None) is False
