"""What the reactions of rules look at, and what they ask for, without an installation around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation
from annolog.commands.distributing import AddSlot, TakeBackSlots
from annolog.commands.rules import FireRule
from annolog.domain.event import Event
from annolog.domain.project.events import MemberAdded, ProjectCreated, ProjectRole, SettingsChanged
from annolog.domain.project.state import Project, fold
from annolog.domain.recorded import Recorded
from annolog.domain.rules.conduct import Conduct
from annolog.domain.rules.decisions import set_rule
from annolog.domain.rules.events import FiringOverruled, RuleFired, RuleSet
from annolog.domain.skills.skill import Skill, Source, measure
from annolog.domain.task.evolve import fold as task_after
from annolog.domain.task.state import Task
from annolog.services.ports import Fired
from annolog.services.rules import rule_consequences, rules
from tests.story import ADA, BOB, NOON, PROJECT, TASK, imported, skipped, submitted

ENOUGH = {
    "conditions": [{"collector": "answers", "comparison": "gte", "value": 1}],
    "action": {"do": "pause", "minutes": 1},
}


class Known:
    """States and conduct as they are told, and a note of whoever was asked about."""

    def __init__(self, *project: Event, fired: Fired | None = None) -> None:
        members = [MemberAdded(project=PROJECT, person=id, role=ProjectRole.ANNOTATOR) for id in (ADA, BOB)]
        self._project = fold(Project(PROJECT), [ProjectCreated(project=PROJECT, title="x"), *members, *project])
        self._fired = fired
        self.asked: list[list[int]] = []
        self.measured: list[tuple[Source, int | None]] = []

    def task(self, id: int) -> Task:
        return task_after(Task(id), [imported(slots=2), submitted(ADA), submitted(BOB)])

    def tasks(self, ids: Sequence[int]) -> Mapping[int, Task]:
        return {id: self.task(id) for id in ids}

    def project(self, id: int) -> Project:
        assert id == PROJECT
        return self._project

    def of_people(self, project: int, people: Sequence[int]) -> Mapping[int, Conduct]:
        assert project == PROJECT
        self.asked.append(sorted(people))
        return {person: Conduct(answers=1) for person in people}

    def of(self, project: int, people: Sequence[int], source: Source, days: int | None) -> Mapping[int, Skill]:
        self.measured.append((source, days))
        found = measure(9, 10)
        assert found is not None
        return {ADA: found}

    def firing(self, project: int, number: int) -> Fired | None:
        assert (project, number) == (PROJECT, 1)
        return self._fired


def recorded(*events: Event) -> list[Recorded]:
    id = UUID(int=1)
    return [
        Recorded(position, id, "task-1", position, NOON, 1, None, id, id, None, PROJECT, event)
        for position, event in enumerate(events, start=1)
    ]


def enough(**more: object) -> Event:
    [found] = set_rule(fold(Project(PROJECT), [ProjectCreated(project=PROJECT, title="x")]), "enough", ENOUGH | more)
    return found


def test_without_a_rule_that_is_on_nobody_is_looked_at() -> None:
    for known in (Known(), Known(enough(enabled=False))):
        assert list(rules(known, known, known).react(recorded(submitted(ADA)))) == []
        assert known.asked == []


def test_an_answer_concerns_everybody_who_answered_the_task_and_a_skip_who_skipped_it() -> None:
    known = Known(enough())
    asks = [ask for _, ask in rules(known, known, known).react(recorded(submitted(ADA)))]
    assert known.asked == [[ADA, BOB]]
    assert [ask.name for ask in asks] == [f"enough:1:{ADA}", f"enough:1:{BOB}"]
    list(rules(known, known, known).react(recorded(skipped(ADA))))
    assert known.asked[1:] == [[ADA]]


def test_a_rule_concerns_everybody_and_settings_only_those_of_agreement() -> None:
    known = Known(enough())
    for group, looked in (("review", []), ("agreement", [[ADA, BOB]])):
        change = SettingsChanged(project=PROJECT, group=group, version=1, old={}, new={})
        known.asked.clear()
        list(rules(known, known, known).react(recorded(change)))
        assert known.asked == looked
    known.asked.clear()
    list(rules(known, known, known).react(recorded(RuleSet(project=PROJECT, name="enough", version=1, rule=ENOUGH))))
    assert known.asked == [[ADA, BOB]]


def fired(action: dict[str, object]) -> RuleFired:
    return RuleFired(
        project=PROJECT, firing=1, person=ADA, rule="r", version=1, inputs={}, conditions=[], action=action,
        tasks=[TASK, 8], annotations=[101, 108], answers=2, skips=0,
    )  # fmt: skip


def test_what_was_overruled_before_anybody_carried_it_out_is_still_done_and_undone_in_that_order() -> None:
    overruled = FiringOverruled(project=PROJECT, firing=1, person=ADA, reason="")
    for action, does, undoes in (
        ({"do": "raise_overlap", "by": 1, "last": 2}, AddSlot, TakeBackSlots),
        ({"do": "redo", "last": 2}, DeleteAnnotation, RestoreAnnotation),
    ):
        event = fired(action)
        known = Known(fired=Fired(event.action, event.tasks, event.annotations))
        asks = [ask.command for _, ask in rule_consequences(known).react(recorded(event, overruled))]
        assert [type(command) for command in asks] == [does, does, undoes, undoes]
        assert [command.task for command in asks] == [TASK, 8, TASK, 8]  # type: ignore[attr-defined]


def test_a_pause_or_a_skill_asks_nothing_of_tasks() -> None:
    for action in ({"do": "pause", "kind": "full"}, {"do": "set_skill", "skill": "films", "value": 1.0}):
        assert list(rule_consequences(Known()).react(recorded(fired(action)))) == []


def test_a_skill_is_measured_once_for_everybody_however_many_rules_ask_for_it() -> None:
    parameters = {"source": "consensus", "days": 30}
    conditions = [
        {"collector": "skill", "comparison": "gte", "value": 0.9, "parameters": parameters},
        {"collector": "skill_answers", "comparison": "gte", "value": 10, "parameters": parameters},
    ]
    known = Known(enough(conditions=conditions), enough(enabled=False))
    assert list(rules(known, known, known).react(recorded(submitted(ADA)))) == []
    assert known.measured == []
    known = Known(enough(conditions=conditions))
    asks = [ask.command for _, ask in rules(known, known, known).react(recorded(submitted(ADA), submitted(BOB)))]
    assert known.measured == [(Source.CONSENSUS, 30)]
    [command] = asks
    assert isinstance(command, FireRule)
    assert (command.person, command.inputs) == (ADA, {"skill": 0.9, "skill_answers": 10})
