"""The agreement of a million choices at once, beside going from task to task and from pair to pair."""

from __future__ import annotations

import random
import sys
from itertools import combinations

from annolog.domain.agreement.analysis import analyse
from annolog.domain.agreement.ballot import contribution
from annolog.domain.agreement.metrics import METRICS
from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.labeling import Value, parse_labeling_config
from annolog.domain.project.settings import AgreementSettings, MetricChoice
from benchmarks.measures import Figure, Stopwatch, resident_megabytes, show

TASKS = 200_000
OVERLAP = 5
PEOPLE = 1_000
LABELS = ("negative", "neutral", "positive", "not weather", "cannot tell")
CONFIG = parse_labeling_config(
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    + "".join(f'<Choice value="{label}"/>' for label in LABELS)
    + "</Choices></View>"
)
Answers = dict[int, dict[int, dict[str, Value]]]


def crowd(tasks: int) -> Answers:
    """A crowd in which two of three answers are the task's own label."""
    chance = random.Random(1)
    answers: Answers = {}
    for task in range(1, tasks + 1):
        usual = chance.choice(LABELS)
        people = chance.sample(range(1, PEOPLE + 1), OVERLAP)
        answers[task] = {
            person: {"label": usual if chance.random() < 2 / 3 else chance.choice(LABELS)} for person in people
        }
    return answers


def one_by_one(answers: Answers) -> None:
    """The same scores with what read models use, a task at a time."""
    settings, exact = AgreementSettings(), METRICS["exact_match"]
    sums: dict[tuple[int, int], float] = {}
    for task in answers.values():
        task_agreement(task, CONFIG, settings)
        ballot = {person: answer["label"] for person, answer in task.items()}
        contribution(ballot, exact)
        for pair in combinations(sorted(ballot), 2):
            sums[pair] = sums.get(pair, 0.0) + exact.score(*[ballot[person] for person in pair])


def main() -> None:
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else TASKS
    answers = crowd(tasks)
    before, watch = resident_megabytes(), Stopwatch()
    found = analyse(answers, CONFIG, AgreementSettings())
    fast, memory = watch.seconds, resident_megabytes() - before
    by_sets = AgreementSettings(metrics={"label": MetricChoice(metric="jaccard")})
    watch = Stopwatch()
    analyse(answers, CONFIG, by_sets)
    generic = watch.seconds
    watch = Stopwatch()
    one_by_one(answers)
    slow = watch.seconds
    count = tasks * OVERLAP
    figures = [
        Figure("exact match, all at once", fast, "s", "< 20", f"{count / fast:,.0f} annotations/s"),
        Figure("Jaccard, all at once", generic, "s", "", f"{count / generic:,.0f} annotations/s"),
        Figure(
            "baseline: exact match, task by task and pair by pair", slow, "s", "", f"{count / slow:,.0f} annotations/s"
        ),
        Figure("memory of the analysis", memory, "MiB", "", f"{len(found.overall.pairs):,} pairs of people"),
    ]
    title = f"Agreement of {count:,} choices: {tasks:,} tasks, {OVERLAP} of {PEOPLE:,} people each"
    show(title, "python -m benchmarks agreement", figures)
