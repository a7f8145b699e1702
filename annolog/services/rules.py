"""Rules of a project's own are held against what people do, and what they ask of tasks is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation
from annolog.commands.distributing import AddSlot, TakeBackSlots
from annolog.commands.rules import FireRule
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.rules import events as ruled
from annolog.domain.rules.conduct import Conduct, Measure
from annolog.domain.rules.decisions import changes_anything, has_news, is_ruled
from annolog.domain.rules.rule import RaiseOverlap, Redo, Rule, judge, looked_at
from annolog.domain.skills.skill import Skill
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.domain.task.events import Standing
from annolog.domain.task.state import Annotation, Task
from annolog.services.ports import Conducts, Skills, States
from annolog.services.reaction import Ask, Reaction

WORK: frozenset[type[Event]] = CHANGING_ANSWERS | {
    happened.AnnotationSkipped,
    happened.AgreementMeasured,
    happened.TaskDeleted,
    happened.TaskRestored,
}
# After these everybody is looked at.
RULES: frozenset[type[Event]] = frozenset(
    {
        ruled.RuleSet,
        project_events.SettingsChanged,
        project_events.AgreementDefinitionActivated,
        project_events.LabelConfigRevised,
    }
)


def rules(states: States, conducts: Conducts, skills: Skills) -> Reaction:
    """Hold the rules of a project against everybody whose figures an event can have changed; the project decides."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        now = max(recorded.recorded_at for recorded in batch)
        by_project: dict[int, list[Recorded]] = {}
        for recorded in batch:
            assert recorded.project is not None
            by_project.setdefault(recorded.project, []).append(recorded)
        for id, happenings in by_project.items():
            project = states.project(id)
            enabled = [known.rule for known in project.rulebook.rules.values() if known.rule.enabled]
            if not enabled:
                continue
            concerned = _concerned(happenings, project, states)
            if not concerned:
                continue
            measured = _measured(enabled, id, list(concerned), skills)
            for person, conduct in conducts.of_people(id, list(concerned)).items():
                whole = replace(conduct, skills=measured[person])
                for command in _firings(project, person, whole, states, now):
                    yield concerned[person], Ask(command, f"{command.name}:{command.version}:{person}")

    return Reaction("rules", WORK | RULES, react)


def _measured(
    enabled: Sequence[Rule], project: int, people: Sequence[int], skills: Skills
) -> Mapping[int, Mapping[Measure, Skill]]:
    """What the rules ask for of measured skills, each found once for all people."""
    found: dict[int, dict[Measure, Skill]] = {person: {} for person in people}
    for measure in frozenset[Measure]().union(*(rule.measures for rule in enabled)):
        for person, skill in skills.of(project, people, measure.source, measure.days).items():
            found[person][measure] = skill
    return found


def _concerned(happenings: Sequence[Recorded], project: Project, states: States) -> dict[int, Recorded]:
    """Whose figures may be others now, each with the latest event that says so.

    What one person says changes what the majority says, so everybody is concerned who has answered the task.
    """
    tasks = states.tasks(list({r.event.task for r in happenings if isinstance(r.event, happened.TaskEvent)}))
    found: dict[int, Recorded] = {}
    for recorded in happenings:
        event = recorded.event
        if isinstance(event, happened.AnnotationSkipped):
            people = [event.person]
        elif isinstance(event, happened.TaskEvent):
            people = [annotation.annotator for annotation in tasks[event.task].annotations.values()]
        elif isinstance(event, project_events.SettingsChanged) and event.group != "agreement":
            continue
        else:
            people = list(project.members)
        found |= dict.fromkeys(people, recorded)
    return {person: recorded for person, recorded in found.items() if is_ruled(project, person)}


def _firings(project: Project, person: int, conduct: Conduct, states: States, now: datetime) -> Iterator[FireRule]:
    """The rules that have something new to say about a person. What they fired on before is left out."""
    for name, known in project.rulebook.rules.items():
        rule, last = known.rule, project.rulebook.last(name, person)
        if not has_news(rule, known.version, last, conduct.answers, conduct.skips):
            continue
        seen = conduct.since(last.answers, last.skips) if last else conduct
        inputs = judge(rule, seen)
        if inputs is None or not changes_anything(project, person, name, rule, now):
            continue
        tasks = looked_at(rule, seen)
        annotations: list[int] = []
        if isinstance(rule.action, RaiseOverlap | Redo):
            work = _work(rule, person, states.tasks(tasks))
            tasks, annotations = list(work), [annotation.id for annotation in work.values()]
            if not work:
                continue
        yield FireRule(
            project=project.id,
            name=name,
            version=known.version,
            person=person,
            inputs=inputs,
            after=last.number if last else 0,
            answers=conduct.answers,
            skips=conduct.skips,
            tasks=tasks,
            annotations=annotations,
        )


def _work(rule: Rule, person: int, tasks: Mapping[int, Task]) -> dict[int, Annotation]:
    """The person's answers that the action can do something about. What a ground truth is there for needs nobody."""
    found = {}
    for id, task in tasks.items():
        annotation = task.annotation_of(person)
        if not task.exists or annotation is None or annotation.standing is Standing.PASSED_ON:
            continue
        needless = task.ground_truth is not None and isinstance(rule.action, RaiseOverlap)
        if annotation.id != task.ground_truth and not needless:
            found[id] = annotation
    return found


def rule_consequences(conducts: Conducts) -> Reaction:
    """What a firing asks of tasks, and when it is overruled the opposite, as far as nobody has made use of it."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            event = recorded.event
            if isinstance(event, ruled.RuleFired):
                yield from ((recorded, ask) for ask in _carried_out(event))
            elif isinstance(event, ruled.FiringOverruled):
                yield from ((recorded, ask) for ask in _taken_back(event, conducts))

    return Reaction("rule_consequences", frozenset({ruled.RuleFired, ruled.FiringOverruled}), react)


def _carried_out(event: ruled.RuleFired) -> Iterator[Ask]:
    reason = f"rule {event.rule}, firing {event.firing}"
    match event.action:
        case {"do": "raise_overlap", "by": by}:
            for task in event.tasks:
                for one_more in range(by):
                    yield Ask(AddSlot(task=task, reason=reason), f"{task}:{one_more}")
        case {"do": "redo"}:
            for task, annotation in zip(event.tasks, event.annotations, strict=True):
                yield Ask(DeleteAnnotation(task=task, annotation=annotation, reason=reason), str(task))


def _taken_back(event: ruled.FiringOverruled, conducts: Conducts) -> Iterator[Ask]:
    fired = conducts.firing(event.project, event.firing)
    if fired is None:
        return
    reason = f"firing {event.firing} overruled"
    match fired.action:
        case {"do": "raise_overlap", "by": by}:
            for task in fired.tasks:
                yield Ask(TakeBackSlots(task=task, slots=by, reason=reason), str(task))
        case {"do": "redo"}:
            for task, annotation in zip(fired.tasks, fired.annotations, strict=True):
                yield Ask(RestoreAnnotation(task=task, annotation=annotation), str(task))
