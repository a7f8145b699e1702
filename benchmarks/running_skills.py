"""What one more annotation costs the skills of people, and what asking for them costs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sqlalchemy import Connection, Engine, create_engine

from annolog.domain.project.events import LabelConfigRevised, ProjectCreated
from annolog.domain.recorded import Recorded
from annolog.domain.skills.skill import Source
from annolog.infra.interpreter import tune
from annolog.projections.skills import queries
from annolog.projections.skills.projector import skills
from benchmarks.measures import Figure, Stopwatch, show
from benchmarks.running_agreement import A_TASK, CONFIG, PEOPLE, TOGETHER, fold, recorded, submission

TASKS = 20_000


def history(in_turn: bool) -> list[Recorded]:
    """A project whose tasks are answered one after the other, or in as many rounds as a task has answers."""
    chance_of = Random(7)
    answers = [(task, person) for task in range(1, TASKS + 1) for person in chance_of.sample(range(1, PEOPLE), A_TASK)]
    if not in_turn:
        answers = [one for round_of in range(A_TASK) for one in answers[round_of::A_TASK]]
    events = [
        recorded(1, ProjectCreated(project=1, title="p")),
        recorded(2, LabelConfigRevised(project=1, version=1, label_config=CONFIG)),
    ]
    return events + [submission(place, task, person, chance_of) for place, (task, person) in enumerate(answers, 3)]


def folded(events: list[Recorded]) -> tuple[float, Engine]:
    """Seconds an event, and what it comes to."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        skills.metadata.create_all(connection)
    return fold(engine, events, skills) / len(events), engine


def asked(engine: Engine, question: Callable[[Connection], object]) -> float:
    """Seconds for asking."""
    with engine.connect() as connection:
        question(connection)
        watch = Stopwatch()
        question(connection)
        return watch.seconds


def main() -> None:
    """Print it."""
    tune()
    figures = []
    engine = None
    for in_turn, name in ((True, "task by task"), (False, "in rounds over all tasks")):
        seconds, engine = folded(history(in_turn))
        what = f"an annotation, {TASKS:,} tasks of {A_TASK} answers {name}, in batches of {TOGETHER:,}"
        figures.append(Figure(what, seconds * 1e6, "microseconds", "< 40"))
    assert engine is not None
    of_all = asked(engine, lambda connection: queries.skills_of(connection, 1))
    of_one = asked(engine, lambda connection: queries.measured(connection, 1, [7], Source.CONSENSUS, 30))
    figures += [
        Figure(f"asking for the skills of {PEOPLE - 1} people, control and labels", of_all * 1e3, "ms"),
        Figure("asking for one skill of one person, as rules do", of_one * 1e3, "ms"),
    ]
    show("Skills that are measured", "python -m benchmarks running_skills", figures)
