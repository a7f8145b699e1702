"""What may be asked of the rules of a project, and of what they did."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand, managed
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import project_stream
from annolog.domain.project.events import ProjectEvent
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden
from annolog.domain.rules import decisions
from annolog.domain.rules.conduct import MOST_RECENT
from annolog.domain.rules.decisions import Findings


class SetRule(ProjectCommand):
    """Have a rule under this name, a new one or in another version."""

    name: str
    rule: dict[str, Any]


class RemoveRule(ProjectCommand):
    """Let a rule look at nobody any more."""

    name: str


class FireRule(ProjectCommand):
    """Let a rule fire for somebody. Sent by the service that holds rules against what people do."""

    name: str
    version: int
    person: int
    inputs: dict[str, float]
    after: int = Field(description="The firing of the rule for this person that the inputs were counted from; 0: none.")
    answers: int
    skips: int
    tasks: list[int] = Field(default_factory=list, max_length=MOST_RECENT)
    annotations: list[int] = Field(default_factory=list, max_length=MOST_RECENT)


class SetSkill(ProjectCommand):
    """Say what a member is good for; None takes the skill away."""

    person: int
    skill: str = Field(min_length=1, max_length=100)
    value: float | None = Field(allow_inf_nan=False)


class AppealFiring(ProjectCommand):
    """Say that a rule was wrong about oneself."""

    firing: int
    words: str = Field(max_length=10_000)


class OverruleFiring(ProjectCommand):
    """Take back what a rule did."""

    firing: int
    reason: str = Field(default="", max_length=10_000)


def _decided(project: Project, events: list[ProjectEvent], **answer: Any) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id, **answer})


@handles(SetRule)
def set_rule(command: SetRule, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    events = decisions.set_rule(project, command.name, command.rule)
    version = project.rulebook.versions.get(command.name, 0) + len(events)
    return _decided(project, events, name=command.name, version=version)


@handles(RemoveRule)
def remove_rule(command: RemoveRule, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(project, decisions.remove_rule(project, command.name))


@handles(FireRule)
def fire_rule(command: FireRule, scope: Scope) -> Decision:
    """The project decides; the service only brings what it found."""
    scope.must_be_system()
    project = scope.project(command.project, Permission.CONFIGURE)
    found = Findings(command.inputs, command.after, command.answers, command.skips, command.tasks, command.annotations)
    return _decided(project, decisions.fire(project, command.name, command.version, command.person, found, scope.now))


@handles(SetSkill)
def set_skill(command: SetSkill, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope, Permission.MANAGE_MEMBERS)
    return _decided(project, decisions.set_skill(project, command.person, command.skill, command.value))


@handles(AppealFiring)
def appeal_firing(command: AppealFiring, scope: Scope) -> Decision:
    """For the person concerned, also while they are paused."""
    project = scope.project(command.project, Permission.SEE_PROJECT)
    rights.must_not_be_archived(scope.person, project)
    firing = project.rulebook.firing(command.firing)
    sees_all = rights.may(Permission.SEE_QUALITY, scope.person, project)
    # Who may see it is told so; to everybody else it is not there.
    if firing is not None and firing.person != scope.person.id and sees_all:
        raise Forbidden("Only the person whom a rule fired for appeals.")
    events = decisions.appeal(project, command.firing, scope.person.id, command.words)
    return _decided(project, events, firing=command.firing)


@handles(OverruleFiring)
def overrule_firing(command: OverruleFiring, scope: Scope) -> Decision:
    """For managers, whether anybody has appealed or not."""
    project = managed(command, scope)
    return _decided(project, decisions.overrule(project, command.firing, command.reason), firing=command.firing)
