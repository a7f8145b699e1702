"""What the rules need to know about one project, folded from its stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, reduce
from types import MappingProxyType
from typing import Any

from annolog.domain.drift import events as drifted
from annolog.domain.drift import state as drift
from annolog.domain.drift.state import Alarms
from annolog.domain.event import Event
from annolog.domain.labeling import LabelingConfig, parse_labeling_config
from annolog.domain.project import events as happened
from annolog.domain.project.data_fields import TaskFields
from annolog.domain.project.evaluation import Standing
from annolog.domain.project.events import MemberSource, PauseCause, PauseKind, ProjectRole
from annolog.domain.project.settings import GROUPS, AgreementSettings, Settings
from annolog.domain.project.view import View
from annolog.domain.project.view import after_event as views_after
from annolog.domain.project.webhook import Webhook, after_event
from annolog.domain.rules import events as ruled
from annolog.domain.rules import state as rules
from annolog.domain.rules.state import Rulebook, Skill

EMPTY_CONFIG = "<View></View>"

# A pause is told from others by its cause, and where that is a rule by the rule.
PauseKey = tuple[PauseCause, str | None]

parsed_config = lru_cache(maxsize=256)(parse_labeling_config)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why somebody may not take new work, and until when."""

    kind: PauseKind
    cause: PauseCause
    reason: str
    until: datetime | None = None
    rule: str | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the pause is still on."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to the project. `judged` is what their latest pause by evaluation rested on."""

    role: ProjectRole
    pauses: Mapping[PauseKey, Pause] = field(default_factory=lambda: MappingProxyType({}))
    skills: Mapping[str, Skill] = field(default_factory=lambda: MappingProxyType({}))
    judged: Standing | None = None
    custom_role: str = ""
    source: MemberSource = MemberSource.PROJECT

    def pause(self, now: datetime) -> Pause | None:
        """The pause that holds now, the fullest first."""
        if not self.pauses:
            return None
        holding = [pause for pause in self.pauses.values() if pause.holds(now)]
        return min(holding, key=lambda pause: pause.kind is not PauseKind.FULL, default=None)

    def is_at_work(self, now: datetime) -> bool:
        """Whether they annotate, and nothing keeps them from it."""
        return self.role is ProjectRole.ANNOTATOR and self.pause(now) is None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A definition of agreement that is being computed beside the one in force, up to task `computed`."""

    version: int
    settings: AgreementSettings
    activate: bool
    threshold: float | None
    computed: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """One project as the rules see it. A project that does not exist has no title."""

    id: int
    title: str = ""
    description: str = ""
    organization: int = 1
    workspace: int | None = None
    config: LabelingConfig = field(default_factory=lambda: parsed_config(EMPTY_CONFIG))
    config_version: int = 0
    instructions: str = ""
    settings: Settings = field(default_factory=Settings)
    settings_version: int = 0
    fields: TaskFields = field(default_factory=TaskFields)
    settings_before: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    definition: int = 0
    definitions: int = 0
    proposal: Proposal | None = None
    custom_metrics: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    members: Mapping[int, Member] = field(default_factory=lambda: MappingProxyType({}))
    rulebook: Rulebook = field(default_factory=Rulebook)
    alarms: Alarms = field(default_factory=Alarms)
    published: bool = False
    tasks: int = 0
    covered: int = 0
    coverages: int = 0
    granted: int = 0
    webhooks: Mapping[int, Webhook] = field(default_factory=lambda: MappingProxyType({}))
    views: Mapping[int, View] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def exists(self) -> bool:
        """Whether the project was created."""
        return bool(self.title)

    def skill(self, person: int, name: str) -> float | None:
        """What somebody's skill of this name is, None if they have none or are no member."""
        member = self.members.get(person)
        found = member.skills.get(name) if member else None
        return found.value if found else None

    def is_away(self, person: int, now: datetime) -> bool:
        """Whether somebody left the project, or is paused fully: nothing may wait for them."""
        member = self.members.get(person)
        pause = member.pause(now) if member else None
        return member is None or (pause is not None and pause.kind is PauseKind.FULL)

    def annotates(self, person: int) -> bool:
        """Whether annotating is what somebody is there for; reviewers and managers may, but nothing waits for them."""
        member = self.members.get(person)
        return member is not None and member.role is ProjectRole.ANNOTATOR

    def at_work(self, now: datetime) -> Iterator[int]:
        """The members who may be given tasks to annotate now, one by one: often the first few of very many will do."""
        for person, member in self.members.items():
            if member.is_at_work(now):
                yield person

    def is_at_work(self, person: int, now: datetime) -> bool:
        """Whether this person may be given tasks to annotate now."""
        member = self.members.get(person)
        return member is not None and member.is_at_work(now)


def fold(project: Project, events: Iterable[Event]) -> Project:
    """The project after a history."""
    return reduce(evolve, events, project)


def evolve(project: Project, event: Event) -> Project:
    """The project once `event` has happened. Total: an event it does not know changes nothing."""
    match event:
        case happened.ProjectCreated(title=title, description=description):
            begun = replace(project, title=title, description=description)
            return replace(begun, organization=event.organization, workspace=event.workspace)
        case happened.ProjectRevised(title=title, description=description):
            return replace(project, title=title, description=description)
        case happened.ProjectMoved(workspace=workspace):
            return replace(project, workspace=workspace)
        case happened.LabelConfigRevised(version=version, label_config=xml):
            config = parsed_config(xml)
            return replace(
                project, config=config, config_version=version, fields=project.fields.with_objects(config.shown)
            )
        case happened.InstructionsRevised(instructions=instructions):
            return replace(project, instructions=instructions)
        case happened.SettingsChanged(group=group, old=old, new=new, version=version):
            settings = project.settings.model_copy(update={group: GROUPS[group].model_validate(new)})
            before = MappingProxyType({**project.settings_before, group: old})
            changed = replace(project, settings=settings, settings_version=version, settings_before=before)
            if group == "data_fields":
                changed = replace(changed, fields=project.fields.with_rules(settings.data_fields))
            return defined(changed, project.definitions + 1) if group == "agreement" else changed
        case happened.TasksImported(count=count, covered=covered):
            return replace(project, tasks=project.tasks + count, covered=project.covered + covered)
        case happened.CoverageSet(covered=covered):
            return replace(project, covered=covered, coverages=project.coverages + 1)
        case happened.LabelsGranted(granted=granted):
            return replace(project, granted=granted)
        case happened.ProjectPublished() | happened.ProjectUnpublished():
            return replace(project, published=isinstance(event, happened.ProjectPublished))
        case happened.MemberAdded() | happened.MemberRoleChanged() | happened.MemberRemoved():
            return _membership(project, event)
        case happened.MemberPaused() | happened.MemberResumed() | ruled.SkillSet():
            return _membership(project, event)
        case ruled.RuleFired(person=person, action=action):
            skill = project.members[person].skills.get(action.get("skill", "")) if person in project.members else None
            return replace(project, rulebook=rules.evolve(project.rulebook, event, skill))
        case ruled.RuleSet() | ruled.RuleRemoved() | ruled.FiringAppealed() | ruled.FiringOverruled():
            return replace(project, rulebook=rules.evolve(project.rulebook, event))
        case drifted.DriftDetected() | drifted.DriftDismissed():
            return replace(project, alarms=drift.evolve(project.alarms, event))
        case (
            happened.WebhookRegistered()
            | happened.WebhookChanged()
            | happened.WebhookRemoved()
            | happened.WebhookDisabled()
        ):
            return replace(project, webhooks=MappingProxyType(after_event(project.webhooks, event)))
        case happened.ViewSaved() | happened.ViewRemoved():
            return replace(project, views=MappingProxyType(views_after(project.views, event)))
        case _:
            return _definition(project, event)


def defined(project: Project, version: int) -> Project:
    """The project with the definition of agreement in force numbered so."""
    return replace(project, definition=version, definitions=max(project.definitions, version))


def _definition(project: Project, event: Event) -> Project:
    match event:
        case happened.AgreementDefinitionProposed(version=version):
            settings = AgreementSettings.model_validate(event.definition)
            proposal = Proposal(version, settings, event.activate, event.threshold)
            return replace(project, proposal=proposal, definitions=version)
        case happened.AgreementRecomputed(version=version, last_task=last, complete=complete):
            if project.proposal is None or project.proposal.version != version:
                return project
            return replace(project, proposal=replace(project.proposal, computed=last, complete=complete))
        case happened.AgreementDefinitionActivated(version=version, threshold=threshold):
            settings_then = project.settings.model_copy(
                update={"agreement": AgreementSettings.model_validate(event.definition)}
            )
            if threshold is not None:
                rule = settings_then.reassignment.model_copy(update={"threshold": threshold})
                settings_then = settings_then.model_copy(update={"reassignment": rule})
            # What was before belongs to another definition: its threshold would meet scores it was not set for.
            before = {g: old for g, old in project.settings_before.items() if g not in ("agreement", "reassignment")}
            changed = replace(
                defined(project, version),
                settings=settings_then,
                proposal=None,
                settings_before=MappingProxyType(before),
            )
            return replace(changed, settings_version=project.settings_version + 1)
        case happened.AgreementDefinitionWithdrawn():
            return replace(project, proposal=None)
        case happened.CustomMetricRegistered(digest=digest, source=source):
            return replace(project, custom_metrics=MappingProxyType({**project.custom_metrics, digest: source}))
        case _:
            return project


def _membership(project: Project, event: Event) -> Project:
    match event:
        case happened.MemberAdded(person=person, role=role):
            return _with_member(project, person, Member(role, custom_role=event.custom_role, source=event.source))
        case happened.MemberRoleChanged(person=person, new=role):
            member = replace(project.members[person], role=role, custom_role=event.custom_role, source=event.source)
            return _with_member(project, person, member)
        case happened.MemberRemoved(person=person):
            members = {other: member for other, member in project.members.items() if other != person}
            return replace(project, members=MappingProxyType(members))
        case happened.MemberPaused(person=person, cause=cause, rule=rule):
            member = project.members[person]
            pause = Pause(event.kind, cause, event.reason, event.until, rule)
            judged = Standing.read(event.evidence) if cause is PauseCause.EVALUATION else member.judged
            pauses = {**member.pauses, (cause, rule): pause}
            return _with_member(project, person, replace(member, pauses=pauses, judged=judged))
        case happened.MemberResumed(person=person, cause=cause, rule=rule):
            member = project.members[person]
            pauses = {other: pause for other, pause in member.pauses.items() if other != (cause, rule)}
            return _with_member(project, person, replace(member, pauses=pauses))
        case ruled.SkillSet(person=person, skill=name, value=value):
            member = project.members[person]
            skills = {other: skill for other, skill in member.skills.items() if other != name}
            if value is not None:
                skills[name] = Skill(value, event.firing)
            return _with_member(project, person, replace(member, skills=MappingProxyType(skills)))
        case _:
            return project


def _with_member(project: Project, person: int, member: Member) -> Project:
    return replace(project, members=MappingProxyType({**project.members, person: member}))
