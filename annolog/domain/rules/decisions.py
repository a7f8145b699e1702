"""What may be done with the rules of a project, and when a rule fires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from re import fullmatch
from typing import Any

from annolog.domain.project.decisions import must_exist
from annolog.domain.project.events import PauseCause, ProjectEvent, ProjectRole
from annolog.domain.project.members import pause_member, resume_member
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput, NotFound, StaleVersion, WrongState
from annolog.domain.rules.events import (
    FiringAppealed,
    FiringOverruled,
    RuleFired,
    RuleRemoved,
    RuleSet,
    SkillCause,
    SkillSet,
)
from annolog.domain.rules.rule import NAME, Pause, RaiseOverlap, Redo, Rule, checked
from annolog.domain.rules.rule import SetSkill as SetsSkill
from annolog.domain.rules.state import Firing, Rulebook, Skill

MOST_RULES = 50


@dataclass(frozen=True, slots=True)
class Findings:
    """What somebody found who held a rule against a person's conduct.

    `after` is the latest firing of the rule for the person that it was counted from, 0 for none. `annotations` are the
    answers that the action is about.
    """

    inputs: Mapping[str, float]
    after: int
    answers: int
    skips: int
    tasks: Sequence[int] = ()
    annotations: Sequence[int] = ()


def set_rule(project: Project, name: str, raw: Mapping[str, Any]) -> list[ProjectEvent]:
    """Have a rule under this name from now on. The same rule again is not news."""
    must_exist(project)
    if fullmatch(NAME, name) is None:
        message = "a name has up to 100 letters, digits, dots, dashes and underscores, a letter or digit first"
        raise InvalidInput(f"/name: {message}", faults=[Fault("/name", message)])
    rule, book = checked(raw), project.rulebook
    known = book.rules.get(name)
    if known is not None and known.rule == rule:
        return []
    if known is None and len(book.rules) >= MOST_RULES:
        raise WrongState(f"A project has at most {MOST_RULES} rules.")
    version = book.versions.get(name, 0) + 1
    return [RuleSet(project=project.id, name=name, version=version, rule=rule.model_dump(mode="json"))]


def remove_rule(project: Project, name: str) -> list[ProjectEvent]:
    """Let the rule look at nobody any more. What it has done stays until its time is over or it is overruled."""
    must_exist(project)
    if name not in project.rulebook.rules:
        raise NotFound(f"Project {project.id} has no rule {name!r}.")
    return [RuleRemoved(project=project.id, name=name)]


def has_news(rule: Rule, version: int, last: Firing | None, answers: int, skips: int) -> bool:
    """Whether there is anything to judge a person by that the rule has not fired on before."""
    if last is None:
        return True
    if not rule.again and last.version == version:
        return False
    return answers > last.answers or (rule.counts_skips and skips > last.skips)


def changes_anything(project: Project, person: int, name: str, rule: Rule, now: datetime) -> bool:
    """Whether the action could do anything: neither is who is paused by the rule paused by it, nor a skill set anew."""
    match rule.action:
        case Pause():
            pause = project.members[person].pauses.get((PauseCause.RULE, name))
            return pause is None or not pause.holds(now)
        case SetsSkill(skill=skill, value=value):
            return project.skill(person, skill) != value
        case _:
            return True


def is_ruled(project: Project, person: int) -> bool:
    """Whether rules look at this person: at annotators only."""
    member = project.members.get(person)
    return member is not None and member.role is ProjectRole.ANNOTATOR


def fire(project: Project, name: str, version: int, person: int, found: Findings, now: datetime) -> list[ProjectEvent]:
    """Let a rule fire for somebody, if its conditions hold for what was found and that is news. Else nothing happens.

    Refused as stale where the rule, or its latest firing, is another one than was looked at.
    """
    must_exist(project)
    known = project.rulebook.rules.get(name)
    if known is None or known.version != version:
        raise StaleVersion(f"Version {version} of the rule {name!r} is not in force.")
    last = project.rulebook.last(name, person)
    if (last.number if last else 0) != found.after:
        raise StaleVersion(f"The rule {name!r} has fired for this person since.")
    rule = known.rule
    if not rule.enabled or not is_ruled(project, person) or not rule.hold(found.inputs):
        return []
    if not has_news(rule, version, last, found.answers, found.skips):
        return []
    if not changes_anything(project, person, name, rule, now):
        return []
    if isinstance(rule.action, RaiseOverlap | Redo) and not 0 < len(found.annotations) <= rule.action.last:
        return []
    return _fired(project, name, version, rule, person, found, now)


def _fired(
    project: Project, name: str, version: int, rule: Rule, person: int, found: Findings, now: datetime
) -> list[ProjectEvent]:
    number = project.rulebook.fired + 1
    fired = RuleFired(
        project=project.id,
        firing=number,
        person=person,
        rule=name,
        version=version,
        inputs=dict(found.inputs),
        conditions=[condition.model_dump(mode="json") for condition in rule.conditions],
        action=rule.action.model_dump(mode="json"),
        tasks=list(found.tasks),
        annotations=list(found.annotations),
        answers=found.answers,
        skips=found.skips,
    )
    match rule.action:
        case Pause(kind=kind, minutes=minutes):
            until = None if minutes is None else now + timedelta(minutes=minutes)
            evidence = {"firing": number, "version": version, "inputs": dict(found.inputs)}
            reason = f"rule {name}, firing {number}: {in_words(found.inputs)}"
            return [fired, *pause_member(project, person, kind, PauseCause.RULE, reason, until, evidence, name)]
        case SetsSkill(skill=skill, value=value):
            return [fired, _skill_set(project, person, skill, value, SkillCause.RULE, number)]
        case _:
            return [fired]


def in_words(inputs: Mapping[str, float]) -> str:
    """What was found, for the person concerned."""
    return ", ".join(f"{name.replace('_', ' ')} {number:g}" for name, number in inputs.items())


def set_skill(project: Project, person: int, skill: str, value: float | None) -> list[ProjectEvent]:
    """Say what a member is good for; None takes the skill away. As it is already is not news."""
    must_exist(project)
    if person not in project.members:
        raise NotFound(f"Project {project.id} has no member {person}.")
    known = project.members[person].skills.get(skill)
    if (known.value if known else None) == value and (known is None or known.firing is None):
        return []
    return [_skill_set(project, person, skill, value, SkillCause.PERSON, None)]


def _skill_set(
    project: Project, person: int, skill: str, value: float | None, cause: SkillCause, firing: int | None
) -> SkillSet:
    previous = project.skill(person, skill)
    return SkillSet(
        project=project.id, person=person, skill=skill, value=value, cause=cause, previous=previous, firing=firing
    )


def appeal(project: Project, number: int, person: int, words: str) -> list[ProjectEvent]:
    """Say that a firing is wrong. Only the person concerned may, and once; others are told that there is none."""
    firing = _known(project, number)
    if firing is None or firing.person != person:
        raise NotFound(f"There is no firing {number} for this person.")
    if not words.strip():
        raise InvalidInput("/words: an appeal needs words", faults=[Fault("/words", "an appeal needs words")])
    if firing.overruled:
        raise WrongState(f"Firing {number} was overruled already.")
    if firing.appealed:
        raise WrongState(f"Firing {number} was appealed already.")
    return [FiringAppealed(project=project.id, firing=number, person=person, words=words)]


def overrule(project: Project, number: int, reason: str) -> list[ProjectEvent]:
    """Take a firing back: its pause ends, and a skill that nobody changed since is what it was before.

    What it asked of tasks is undone by the services, as far as that is possible. Overruled already is not news.
    """
    firing = _known(project, number)
    if firing is None:
        raise NotFound(f"Project {project.id} has no firing {number} that could be overruled.")
    if firing.overruled:
        return []
    overruled = FiringOverruled(project=project.id, firing=number, person=firing.person, reason=reason)
    return [overruled, *_ended_pause(project, firing), *_skill_put_back(project, firing)]


def _known(project: Project, number: int) -> Firing | None:
    must_exist(project)
    return project.rulebook.firing(number)


def _ended_pause(project: Project, firing: Firing) -> list[ProjectEvent]:
    """A rule does not fire while its pause holds, so a pause that stands is that of the latest firing."""
    latest = project.rulebook.last(firing.rule, firing.person)
    if firing.person not in project.members or firing.action["do"] != "pause" or latest != firing:
        return []
    return resume_member(project, firing.person, PauseCause.RULE, firing.rule)


def _skill_put_back(project: Project, firing: Firing) -> list[ProjectEvent]:
    member = project.members.get(firing.person)
    if member is None or firing.action["do"] != "set_skill":
        return []
    name = firing.action["skill"]
    now = member.skills.get(name)
    if now is None or now.firing != firing.number:
        return []
    before = _not_overruled(project.rulebook, firing.skill_before)
    value, by = (before.value, before.firing) if before else (None, None)
    return [_skill_set(project, firing.person, name, value, SkillCause.OVERRULED, by)]


def _not_overruled(book: Rulebook, skill: Skill | None) -> Skill | None:
    """The skill, or if it came from a firing that was overruled meanwhile, the one before that."""
    while skill is not None and skill.firing is not None:
        by = book.firing(skill.firing)
        if by is None or not by.overruled:
            return skill
        skill = by.skill_before
    return skill
