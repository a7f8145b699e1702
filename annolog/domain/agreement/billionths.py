"""Scores as integers, for sums that things are taken out of again."""

from __future__ import annotations

BILLION = 10**9


def to_billionths(score: float) -> int:
    """The score in billionths, so that adding it and taking it out again leaves nothing behind."""
    return round(score * BILLION)


def from_billionths(count: int) -> float:
    """The score."""
    return count / BILLION
