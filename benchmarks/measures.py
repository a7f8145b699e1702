"""How figures are gathered and printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

TURNS = 2_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: what was measured, the number, and what it is to be held against."""

    what: str
    value: float
    unit: str
    goal: str = ""
    note: str = ""


def show(title: str, command: str, figures: Sequence[Figure]) -> None:
    """Print a table, the command that makes it again, and how fast the interpreter ran while it was made."""
    print(f"\n{title}    ({command})")
    turns = f"{millions_of_turns():.1f}"
    print(f"  {'this machine, to compare with others: turns of a loop':<58} {turns:>12} million/s")
    for figure in figures:
        value = f"{figure.value:,.0f}" if abs(figure.value) >= 100 else f"{figure.value:,.2f}"
        print(f"  {figure.what:<58} {value:>12} {figure.unit:<12} {figure.goal:<18} {figure.note}".rstrip())


def millions_of_turns() -> float:
    """How many million times a second this interpreter goes round a loop that adds: what all figures here hang on."""
    watch, total = Stopwatch(), 0
    for turn in range(TURNS):
        total += turn
    return TURNS / watch.seconds / 1e6


def percentile(times: Sequence[float], share: float) -> float:
    """The value below which this share of the times lies, by nearest rank."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def resident_megabytes(process: int | str = "self") -> float:
    """Resident memory of a process, in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._started = perf_counter()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return perf_counter() - self._started
