"""Real crowd work that ships with the project, for the demo and for trying things out."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

NAMES = ("rte", "cf_amt")


def names() -> tuple[str, ...]:
    """The data sets that ship with the project."""
    return NAMES


def shipped(name: str) -> Path:
    """The folder of a data set that ships with the project; raises `KeyError` for any other name."""
    if name not in NAMES:
        raise KeyError(name)
    return Path(str(files("annolog.datasets").joinpath(name)))
