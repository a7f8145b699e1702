"""Recorded and invented crowds."""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path

import numpy as np

from annolog.datasets import shipped
from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.fitting import Fit

DATA = Path(__file__).parents[2] / "data"
FOLDERS = {"rte": shipped("rte"), "cf_amt": shipped("cf_amt"), "zc_us": DATA / "zc_us", "sp": DATA / "sp"}
NAMES = tuple(FOLDERS)

Answers = list[tuple[int, int, str]]


@cache
def recorded(name: str) -> tuple[Answers, dict[int, str]]:
    """The answers of a recorded crowd, with numbers for its tasks and people, and the truth."""
    tasks: dict[str, int] = {}
    people: dict[str, int] = {}
    with (FOLDERS[name] / "labels.csv").open(newline="") as file:
        answers = [
            (
                tasks.setdefault(row["task"], len(tasks) + 1),
                people.setdefault(row["worker"], len(people) + 1),
                row["label"],
            )
            for row in csv.DictReader(file)
        ]
    with (FOLDERS[name] / "truth.csv").open(newline="") as file:
        return answers, {tasks[row["task"]]: row["truth"] for row in csv.DictReader(file)}


@cache
def ballots_of(name: str) -> Ballots:
    return Ballots.of(recorded(name)[0])


def first_of_each_task(answers: Answers, most: int, seed: int) -> Answers:
    """As if each task had been given to so many of its people."""
    shuffled = random.Random(seed).sample(answers, len(answers))
    counts: dict[int, int] = {}
    kept = []
    for answer in shuffled:
        counts[answer[0]] = counts.get(answer[0], 0) + 1
        if counts[answer[0]] <= most:
            kept.append(answer)
    return kept


def accuracy(fit: Fit, truth: dict[int, str]) -> float:
    """How often the consensus is right; ties share the credit."""
    places = {label: place for place, label in enumerate(fit.ballots.labels)}
    true = np.array([places[truth[task]] for task in fit.ballots.task_ids.tolist()])
    won = fit.posteriors >= fit.posteriors.max(axis=1, keepdims=True) - 1e-9
    return float((won[np.arange(len(true)), true] / won.sum(axis=1)).mean())


def invented(skills: list[float], tasks: int, labels: str, seed: int) -> tuple[Answers, dict[int, str]]:
    """Everybody answers every task, right with their own probability and else evenly wrong."""
    chance = random.Random(seed)
    truth = {task: chance.choice(labels) for task in range(1, tasks + 1)}
    answers = [
        (task, person, true if chance.random() < skill else chance.choice(labels.replace(true, "")))
        for task, true in truth.items()
        for person, skill in enumerate(skills, start=1)
    ]
    return answers, truth
