"""What follows from groups: roles, workspaces and projects are as the mapping has them, for whom a provider answers.

What somebody was given by hand stays theirs. Of what several groups are worth, and what was given by hand, the most
elevated counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from annolog.domain.access.mapping import PROJECT_RANKS, Granted, GroupRule, granted, together
from annolog.domain.access.roles import RANKS
from annolog.domain.event import Event
from annolog.domain.organization.decisions import add_workspace_member, remove_workspace_member
from annolog.domain.organization.state import Organization
from annolog.domain.people.decisions import change_role, organization_of
from annolog.domain.people.events import OrganizationRole, Source
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project import members
from annolog.domain.project.events import MemberSource, ProjectEvent, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.provisioning.state import PROVIDER, Provisioning


def grants(provisioning: Provisioning, only: int | None = None) -> Mapping[int, Granted]:
    """What each person that a provider ever answered for or let in has by their groups; `only` of one of them."""
    whose = sorted(provisioning.everybody) if only is None else [only]
    said: dict[int, dict[str, list[str]]] = {person: defaultdict(list) for person in whose}
    for group in provisioning.groups.values():
        for person in group.members if only is None else group.members & {only}:
            if person in said:
                said[person][PROVIDER].append(group.name)
    for person in whose:
        for name, groups in provisioning.claimed.get(person, {}).items():
            said[person][name] += groups
    rules: dict[tuple[str, str], list[GroupRule]] = defaultdict(list)
    for rule in provisioning.rules:
        rules[rule.provider, rule.group].append(rule)
    return {person: _together(rules, named) for person, named in said.items()}


def _together(rules: Mapping[tuple[str, str], Sequence[GroupRule]], named: Mapping[str, Sequence[str]]) -> Granted:
    return together(
        granted([rule for group in groups for rule in rules.get((provider, group), ())], provider, groups)
        for provider, groups in named.items()
    )


def _wanted(
    organization: Organization, person: Person, by_groups: OrganizationRole | None
) -> tuple[OrganizationRole, str]:
    role, custom = person.by_hand
    if by_groups is not None and RANKS.index(by_groups) > RANKS.index(role):
        return by_groups, ""
    known = organization.grants.custom.get(custom)
    return role, custom if known is not None and not known.retired else ""


def only_owner(directory: Directory, organization: int) -> int | None:
    """Who alone is owner: nobody makes them anything else."""
    owners = directory.owners(organization)
    return owners[0].id if len(owners) == 1 else None


def roles(directory: Directory, id: int, only: int | None = None) -> list[Event]:
    """Whose role in the organization is not as it should be, gets the one that is; `only` of one person.

    Who becomes more does so before anybody becomes less, so that the only owner is kept only where nobody takes over.
    """
    organization = organization_of(directory, id)
    changes: list[tuple[int, int, tuple[OrganizationRole, str]]] = []
    for person_id, by_groups in grants(organization.provisioning, only).items():
        person = directory.person(person_id)
        assert person is not None
        wanted = _wanted(organization, person, by_groups.role)
        if (person.role, person.custom_role) != wanted and not person.erased:
            changes.append((RANKS.index(person.role) - RANKS.index(wanted[0]), person_id, wanted))
    events: list[Event] = []
    for _, person_id, (role, custom) in sorted(changes, key=lambda change: change[:2]):
        person = directory.person(person_id)
        assert person is not None
        is_owner = person.role is OrganizationRole.OWNER and role is not OrganizationRole.OWNER
        if is_owner and only_owner(directory, id) == person_id:
            continue
        changed = change_role(directory, person, role, custom, Source.GROUPS)
        directory = fold(directory, changed)
        events += changed
    return events


def kept_owner(directory: Directory, id: int) -> int | None:
    """Who would be less by their groups, and is kept since nobody else is owner."""
    organization, owner = organization_of(directory, id), only_owner(directory, id)
    person = directory.person(owner)
    by_groups = grants(organization.provisioning).get(owner) if owner is not None else None
    if person is None or by_groups is None:
        return None
    role, _ = _wanted(organization, person, by_groups.role)
    return None if role is OrganizationRole.OWNER else person.id


def workspaces(organization: Organization) -> list[Event]:
    """Who belongs to a workspace by their groups does, who did and does no longer does not; archived ones stay."""
    events: list[Event] = []
    by_person = grants(organization.provisioning)
    for workspace in organization.workspaces.values():
        if workspace.archived:
            continue
        for person, has in by_person.items():
            wanted, member = has.workspaces.get(workspace.id), workspace.members.get(person)
            if member is not None and member.source is not Source.GROUPS:
                continue
            if wanted is not None:
                events += add_workspace_member(organization, workspace.id, person, wanted, source=Source.GROUPS)
            elif member is not None:
                events += remove_workspace_member(organization, workspace.id, person)
    return events


def project_members(organization: Organization, project: Project) -> list[ProjectEvent]:
    """Who belongs to a project by their groups does. Who is more in its workspace belongs to it by that."""
    events: list[ProjectEvent] = []
    for person, has in grants(organization.provisioning).items():
        member, wanted = project.members.get(person), has.projects.get(project.id)
        inside = organization.member_of(project.workspace, person)
        if wanted is not None and (inside is None or _is_more(wanted, inside.role)):
            events += members.add_member(project, person, wanted, source=MemberSource.GROUPS)
        elif member is not None and member.source is MemberSource.GROUPS:
            events += members.leave_to_workspace(project, person, inside)
    return events


def _is_more(role: ProjectRole, than: ProjectRole) -> bool:
    return PROJECT_RANKS.index(role) > PROJECT_RANKS.index(than)
