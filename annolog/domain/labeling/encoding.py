"""Comparable values as text, for wherever they are kept or counted."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TypeAlias

Value: TypeAlias = "str | float | tuple[Value, ...]"


@lru_cache(maxsize=4096)
def encode_value(value: Value) -> str:
    """The canonical JSON of a value: two values are equal if and only if their encodings are.

    Numbers must be finite, and are floats here as they are in every comparable value.
    """
    return json.dumps(_canonical(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def decode_value(text: str) -> Value:
    """The value that `encode_value` made this text from."""
    return _frozen(json.loads(text, parse_int=float))


def _canonical(value: Value) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return tuple(_canonical(part) for part in value)
    # Adding zero turns the minus zero, which equals zero and is written differently, into zero.
    return float(value) + 0.0


def _frozen(value: object) -> Value:
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    assert isinstance(value, str | float)
    return value
