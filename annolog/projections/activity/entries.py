"""In which words activities are listed: a stable action for each event that is one, and what of the event is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from annolog.domain.activity import events as activity
from annolog.domain.event import Event
from annolog.domain.organization import events as organization
from annolog.domain.people import events as people
from annolog.domain.project import events as project
from annolog.domain.provisioning import events as provisioning
from annolog.domain.rules import events as rules
from annolog.domain.sign_on import events as sign_on

# Said in columns of their own.
IN_COLUMNS = frozenset({"organization", "on_behalf_of", "address", "in_project", "project"})


@dataclass(frozen=True, slots=True)
class Entry:
    """How an event is listed. `subject` is the member that holds the number of what it was done to; `left_out` are
    members that are nobody's business, or too long for a line.
    """

    action: str
    kind: str
    subject: str = ""
    left_out: frozenset[str] = frozenset()
    detail: Callable[[Any], dict[str, Any]] | None = None


def _left_out(*members: str) -> frozenset[str]:
    return frozenset(members)


def _settings(event: project.SettingsChanged) -> dict[str, Any]:
    """Only the settings that are other than they were."""
    changed = [name for name in event.new if event.old.get(name) != event.new[name]]
    return {
        "group": event.group,
        "old": {name: event.old.get(name) for name in changed},
        "new": {name: event.new[name] for name in changed},
    }


def _permission(event: organization.PermissionChanged) -> dict[str, Any]:
    """Also where it is left to the default, which is no value."""
    return {"role": event.role, "permission": event.permission, "old": event.old, "new": event.granted}


def _role(event: people.PersonRoleChanged) -> dict[str, Any]:
    """What somebody was and is, by a role of the organization's own if by one."""
    found = {"old": event.old_custom_role or event.old.value, "new": event.custom_role or event.new.value}
    return found | {"source": event.source.value}


DIGEST = _left_out("digest")
ENTRIES: Mapping[type[Event], Entry] = {
    activity.SignedIn: Entry("signed_in", "person", "person"),
    activity.SignedOut: Entry("signed_out", "person", "person"),
    activity.SignInFailed: Entry("sign_in_failed", "person", "person"),
    activity.AccessDenied: Entry("denied", "route"),
    activity.DataExported: Entry("exported", "data"),
    activity.TokenUsed: Entry("token_used", "token", "token"),
    people.PersonRegistered: Entry("person_registered", "person", "person"),
    people.PersonApproved: Entry("person_approved", "person", "person"),
    people.PersonRoleChanged: Entry("role_changed", "person", "person", detail=_role),
    people.PersonDeactivated: Entry("person_deactivated", "person", "person"),
    people.PersonReactivated: Entry("person_reactivated", "person", "person"),
    people.PersonRevised: Entry("person_revised", "person", "person", _left_out("name", "email")),
    people.PersonErased: Entry("person_erased", "person", "person"),
    sign_on.PersonRecognized: Entry("person_recognized", "person", "person", _left_out("subject")),
    sign_on.GroupsClaimed: Entry("groups_claimed", "person", "person"),
    provisioning.PersonProvisioned: Entry("person_provisioned", "person", "person", _left_out("profile")),
    provisioning.PersonReleased: Entry("person_released", "person", "person"),
    provisioning.GroupProvisioned: Entry("group_provisioned", "group", "group"),
    provisioning.GroupRenamed: Entry("group_renamed", "group", "group"),
    provisioning.GroupMembershipChanged: Entry("group_membership_changed", "group", "group"),
    provisioning.GroupRemoved: Entry("group_removed", "group", "group"),
    provisioning.MappingChanged: Entry("mapping_changed", "organization", "organization"),
    people.TokenIssued: Entry("token_issued", "token", "token", DIGEST),
    people.TokenRevoked: Entry("token_revoked", "token", "token", DIGEST),
    people.PersonInvited: Entry("person_invited", "invitation", "invitation", DIGEST),
    people.InvitationRevoked: Entry("invitation_revoked", "invitation", "invitation"),
    people.InvitationAccepted: Entry("invitation_accepted", "invitation", "invitation"),
    people.PasswordChanged: Entry("password_changed", "person", "person"),
    people.PasswordRemoved: Entry("password_removed", "person", "person"),
    # The first organization reads of all of them, and only its owners know what the others are called.
    organization.OrganizationCreated: Entry("organization_created", "organization", "organization", _left_out("name")),
    organization.OrganizationRenamed: Entry("organization_renamed", "organization", "organization"),
    organization.PermissionChanged: Entry("permission_changed", "role", detail=_permission),
    organization.RoleDefined: Entry("role_defined", "role"),
    organization.RoleRetired: Entry("role_retired", "role"),
    organization.WorkspaceCreated: Entry("workspace_created", "workspace", "workspace"),
    organization.WorkspaceRevised: Entry("workspace_revised", "workspace", "workspace"),
    organization.WorkspaceArchived: Entry("workspace_archived", "workspace", "workspace"),
    organization.WorkspaceUnarchived: Entry("workspace_unarchived", "workspace", "workspace"),
    organization.WorkspaceMemberAdded: Entry("workspace_member_added", "person", "person"),
    organization.WorkspaceMemberRemoved: Entry("workspace_member_removed", "person", "person"),
    project.ProjectCreated: Entry("project_created", "project", "project"),
    project.ProjectRevised: Entry("project_revised", "project", "project"),
    project.ProjectMoved: Entry("project_moved", "project", "project"),
    project.ProjectPublished: Entry("project_published", "project", "project"),
    project.ProjectUnpublished: Entry("project_unpublished", "project", "project"),
    project.LabelConfigRevised: Entry("label_config_revised", "project", "project", _left_out("label_config")),
    project.InstructionsRevised: Entry("instructions_revised", "project", "project", _left_out("instructions")),
    project.SettingsChanged: Entry("settings_changed", "project", "project", detail=_settings),
    project.AgreementDefinitionActivated: Entry("agreement_activated", "project", "project"),
    project.MemberAdded: Entry("member_added", "person", "person"),
    project.MemberRoleChanged: Entry("member_role_changed", "person", "person"),
    project.MemberRemoved: Entry("member_removed", "person", "person"),
    project.TasksImported: Entry("imported", "project", "project"),
    project.WebhookRegistered: Entry("webhook_registered", "webhook", "webhook"),
    project.WebhookChanged: Entry("webhook_changed", "webhook", "webhook"),
    project.WebhookRemoved: Entry("webhook_removed", "webhook", "webhook"),
    project.WebhookRewound: Entry("webhook_rewound", "webhook", "webhook"),
    rules.RuleSet: Entry("rule_set", "rule"),
    rules.RuleRemoved: Entry("rule_removed", "rule"),
}
ACTIONS = tuple(sorted({entry.action for entry in ENTRIES.values()}))


def detail_of(event: Event, entry: Entry) -> dict[str, Any]:
    """What is told of an event beside who, when, where and to what; members that say nothing are left out."""
    if entry.detail is not None:
        return entry.detail(event)
    # Who did it has a column, and so has the number of what it was done to.
    hidden = {*IN_COLUMNS, *entry.left_out, entry.subject}
    if isinstance(event, activity.ActivityEvent | activity.SignInFailed):
        hidden |= {"person"}
    return event.model_dump(mode="json", exclude=hidden, exclude_defaults=True, exclude_none=True)
