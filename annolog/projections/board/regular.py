"""Patterns in the words of PostgreSQL, whose regular expressions look like Python's and mean other things."""

from __future__ import annotations

import re

from annolog.projections.board.patterns import UNBOUNDED, Assertion, Atom, Choice, Node, Repeat, Sequence

# It takes no more repetitions than this at a time.
MOST_REPEATED = 255
PLACES = {"start": r"\A", "end": r"\Z", "edge": r"\y", "inside": r"\Y"}
IN_CLASS = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
SHARED = frozenset("dDwWsSnrtfva")


def regular_expression(node: Node, ignores_case: bool) -> str:
    """The pattern as PostgreSQL understands it."""
    return f"***:{'(?i)' if ignores_case else ''}{_written(node)}"


def _written(node: Node) -> str:
    match node:
        case Atom(source=source):
            return _atom(source)
        case Assertion(name=name):
            return PLACES[name]
        case Sequence(parts=parts):
            return "".join(_written(part) for part in parts)
        case Choice(branches=branches):
            return f"(?:{'|'.join(_written(branch) for branch in branches)})"
        case Repeat(node=inner, least=least, most=most):
            return _repeated(f"(?:{_written(inner)})", least, most)


def _repeated(inner: str, least: int, most: int | None) -> str:
    written = _times(inner, least, exactly=True)
    return f"{written}{inner}*" if most is UNBOUNDED else written + _times(inner, most - least, exactly=False)


def _times(inner: str, count: int, *, exactly: bool) -> str:
    """So many times, or up to so many times, in pieces that are not too many at once."""
    whole, rest = divmod(count, MOST_REPEATED)
    pieces = [MOST_REPEATED] * whole + [rest] * bool(rest)
    return "".join(f"{inner}{{{piece if exactly else 0},{piece}}}" for piece in pieces)


def _atom(source: str) -> str:
    if source == ".":
        return r"[^\n]"
    if source[0] == "[" and len(source) > 1:
        return _character_class(source)
    return _character(source)


def _character_class(source: str) -> str:
    negated = source.startswith("[^")
    inside = source[2 if negated else 1 : -1]
    tokens = IN_CLASS.findall(inside)
    # A hyphen between two characters spans; anywhere else it is one.
    written = [
        "-" if token == "-" and 0 < index < len(tokens) - 1 else _character(token) for index, token in enumerate(tokens)
    ]
    return f"[{'^' if negated else ''}{''.join(written)}]"


def _character(token: str) -> str:
    if token[0] != "\\":
        return _literal(token)
    if token[1] in "xu" and len(token) > 2:
        digits = token[2:]
        return _literal(chr(int(digits, base=16)))
    return token if token[1] in SHARED else _literal(token[1:])


def _literal(character: str) -> str:
    return character if character.isalnum() or character == "_" or not character.isascii() else f"\\{character}"
