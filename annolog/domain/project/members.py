"""Who belongs to a project, as what, and who is kept from new work for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from annolog.domain.organization.state import WorkspaceMember
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.evaluation import Standing, is_news
from annolog.domain.project.events import (
    MemberAdded,
    MemberPaused,
    MemberRemoved,
    MemberResumed,
    MemberRoleChanged,
    MemberSource,
    PauseCause,
    PauseKind,
    ProjectEvent,
    ProjectRole,
)
from annolog.domain.project.state import Project
from annolog.domain.refusals import NotFound, WrongState


def add_member(
    project: Project,
    person: int,
    role: ProjectRole,
    custom_role: str = "",
    source: MemberSource = MemberSource.PROJECT,
) -> list[ProjectEvent]:
    """Let somebody belong to the project, or be something else in it.

    What is said in the project itself holds, whatever they are in its workspace.
    """
    must_exist(project)
    member = project.members.get(person)
    if member is None:
        return [
            MemberAdded(project=project.id, person=person, role=role, custom_role=custom_role, source=source),
        ]
    if member.source is MemberSource.PROJECT and source is not MemberSource.PROJECT:
        return []
    if member.source is MemberSource.GROUPS and source is MemberSource.WORKSPACE:
        # Their groups give them more here than the workspace does, or they would not be here by that.
        return []
    if (member.role, member.custom_role, member.source) == (role, custom_role, source):
        return []
    return [
        MemberRoleChanged(
            project=project.id, person=person, old=member.role, new=role, custom_role=custom_role, source=source
        )
    ]


def remove_member(
    project: Project, person: int, source: MemberSource = MemberSource.PROJECT, workspace: WorkspaceMember | None = None
) -> list[ProjectEvent]:
    """Let somebody no longer belong to the project. Their work stays.

    Who belongs to its `workspace` is from then on what they are there. A workspace takes out only whom it brought in.
    """
    must_exist(project)
    member = project.members.get(person)
    if member is None:
        return []
    if source is not MemberSource.PROJECT:
        return [MemberRemoved(project=project.id, person=person)] if member.source is source else []
    if workspace is None:
        return [MemberRemoved(project=project.id, person=person)]
    if member.source is MemberSource.WORKSPACE:
        raise WrongState(f"Person {person} belongs to the project's workspace; take them out of that.")
    return _as_in_the_workspace(project, person, workspace)


def leave_to_workspace(project: Project, person: int, workspace: WorkspaceMember | None) -> list[ProjectEvent]:
    """Let somebody be in the project no longer by their groups, but by its workspace if they belong to that."""
    if workspace is None:
        return [MemberRemoved(project=project.id, person=person)]
    return _as_in_the_workspace(project, person, workspace)


def _as_in_the_workspace(project: Project, person: int, workspace: WorkspaceMember) -> list[ProjectEvent]:
    """Let somebody be in the project what they are in its workspace, and no longer what was said here."""
    member = project.members[person]
    return [
        MemberRoleChanged(
            project=project.id,
            person=person,
            old=member.role,
            new=workspace.role,
            custom_role=workspace.custom_role,
            source=MemberSource.WORKSPACE,
        )
    ]


def pause_member(
    project: Project,
    person: int,
    kind: PauseKind,
    cause: PauseCause,
    reason: str,
    until: datetime | None = None,
    evidence: Mapping[str, Any] | None = None,
    rule: str | None = None,
) -> list[ProjectEvent]:
    """Keep an annotator or reviewer from new work. Managers are not paused, unless nothing speaks for them any more.
    Each rule pauses on its own.

    Where pauses by evaluation are ended by hand, one that was ended does not come back on the same evidence.
    """
    must_exist(project)
    member = project.members.get(person)
    if member is None:
        raise NotFound(f"Project {project.id} has no member {person}.")
    if member.role is ProjectRole.MANAGER and cause is not PauseCause.ACCOUNT:
        raise WrongState("A manager is not paused.")
    standing = member.pauses.get((cause, rule))
    if cause is PauseCause.EVALUATION and standing is None and project.settings.evaluation.resume == "manual":
        found = Standing.read(evidence or {})
        if found is not None and not is_news(member.judged, found):
            return []
    if standing and (standing.kind, standing.reason, standing.until) == (kind, reason, until):
        return []
    return [
        MemberPaused(
            project=project.id,
            person=person,
            kind=kind,
            cause=cause,
            reason=reason,
            until=until,
            evidence=dict(evidence or {}),
            rule=rule,
        )
    ]


def resume_member(project: Project, person: int, cause: PauseCause, rule: str | None = None) -> list[ProjectEvent]:
    """End the pause of this cause, or of this rule; pauses of other causes and rules go on."""
    must_exist(project)
    member = project.members.get(person)
    if member is None:
        raise NotFound(f"Project {project.id} has no member {person}.")
    if (cause, rule) not in member.pauses:
        return []
    return [MemberResumed(project=project.id, person=person, cause=cause, rule=rule)]


def end_lapsed_pauses(project: Project, now: datetime) -> list[ProjectEvent]:
    """End every pause whose time is over."""
    return [
        MemberResumed(project=project.id, person=person, cause=pause.cause, rule=pause.rule)
        for person, member in project.members.items()
        for pause in member.pauses.values()
        if not pause.holds(now)
    ]
