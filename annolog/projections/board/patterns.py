"""Patterns as people write them, as a tree: what a filter may search for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 200
DEEPEST = 20
UNBOUNDED = None
# A pattern falls into these: a class, an escape, a group's start, a quantifier, or any character.
TOKEN = re.compile(
    r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|\(\?:"
    r"|[*+?]\??|\{(?:\d+,?\d*|,\d+)\}\??|.",
    re.DOTALL,
)
QUANTIFIER = re.compile(r"[*+?]|\{.*\}", re.DOTALL)
ASSERTIONS = {"^": "start", r"\A": "start", "$": "end", r"\Z": "end", r"\b": "edge", r"\B": "inside"}
LETTERS = frozenset("dDwWsStnrfvaxu")


class Unsupported(Exception):
    """The pattern is none, or one that cannot be searched for in time that grows with the text alone."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One character of a kind. `source` says which, as a pattern of its own."""

    source: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place between two characters."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of the branches."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The node so many times. `most` is None where there is no end."""

    node: Node
    least: int
    most: int | None


Node: TypeAlias = Atom | Assertion | Sequence | Choice | Repeat


def parse(pattern: str) -> tuple[Node, bool]:
    """The pattern's tree, and whether it ignores case. Groups may be repeated unless they repeat something already.

    Understood are what `re` calls literals, classes, groups, `|`, `* + ? {m,n}`, `^ $` (of the whole text), `\\b`, and
    `(?i)` in front; not what needs going back: back references and looking around.
    """
    if len(pattern) > LONGEST:
        raise Unsupported(f"a pattern may have {LONGEST} characters")
    ignores_case = pattern.startswith("(?i)")
    tokens: list[str] = TOKEN.findall(pattern.removeprefix("(?i)"))
    return _Parser(tokens).whole(), ignores_case


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0

    def whole(self) -> Node:
        node = self._choice(0)
        if self._next < len(self._tokens):
            raise Unsupported("a ) closes nothing")
        return node

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _choice(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise Unsupported(f"groups may be nested {DEEPEST} deep")
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self._next += 1
            branches.append(self._sequence(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            part = self._part(depth)
            if QUANTIFIER.match(self._peek()) and self._peek() != "{":
                part = _repeated(part, self._peek())
                self._next += 1
            parts.append(part)
        return Sequence(tuple(parts))

    def _part(self, depth: int) -> Node:
        token = self._tokens[self._next]
        self._next += 1
        if token in ("(", "(?:"):
            if token == "(" and self._peek().startswith("?"):
                raise Unsupported("groups that begin with (? are not understood, but for (?: and a leading (?i)")
            node = self._choice(depth + 1)
            if self._peek() != ")":
                raise Unsupported("a ( is not closed")
            self._next += 1
            return node
        if QUANTIFIER.match(token) and token != "{":
            raise Unsupported("there is nothing to repeat")
        return Assertion(ASSERTIONS[token]) if token in ASSERTIONS else _atom(token)


def _atom(token: str) -> Node:
    if token in ("[", "\\"):
        raise Unsupported("a [ or \\ stands alone")
    if token[0] == "\\" and token[1].isascii() and token[1].isalnum() and token[1] not in LETTERS:
        raise Unsupported(f"{token} is not understood")
    source = token if len(token) > 1 or token == "." else re.escape(token)
    try:
        re.compile(source)
    except re.error as error:
        raise Unsupported(str(error)) from error
    return Atom(source)


def _repeated(node: Node, token: str) -> Node:
    if token[0] in "*+?":
        least, most = {"*": (0, UNBOUNDED), "+": (1, UNBOUNDED), "?": (0, 1)}[token[0]]
    else:
        low, comma, high = token[1 : token.index("}")].partition(",")
        least = int(low or 0)
        most = int(high) if high else UNBOUNDED if comma else least
    if most is not UNBOUNDED and most < least:
        raise Unsupported("a repetition ends before it begins")
    if most != 1 and _repeats(node):
        raise Unsupported("a pattern may not repeat a group that repeats something")
    return Repeat(node, least, most)


def _repeats(node: Node) -> bool:
    match node:
        case Repeat(node=inner, most=most):
            return most != 1 or _repeats(inner)
        case Sequence(parts=nodes) | Choice(branches=nodes):
            return any(_repeats(part) for part in nodes)
        case _:
            return False
