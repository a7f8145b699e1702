"""What one more annotation costs the figures of its project, however large that is; and what asking costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine

from annolog.domain.event import Event
from annolog.domain.project.events import LabelConfigRevised, ProjectCreated
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import AnnotationSubmitted
from annolog.infra.interpreter import tune
from annolog.projections.agreement import chance, quality, queries
from annolog.projections.agreement.projector import agreement
from annolog.projections.engine.projector import Projector
from benchmarks.measures import Figure, Stopwatch, show

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    + "".join(f'<Choice value="{label}"/>' for label in "abcde")
    + "</Choices></View>"
)
PEOPLE = 200
A_TASK = 5
SIZES = (1_000, 20_000)
MORE = 5_000
TOGETHER = 1_000
QUESTIONS = ("project", "coefficients with intervals", "coefficients of a pair", "confusion", "explanation")
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def recorded(position: int, event: Event) -> Recorded:
    """An event in its envelope."""
    id = UUID(int=position)
    return Recorded(position, id, "task-1", position, NOON, 1, None, id, id, None, 1, event)


def submission(position: int, task: int, person: int, chance_of: Random) -> Recorded:
    """One more annotation of a task, by a crowd that is right three times in four."""
    label = "abcde"[task % 5] if chance_of.random() < 0.75 else chance_of.choice("abcde")
    result = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]
    event = AnnotationSubmitted(
        project=1, task=task, annotation=position, annotator=person, result=result, config_version=1
    )
    return recorded(position, event)


def fold(engine: Engine, events: Sequence[Recorded], projector: Projector = agreement) -> float:
    """Seconds for folding events, batch by batch, each with its commit."""
    watch = Stopwatch()
    for start in range(0, len(events), TOGETHER):
        with engine.begin() as connection:
            projector.fold(connection, events[start : start + TOGETHER])
    return watch.seconds


def project_of(tasks: int) -> tuple[Engine, int]:
    """A project whose tasks were all answered by four people; the position reached."""
    engine = create_engine("sqlite://")
    chance_of = Random(7)
    events = [
        recorded(1, ProjectCreated(project=1, title="p")),
        recorded(2, LabelConfigRevised(project=1, version=1, label_config=CONFIG)),
    ]
    for task in range(1, tasks + 1):
        for person in chance_of.sample(range(1, PEOPLE), A_TASK - 1):
            events.append(submission(len(events) + 1, task, person, chance_of))
    with engine.begin() as connection:
        agreement.metadata.create_all(connection)
    fold(engine, events)
    return engine, len(events)


def one_more(tasks: int) -> tuple[float, Engine]:
    """Seconds for one more annotation of random tasks, by somebody who is new to them."""
    engine, position = project_of(tasks)
    chance_of = Random(8)
    chosen = [chance_of.randint(1, tasks) for _ in range(MORE)]
    events = [
        submission(position + place, task, PEOPLE + place, chance_of) for place, task in enumerate(chosen, start=1)
    ]
    return fold(engine, events) / MORE, engine


def asked(engine: Engine, name: str) -> float:
    """Seconds for asking."""

    def run(connection: Connection) -> object:
        match name:
            case "project":
                return queries.project_agreement(connection, 1)
            case "coefficients with intervals":
                return chance.coefficients(connection, 1, "label")
            case "coefficients of a pair":
                return chance.of_pair(connection, 1, "label", 3, 4)
            case "confusion":
                return quality.confused(connection, 1, "label", quality.Mode.ALL)
            case _:
                return quality.explained(connection, 1, "label", 20)

    with engine.connect() as connection:
        run(connection)
        watch = Stopwatch()
        run(connection)
        return watch.seconds


def main() -> None:
    """Print it."""
    tune()
    figures = []
    engine = None
    for tasks in SIZES:
        seconds, engine = one_more(tasks)
        name = f"one more annotation, {tasks:,} tasks of {A_TASK - 1} answers, in batches of {TOGETHER:,}"
        figures.append(Figure(name, seconds * 1e6, "microseconds", "< 200"))
    assert engine is not None
    figures += [
        Figure(f"asking for {name}, {SIZES[-1] * 4:,} answers", asked(engine, name) * 1e3, "ms") for name in QUESTIONS
    ]
    show("Agreement that runs", "python -m benchmarks running_agreement", figures)
