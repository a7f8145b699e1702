"""Comparable values as text, for wherever they are kept or counted."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TypeAlias

Value: TypeAlias = "str | float | tuple[Value, ...]"


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_int=float)


@lru_cache(maxsize=4096)
def encode_value(value: Value) -> str:
    """The canonical JSON of a value: two values are equal if and only if their encodings are.

    Numbers must be finite, and are floats here as they are in every comparable value.
    """
    return _ENCODER.encode(_canonical(value))


@lru_cache(maxsize=4096)
def decode_value(text: str) -> Value:
    """The value that `encode_value` made this text from."""
    return _frozen(_DECODER.decode(text))


def _canonical(value: Value) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        # Regions are hundreds of parts, most of them text: a call for each would take half of the time.
        return tuple([part if type(part) is str else _canonical(part) for part in value])
    # Adding zero turns the minus zero, which equals zero and is written differently, into zero.
    return float(value) + 0.0


def _frozen(value: object) -> Value:
    if isinstance(value, list):
        return tuple([_frozen(part) if type(part) is list else part for part in value])
    assert isinstance(value, str | float)
    return value
