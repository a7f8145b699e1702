"""Whatever happens to answers, figures that run equal figures made from scratch out of what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from annolog.domain.agreement.analysis import Analysis, analyse
from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.event import Event
from annolog.domain.labeling import LabelingConfig, comparable_values, parse_labeling_config
from annolog.domain.project import events as project_events
from annolog.domain.project.settings import AgreementSettings, plain
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RejectAction, RevisionCause, Standing, Verdict
from annolog.projections.agreement import queries
from annolog.projections.agreement.projector import agreement
from annolog.projections.consensus import verdicts

XML = """<View><Text name="text" value="$text"/>
<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/><Choice value="c"/></Choices>
<Choices name="topics" toName="text" choice="multiple"><Choice value="x"/><Choice value="y"/></Choices>
<Rating name="stars" toName="text"/>
<Labels name="span" toName="text"><Label value="PER"/><Label value="LOC"/></Labels></View>"""
NARROW = """<View><Text name="text" value="$text"/>
<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/><Choice value="c"/></Choices></View>"""
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
EXACT = 1e-12
P = 1

KINDS = (*["submit"] * 5, "measured", "revise", "delete", "restore", "review", "fix", "truth", "clear", "gone", "back")
DEFINITIONS = (
    AgreementSettings(),
    AgreementSettings(methodology="consensus", weights={"stars": 0.0, "topics": 0.5}),
    AgreementSettings(metrics={"topics": {"metric": "jaccard"}, "span": {"metric": "f1"}}),
    AgreementSettings(label_weights={"topics": {"x": 0.5}, "label": {"c": 0}}),
    AgreementSettings(weights={"label": 0.0}),
)
CUSTOM = (AgreementSettings(custom="d1"), AgreementSettings(custom="d2", methodology="consensus"))


def results(chance: Random, xml: str) -> list[dict[str, Any]]:
    """An answer that leaves out what it likes, and holds nothing that is not asked."""
    items: list[dict[str, Any]] = []
    where = {"to_name": "text"}
    if chance.random() < 0.5:
        value: dict[str, Any] = {"choices": [chance.choice("abc")]}
        items.append({"from_name": "label", "type": "choices", "value": value, **where})
    if chance.random() < 0.5:
        value = {"choices": sorted(label for label in "xy" if chance.random() < 0.5)}
        items.append({"from_name": "topics", "type": "choices", "value": value, **where})
    if chance.random() < 0.5:
        items.append({"from_name": "stars", "type": "rating", "value": {"rating": chance.randint(1, 5)}, **where})
    for place in range(chance.randint(0, 2)):
        start = chance.randint(0, 3)
        value = {"start": start, "end": start + 4, "text": "t", "labels": [chance.choice(["PER", "LOC"])]}
        items.append({"id": f"r{place}", "from_name": "span", "type": "labels", "value": value, **where})
    return items if xml == XML else [item for item in items if item["from_name"] == "label"]


@dataclass
class Answer:
    """An annotation as plain facts."""

    person: int
    result: list[dict[str, Any]]
    revision: int = 1
    counts: bool = True
    deleted: bool = False


@dataclass
class History:
    """Random things that happen to three tasks and four people, and what is left of them, kept without any fold."""

    events: list[Recorded] = field(default_factory=list)
    answers: dict[tuple[int, int], Answer] = field(default_factory=dict)
    truths: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    xml: str = XML
    definitions: int = 0
    in_force: AgreementSettings = field(default_factory=AgreementSettings)
    number: int = 0
    choices: tuple[AgreementSettings, ...] = DEFINITIONS

    def add(self, event: Event) -> None:
        position = len(self.events) + 1
        id = UUID(int=position)
        moment = NOON + timedelta(hours=7 * position)
        self.events.append(Recorded(position, id, "task-1", position, moment, 1, None, id, id, None, P, event))

    def happen(self, chance: Random) -> None:
        task = chance.randint(1, 3)
        here: dict[str, Any] = {"project": P, "task": task}
        mine = [key for key in self.answers if key[0] == task]
        kind = chance.choice(KINDS)
        if task in self.gone and kind != "back":
            return
        if kind == "submit":
            person = chance.randint(1, 4)
            key = (task, 10 * task + person)
            if key not in self.answers:
                self.answers[key] = Answer(person, results(chance, self.xml))
                self.add(
                    happened.AnnotationSubmitted(
                        **here, annotation=key[1], annotator=person, result=self.answers[key].result, config_version=1
                    )
                )
            return
        if kind in ("gone", "back"):
            if (task in self.gone) != (kind == "gone"):
                self.gone ^= {task}
                gone = happened.TaskDeleted(**here, reason="twice")
                self.add(gone if kind == "gone" else happened.TaskRestored(**here))
            return
        if kind == "clear":
            if task in self.truths:
                annotation = self.truths.pop(task)
                self.add(happened.GroundTruthCleared(**here, annotation=annotation, annotator=1))
            return
        if not mine:
            return
        key = chance.choice(mine)
        answer = self.answers[key]
        which: dict[str, Any] = {**here, "annotation": key[1], "annotator": answer.person}
        if kind == "measured":
            self._measured(chance, task)
        elif kind in ("revise", "fix"):
            answer.revision, answer.result = answer.revision + 1, results(chance, self.xml)
            answer.counts = answer.counts or kind == "revise"
            because = RevisionCause.OWN_UPDATE if kind == "revise" else RevisionCause.FIXED_IN_REVIEW
            self.add(
                happened.AnnotationRevised(
                    **which, revision=answer.revision, result=answer.result, by=9, config_version=1, because=because
                )
            )
        elif kind == "delete":
            answer.deleted = True
            self.add(happened.AnnotationDeleted(**which))
        elif kind == "restore":
            answer.deleted = False
            self.add(happened.AnnotationRestored(**which, standing=Standing.COUNTED))
        elif kind == "review":
            action = chance.choice([None, *RejectAction])
            answer.counts = action in (None, RejectAction.RETURN)
            verdict = Verdict.ACCEPTED if action is None else Verdict.REJECTED
            self.add(
                happened.AnnotationReviewed(
                    **which, review=1, revision=answer.revision, reviewer=9, verdict=verdict, action=action
                )
            )
        else:
            self.truths[task] = key[1]
            self.add(happened.GroundTruthSet(**which))

    def _measured(self, chance: Random, task: int) -> None:
        """A metric of the project's own, maybe of a definition that is gone, says something of the answers of now."""
        compared = sorted(
            (key[1], answer.revision)
            for key, answer in self.answers.items()
            if key[0] == task and answer.counts and not answer.deleted and self.truths.get(task) != key[1]
        )
        pairs = [
            happened.MeasuredPair(one=one, other=other, score=chance.choice([None, 0.0, 0.25, 1.0]))
            for place, (one, _) in enumerate(compared)
            for other, _ in compared[place + 1 :]
        ]
        self.add(
            happened.AgreementMeasured(
                project=P,
                task=task,
                definition=chance.choice([self.number, self.definitions, max(0, self.definitions - 1)]),
                digest="d1",
                annotations=compared,
                pairs=pairs,
                score=chance.choice([None, 0.5, 1.0]),
            )
        )

    def rules_change(self, chance: Random) -> None:
        match chance.choice(["settings", "config", "propose"]):
            case "settings":
                new = chance.choice(self.choices)
                self.definitions += 1
                self.number = self.definitions
                self.add(
                    project_events.SettingsChanged(
                        project=P, group="agreement", version=1, old=plain(self.in_force), new=plain(new)
                    )
                )
                self.in_force = new
            case "config":
                self.xml = chance.choice([XML, NARROW])
                self.add(project_events.LabelConfigRevised(project=P, version=2, label_config=self.xml))
            case _:
                self._propose(chance)

    def _propose(self, chance: Random) -> None:
        new = chance.choice(self.choices)
        self.definitions += 1
        version = self.definitions
        self.add(
            project_events.AgreementDefinitionProposed(
                project=P, version=version, definition=plain(new), activate=False
            )
        )
        for first, last, complete in ((1, 2, False), (3, 2**53 - 1, True)):
            for _ in range(chance.randint(0, 3)):
                self.happen(chance)
            self.add(
                project_events.AgreementRecomputed(
                    project=P, version=version, first_task=first, last_task=last, complete=complete
                )
            )
        for _ in range(chance.randint(0, 3)):
            self.happen(chance)
        if chance.random() < 0.5:
            self.add(
                project_events.AgreementDefinitionActivated(
                    project=P, version=version, previous=self.number, definition=plain(new)
                )
            )
            self.in_force, self.number = new, version
        else:
            self.add(project_events.AgreementDefinitionWithdrawn(project=P, version=version, reason="no"))

    @property
    def config(self) -> LabelingConfig:
        return parse_labeling_config(self.xml)

    def values(self) -> dict[int, dict[int, dict[str, Any]]]:
        """What is compared, from the facts alone."""
        compared: dict[int, dict[int, dict[str, Any]]] = {}
        for (task, annotation), answer in self.answers.items():
            if task not in self.gone and answer.counts and not answer.deleted and self.truths.get(task) != annotation:
                compared.setdefault(task, {})[answer.person] = comparable_values(self.config, answer.result)
        return compared


def history_of(seed: int, *, custom: bool = False) -> History:
    """What a seed makes happen, with metrics of the project's own among the definitions if asked for."""
    history = History(choices=(*DEFINITIONS, *CUSTOM) if custom else DEFINITIONS)
    live(history, Random(seed))
    return history


def live(history: History, chance: Random) -> None:
    """Let things happen in a project that is new."""
    history.add(project_events.ProjectCreated(project=P, title="p"))
    history.add(project_events.LabelConfigRevised(project=P, version=1, label_config=XML))
    for _ in range(chance.randint(1, 4)):
        for _ in range(chance.randint(0, 12)):
            history.happen(chance)
        history.rules_change(chance)
    for _ in range(chance.randint(0, 6)):
        history.happen(chance)


def folded(history: History, pieces: int) -> Iterator[Connection]:
    """The read model after the history, folded in pieces."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        agreement.metadata.create_all(connection)
        for start in range(0, len(history.events), pieces):
            agreement.fold(connection, history.events[start : start + pieces])
        yield connection
    engine.dispose()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 3, 1000]))
def test_figures_that_run_equal_figures_made_from_scratch(seed: int, pieces: int) -> None:
    history = history_of(seed)
    scratch = analyse(history.values(), history.config, history.in_force)
    for connection in folded(history, pieces):
        found = queries.project_agreement(connection, P)
        assert found is not None
        assert found["definition"] == history.number
        the_same_means(found, scratch)
        the_same_pairs(connection, history, scratch)
        the_same_people(connection, scratch)
        the_same_tasks(connection, history, scratch)
        the_same_truths(connection, history)


def the_same_people(connection: Connection, scratch: Analysis) -> None:
    """Everybody's agreement with everybody else, out of the pairs made from scratch."""
    sums: dict[int, tuple[float, int]] = {}
    for (one, other), found in scratch.overall.pairs.items():
        for person in (one, other):
            total, count = sums.get(person, (0.0, 0))
            sums[person] = (total + found.agreement * found.tasks, count + found.tasks)
    found_people = {row["person"]: row for row in queries.people(connection, P)}
    for person, row in found_people.items():
        total, count = sums.get(person, (0.0, 0))
        assert row["agreement_pairs"] == count
        assert close(row["agreement"], total / count if count else None)
    assert sums.keys() <= found_people.keys()


def close(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else one == pytest.approx(other, abs=EXACT, rel=0)


def the_same_means(found: dict[str, Any], scratch: Analysis) -> None:
    assert close(found["percent_agreement"], scratch.overall.pairwise)
    assert close(found["consensus"], scratch.overall.consensus)
    for name, part in scratch.dimensions.items():
        mine = found["dimensions"][name]
        assert close(mine["pairwise"], part.scores.pairwise)
        assert close(mine["consensus"], part.scores.consensus)
        labels = {label: figure for label, figure in part.labels.items() if figure.tasks}
        assert mine["labels"].keys() == labels.keys()
        for label, figure in labels.items():
            assert close(mine["labels"][label]["agreement"], figure.agreement)
            assert mine["labels"][label]["tasks"] == figure.tasks
        for coefficient, value in part.coefficients.items():
            assert close(mine["coefficients"][coefficient]["value"], value.value)
            assert mine["coefficients"][coefficient]["reason"] == value.reason


def the_same_pairs(connection: Connection, history: History, scratch: Analysis) -> None:
    for dimension, scores in {"": scratch.overall, **{n: p.scores for n, p in scratch.dimensions.items()}}.items():
        mine = {(row["one"], row["other"]): row for row in queries.pairs(connection, P, dimension)}
        assert mine.keys() == scores.pairs.keys()
        for pair, score in scores.pairs.items():
            assert mine[pair]["tasks"] == score.tasks
            assert close(mine[pair]["agreement"], score.agreement)


def the_same_tasks(connection: Connection, history: History, scratch: Analysis) -> None:
    mine = {task: score for task, score, *_ in queries.measured(connection, [1, 2, 3])}
    for task in (1, 2, 3):
        score = scratch.overall.tasks.get(task)
        assert close(mine.get(task), None if score is None else score.agreement)
    for row in verdicts.votes_page(connection, P, 0, 10):
        for name, winners in row["winners"].items():
            expected = scratch.dimensions[name].winners.get(row["task"], ())
            assert winners == [list(v) if isinstance(v, tuple) else v for v in expected]


def the_same_truths(connection: Connection, history: History) -> None:
    expected: dict[int, list[float]] = {}
    for task, people in history.values().items():
        truth = history.answers.get((task, history.truths.get(task, 0)))
        if truth is None or truth.deleted or task in history.gone:
            continue
        true = comparable_values(history.config, truth.result)
        for person, values in people.items():
            score = task_agreement({-1: true, person: values}, history.config, history.in_force).pairwise
            if score is not None:
                expected.setdefault(person, []).append(score)
    mine = {person: (score, tasks) for person, score, tasks in queries.accuracies(connection, P)}
    assert mine.keys() == expected.keys()
    for person, scores in expected.items():
        assert mine[person][1] == len(scores)
        assert close(mine[person][0], sum(scores) / len(scores))
