"""Fitting what people's answers are worth, at a million answers, and judging one task anew."""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from time import perf_counter

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.choosing import choose_kind
from annolog.domain.consensus.fitting import fit
from annolog.domain.consensus.models import Kind, Model
from annolog.domain.consensus.verdicts import consensus_of, consensuses
from benchmarks.measures import Figure, Stopwatch, percentile, show

TASKS = 200_000
OVERLAP = 5
PEOPLE = 1_000
LABELS = "abcde"
ROUNDS = 2_000

Answers = list[tuple[int, int, str]]


def invented(tasks: int) -> tuple[Answers, dict[int, str]]:
    """Skewed labels, and people who err each in their own way."""
    chance = random.Random(1)
    frequent = [0.4, 0.3, 0.15, 0.1, 0.05]
    skill = [chance.betavariate(6, 3) for _ in range(PEOPLE)]
    favourite = [chance.choice(LABELS) for _ in range(PEOPLE)]
    truth = dict(enumerate(chance.choices(LABELS, frequent, k=tasks), start=1))
    answers = []
    for task, true in truth.items():
        for person in chance.sample(range(PEOPLE), OVERLAP):
            wrong = favourite[person] if chance.random() < 0.5 else chance.choice(LABELS)
            answers.append((task, person + 1, true if chance.random() < skill[person] else wrong))
    return answers, truth


def plain_majority(answers: Answers) -> dict[int, str]:
    """The baseline: a dictionary of counters."""
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for task, _, label in answers:
        votes[task][label] += 1
    return {task: tally.most_common(1)[0][0] for task, tally in votes.items()}


def right(found: dict[int, str], truth: dict[int, str]) -> float:
    return 100 * sum(label == truth[task] for task, label in found.items()) / len(found)


def fitted(kind: Kind, tasks: int) -> list[Figure]:
    """One kind in a process of its own, whose peak is then that of the fit and the answers."""
    answers, truth = invented(tasks)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    watch = Stopwatch()
    ballots = Ballots.of(answers)
    gathered = watch.seconds
    watch = Stopwatch()
    result = fit(ballots, kind)
    seconds = watch.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {task: consensus.winners[0] for task, consensus in consensuses(result)}
    warm = fit(ballots, kind, start=result.model)
    note = f"{right(found, truth):.2f} % right, {result.iterations} iterations, from its own model {warm.iterations}"
    return [
        Figure(f"{kind.value}: answers into arrays", gathered, "s"),
        Figure(f"{kind.value}: fit of {len(answers):,} answers", seconds, "s", "< 30", note),
        Figure(f"{kind.value}: peak memory", peak, "MiB", "< 1,500", f"the answers as tuples {before:,.0f}"),
    ]


def crowd_kit(tasks: int) -> list[Figure]:
    """The same model as an independent library fits it, on a tenth."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from crowdkit.aggregation import DawidSkene

        answers, truth = invented(tasks // 10)
        frame = pd.DataFrame(answers, columns=["task", "worker", "label"])
        watch = Stopwatch()
        theirs = DawidSkene(n_iter=100).fit(frame)
        seconds = watch.seconds
    kept = f"{len(theirs.loss_history_)} iterations, {right(dict(theirs.labels_), truth):.2f} % right"
    watch = Stopwatch()
    ours = fit(Ballots.of(answers), Kind.DAWID_SKENE)
    found = {task: consensus.winners[0] for task, consensus in consensuses(ours)}
    note = f"{ours.iterations} iterations, {right(found, truth):.2f} % right"
    return [
        Figure(f"baseline: crowd-kit, {len(answers):,} answers", seconds, "s", "", kept),
        Figure(f"dawid_skene, the same {len(answers):,} answers", watch.seconds, "s", "", note),
    ]


def voted(tasks: int) -> list[Figure]:
    answers, truth = invented(tasks)
    watch = Stopwatch()
    found = plain_majority(answers)
    return [Figure("baseline: majority in plain Python", watch.seconds, "s", "", f"{right(found, truth):.2f} % right")]


def judged(tasks: int) -> list[Figure]:
    """One task after one annotation, and which kind to take."""
    answers, truth = invented(min(tasks, 20_000))
    ballots = Ballots.of(answers)
    parameters = fit(ballots, Kind.DAWID_SKENE).model.to_parameters()
    watch = Stopwatch()
    model = Model.from_parameters(parameters)
    read = watch.seconds
    votes: dict[int, dict[int, str]] = defaultdict(dict)
    for task, person, label in answers[: ROUNDS * OVERLAP]:
        votes[task][person] = label
    passes = []
    for _ in range(3):
        times = []
        for given in votes.values():
            started = perf_counter()
            consensus_of(model, given)
            times.append(perf_counter() - started)
        passes.append(percentile(times, 0.5) * 1e6)
    watch = Stopwatch()
    kind, _ = choose_kind(ballots)
    chosen = watch.seconds
    known = {task: truth[task] for task in range(1, 201)}
    watch = Stopwatch()
    choose_kind(ballots, known)
    return [
        Figure("a model read back", read * 1000, "ms", "", f"{PEOPLE:,} people"),
        Figure("one task, 5 answers and labels, median", passes[-1], "microseconds", "< 50", f"first {passes[0]:.0f}"),
        Figure("choosing the kind by answers", chosen, "s", "", f"{kind.value}, {len(answers):,} answers"),
        Figure("choosing the kind with 200 known answers", watch.seconds, "s"),
    ]


def main() -> None:
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else TASKS
    parts: list[Callable[[int], list[Figure]]] = [voted]
    parts += [partial(fitted, kind) for kind in Kind]
    parts += [crowd_kit, judged]
    figures = []
    for part in parts:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            figures += process.apply(part, (tasks,))
    title = f"Consensus, {tasks:,} tasks with {OVERLAP} answers, {PEOPLE:,} people, {len(LABELS)} labels"
    show(title, "python -m benchmarks consensus", figures)
