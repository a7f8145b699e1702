"""Scores as integers, for sums that things are taken out of again."""

from __future__ import annotations

TRILLION = 10**12


def to_trillionths(score: float) -> int:
    """The score in trillionths, so that adding it and taking it out again leaves nothing behind."""
    return round(score * TRILLION)


def from_trillionths(count: int) -> float:
    """The score."""
    return count / TRILLION
