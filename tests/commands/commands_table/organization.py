"""What is asked of an organization: its people, how they come in, its roles and its workspaces."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr

from annolog.commands import (
    activity,
    following,
    inviting,
    organizations,
    people,
    personal,
    provisioning,
    signing_in,
    signing_on,
    tokens,
    workspaces,
)
from annolog.commands.command import Command
from annolog.domain.access.mapping import GroupRule
from annolog.domain.activity.events import SignedOut, SignOutCause
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole
from annolog.domain.provisioning.profile import Profile
from tests.commands.commands_table.asked import (
    DIGEST,
    MANAGERS,
    NOBODY,
    NOON,
    RULERS,
    Table,
)
from tests.world import World


def issued(world: World) -> int:
    token: int = world.run(tokens.IssueToken(person=world.people["bob"], digest=DIGEST)).value["token"]
    return token


def invitation() -> inviting.InvitePerson:
    return inviting.InvitePerson(digest=DIGEST, expires_at=NOON + timedelta(days=7))


def invited(world: World) -> int:
    found: int = world.run(invitation()).value["invitation"]
    return found


def own_role(name: str) -> organizations.DefineRole:
    return organizations.DefineRole(name=name, like=ProjectRole.REVIEWER, permissions=["see_project", "review"])


def defined(world: World) -> str:
    world.run(own_role("senior"))
    return "senior"


def in_workspace(world: World, who: str, role: ProjectRole = ProjectRole.ANNOTATOR) -> workspaces.NewWorkspaceMember:
    return workspaces.NewWorkspaceMember(person=world.people[who], role=role)


def workspace(world: World) -> int:
    """Where everybody is what they are in the project."""
    found: int = world.run(workspaces.CreateWorkspace(title="films")).value["workspace"]
    members = [in_workspace(world, role.value, role) for role in ProjectRole]
    world.run(workspaces.AddWorkspaceMembers(workspace=found, members=members))
    return found


def provisioned(world: World) -> int:
    person: int = world.run(provisioning.ProvisionPerson(profile=SAID)).value["person"]
    return person


def grouped(world: World) -> int:
    group: int = world.run(provisioning.ProvisionGroup(name="Reviewers")).value["group"]
    return group


SAID = Profile(user_name="bob@example.org")


GROUP_RULE = GroupRule(provider="scim", group="Reviewers", role=OrganizationRole.ADMINISTRATOR)


TABLE: Table = {
    people.RegisterPeople: (RULERS, lambda w, _: people.RegisterPeople(people=[people.NewPerson(handle="new")])),
    people.ChangeOrganizationRole: (
        RULERS,
        lambda w, _: people.ChangeOrganizationRole(person=w.people["bob"], role=OrganizationRole.ADMINISTRATOR),
    ),
    people.DeactivatePerson: (RULERS, lambda w, _: people.DeactivatePerson(person=w.people["bob"])),
    people.ReactivatePerson: (RULERS, lambda w, _: people.ReactivatePerson(person=w.people["bob"])),
    people.ApprovePerson: (RULERS, lambda w, _: people.ApprovePerson(person=w.people["bob"])),
    tokens.IssueToken: (RULERS, lambda w, _: tokens.IssueToken(person=w.people["bob"], digest=DIGEST)),
    tokens.RevokeToken: (RULERS, lambda w, _: tokens.RevokeToken(token=issued(w))),
    organizations.CreateOrganization: ({"owner"}, lambda w, _: organizations.CreateOrganization(name="another")),
    organizations.RenameOrganization: (RULERS, lambda w, _: organizations.RenameOrganization(name="another")),
    organizations.ChangePermission: (
        {"owner"},
        lambda w, _: organizations.ChangePermission(role="manager", permission="export", granted=False),
    ),
    organizations.DefineRole: ({"owner"}, lambda w, _: own_role("senior")),
    organizations.RetireRole: ({"owner"}, lambda w, _: organizations.RetireRole(name=defined(w))),
    workspaces.CreateWorkspace: (RULERS, lambda w, _: workspaces.CreateWorkspace(title="books")),
    workspaces.ReviseWorkspace: (
        MANAGERS,
        lambda w, _: workspaces.ReviseWorkspace(workspace=workspace(w), title="more films"),
    ),
    workspaces.ArchiveWorkspace: (MANAGERS, lambda w, _: workspaces.ArchiveWorkspace(workspace=workspace(w))),
    workspaces.UnarchiveWorkspace: (MANAGERS, lambda w, _: workspaces.UnarchiveWorkspace(workspace=workspace(w))),
    workspaces.AddWorkspaceMembers: (
        MANAGERS,
        lambda w, _: workspaces.AddWorkspaceMembers(workspace=workspace(w), members=[in_workspace(w, "bob")]),
    ),
    workspaces.RemoveWorkspaceMember: (
        MANAGERS,
        lambda w, _: workspaces.RemoveWorkspaceMember(workspace=workspace(w), person=w.people["viewer"]),
    ),
    workspaces.MoveProject: (
        MANAGERS,
        lambda w, _: workspaces.MoveProject(project=w.project, workspace=workspace(w)),
    ),
    activity.RecordActivity: (
        NOBODY,
        lambda w, who: activity.RecordActivity(
            activity=SignedOut(organization=1, person=w.people[who], cause=SignOutCause.PERSON)
        ),
    ),
    following.FollowWorkspace: (NOBODY, lambda w, _: following.FollowWorkspace(project=w.project)),
    following.FollowAccount: (
        NOBODY,
        lambda w, _: following.FollowAccount(project=w.project, person=w.people["bob"]),
    ),
    inviting.InvitePerson: (RULERS, lambda w, _: invitation()),
    inviting.RevokeInvitation: (RULERS, lambda w, _: inviting.RevokeInvitation(invitation=invited(w))),
    inviting.AcceptInvitation: (NOBODY, lambda w, _: inviting.AcceptInvitation(digest=DIGEST, handle="new")),
    signing_in.ChangePassword: (
        NOBODY,
        lambda w, _: signing_in.ChangePassword(person=w.people["bob"], hash=SecretStr("hash")),
    ),
    signing_in.RehashPassword: (
        NOBODY,
        lambda w, _: signing_in.RehashPassword(person=w.people["bob"], hash=SecretStr("hash")),
    ),
    signing_in.RemovePassword: (RULERS, lambda w, _: signing_in.RemovePassword(person=w.people["bob"])),
    signing_in.BeginSession: (
        NOBODY,
        lambda w, _: signing_in.BeginSession(
            person=w.people["bob"], digest=DIGEST, method="password", idle_since=NOON, begun_before=NOON
        ),
    ),
    signing_in.NoteSessions: (NOBODY, lambda w, _: signing_in.NoteSessions(seen={DIGEST: NOON})),
    signing_in.EndSession: (NOBODY, lambda w, _: signing_in.EndSession(digest=DIGEST)),
    signing_on.RecognizePerson: (
        NOBODY,
        lambda w, _: signing_on.RecognizePerson(
            provider="keycloak", organization=1, admits="everybody", subject=SecretStr("s")
        ),
    ),
    signing_on.EndSessionsThere: (
        NOBODY,
        lambda w, _: signing_on.EndSessionsThere(provider="keycloak", organization=1, begun_by=NOON, session="s"),
    ),
    signing_in.EndSessions: (RULERS, lambda w, _: signing_in.EndSessions(person=w.people["bob"])),
    personal.RevisePerson: (
        RULERS,
        lambda w, _: personal.RevisePerson(person=w.people["bob"], name=SecretStr("Bob")),
    ),
    personal.ErasePerson: (RULERS, lambda w, _: personal.ErasePerson(person=w.people["bob"], handle="bob")),
    provisioning.ProvisionPerson: ({"owner"}, lambda w, _: provisioning.ProvisionPerson(profile=SAID)),
    provisioning.ReviseProvisionedPerson: (
        {"owner"},
        lambda w, _: provisioning.ReviseProvisionedPerson(person=provisioned(w), profile=SAID, active=False),
    ),
    provisioning.ReleasePerson: ({"owner"}, lambda w, _: provisioning.ReleasePerson(person=provisioned(w))),
    provisioning.ProvisionGroup: ({"owner"}, lambda w, _: provisioning.ProvisionGroup(name="Reviewers")),
    provisioning.ReviseGroup: ({"owner"}, lambda w, _: provisioning.ReviseGroup(group=grouped(w), name="Seniors")),
    provisioning.RemoveGroup: ({"owner"}, lambda w, _: provisioning.RemoveGroup(group=grouped(w))),
    provisioning.ChangeGroupMapping: (RULERS, lambda w, _: provisioning.ChangeGroupMapping(rules=[GROUP_RULE])),
    provisioning.FollowGroups: (NOBODY, lambda w, _: provisioning.FollowGroups(organization=1)),
    provisioning.FollowGroupsInProject: (NOBODY, lambda w, _: provisioning.FollowGroupsInProject(project=w.project)),
}
ORGANIZATION_WIDE: set[type[Command]] = {
    activity.RecordActivity,
    people.RegisterPeople,
    people.ChangeOrganizationRole,
    people.DeactivatePerson,
    people.ReactivatePerson,
    people.ApprovePerson,
    tokens.IssueToken,
    tokens.RevokeToken,
    organizations.CreateOrganization,
    organizations.RenameOrganization,
    organizations.ChangePermission,
    organizations.DefineRole,
    organizations.RetireRole,
    workspaces.CreateWorkspace,
    following.FollowWorkspace,
    following.FollowAccount,
    personal.RevisePerson,
    personal.ErasePerson,
    inviting.InvitePerson,
    inviting.RevokeInvitation,
    inviting.AcceptInvitation,
    signing_in.ChangePassword,
    signing_in.RehashPassword,
    signing_in.RemovePassword,
    signing_in.BeginSession,
    signing_in.NoteSessions,
    signing_in.EndSession,
    signing_in.EndSessions,
    signing_on.RecognizePerson,
    signing_on.EndSessionsThere,
    provisioning.ProvisionPerson,
    provisioning.ReviseProvisionedPerson,
    provisioning.ReleasePerson,
    provisioning.ProvisionGroup,
    provisioning.ReviseGroup,
    provisioning.RemoveGroup,
    provisioning.ChangeGroupMapping,
    provisioning.FollowGroups,
    provisioning.FollowGroupsInProject,
}
