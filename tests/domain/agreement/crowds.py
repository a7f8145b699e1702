"""Real crowds for tests: tasks and workers as numbers in order of their first label."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TypeAlias

from annolog.datasets import shipped
from annolog.domain.labeling import Value

DATA = Path(__file__).parents[2] / "data"
CROWDS = [shipped("rte"), shipped("cf_amt"), DATA / "zc_us", DATA / "sp"]
Votes: TypeAlias = "dict[int, dict[int, Value | None]]"


def votes_of(folder: Path) -> tuple[Votes, dict[int, Value | None]]:
    """What each worker said about each task, and what is true."""
    votes: Votes = defaultdict(dict)
    tasks: dict[str, int] = {}
    workers: dict[str, int] = {}
    with (folder / "labels.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            task = tasks.setdefault(row["task"], len(tasks))
            votes[task].setdefault(workers.setdefault(row["worker"], len(workers)), row["label"])
    with (folder / "truth.csv").open(newline="") as file:
        return votes, {tasks[row["task"]]: row["truth"] for row in csv.DictReader(file) if row["task"] in tasks}
