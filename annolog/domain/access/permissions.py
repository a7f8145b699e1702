"""What somebody may be allowed, with what that opens. Nothing is open to anybody that is not one of these."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Reach(StrEnum):
    """What a permission is about: the installation that organizations share, one of them, one workspace at a time, or
    one project.
    """

    INSTALLATION = "installation"
    ORGANIZATION = "organization"
    WORKSPACE = "workspace"
    PROJECT = "project"


class Permission(StrEnum):
    """What somebody may want to do."""

    CREATE_ORGANIZATION = "create_organization"

    SEE_PEOPLE = "see_people"
    REGISTER_PEOPLE = "register_people"
    INVITE_PEOPLE = "invite_people"
    CHANGE_ROLES = "change_roles"
    DEACTIVATE_PEOPLE = "deactivate_people"
    ERASE_PEOPLE = "erase_people"
    PROVISION = "provision"
    ISSUE_TOKENS = "issue_tokens"
    ISSUE_OWN_TOKENS = "issue_own_tokens"
    CHANGE_PERMISSIONS = "change_permissions"
    CONFIGURE_ORGANIZATION = "configure_organization"
    ACT_FOR_OTHERS = "act_for_others"
    READ_LOG = "read_log"
    READ_ACTIVITY = "read_activity"
    CREATE_WORKSPACE = "create_workspace"
    CREATE_PROJECT = "create_project"

    SEE_WORKSPACE = "see_workspace"
    MANAGE_WORKSPACE = "manage_workspace"

    SEE_PROJECT = "see_project"
    ANNOTATE = "annotate"
    COMMENT = "comment"
    REVIEW = "review"
    SET_GROUND_TRUTH = "set_ground_truth"
    SEE_QUALITY = "see_quality"
    SEE_VERDICTS = "see_verdicts"
    SEE_SENSITIVE = "see_sensitive"
    SEE_SETTINGS = "see_settings"
    READ_EVENTS = "read_events"
    CONFIGURE = "configure"
    MANAGE_MEMBERS = "manage_members"
    IMPORT_TASKS = "import_tasks"
    EXPORT = "export"
    ASSIGN_ANNOTATORS = "assign_annotators"
    ASSIGN_REVIEWERS = "assign_reviewers"
    CHANGE_OVERLAP = "change_overlap"
    DELETE_TASKS = "delete_tasks"
    CHANGE_ANSWERS = "change_answers"
    MODERATE_COMMENTS = "moderate_comments"
    MANAGE_WEBHOOKS = "manage_webhooks"


# Only who has them in the organization that the installation began with.
OF_INSTALLATION: Mapping[Permission, str] = MappingProxyType(
    {Permission.CREATE_ORGANIZATION: "Have another organization share the installation, and list those there are."}
)
OF_ORGANIZATION: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.SEE_PEOPLE: "List everybody who is registered, with name and e-mail.",
        Permission.REGISTER_PEOPLE: "Make people and service accounts known, with what they are in the organization;"
        " correct their names.",
        Permission.INVITE_PEOPLE: "Invite people by a link, take invitations back, approve who came by one.",
        Permission.CHANGE_ROLES: "Change what people are in the organization.",
        Permission.DEACTIVATE_PEOPLE: "Keep people out, with all that speaks for them, and let them in again.",
        Permission.PROVISION: "Say over SCIM who there is and in which groups, for an identity provider.",
        Permission.ERASE_PEOPLE: "Destroy what is known of a person, for good; see the certificate of that.",
        Permission.ISSUE_TOKENS: "Issue tokens that speak for people, and revoke them.",
        Permission.ISSUE_OWN_TOKENS: "Issue tokens that speak for oneself.",
        Permission.CHANGE_PERMISSIONS: "Say what the roles may do, beyond what they may by default, and have others.",
        Permission.CONFIGURE_ORGANIZATION: "Rename the organization; say how people come in.",
        Permission.ACT_FOR_OTHERS: "Send commands on somebody's behalf, with that person's rights.",
        Permission.READ_LOG: "Read the events of all projects and of the organization itself.",
        Permission.READ_ACTIVITY: "Read who came in, what was denied, exported and granted.",
        Permission.CREATE_WORKSPACE: "Begin a workspace.",
        Permission.CREATE_PROJECT: "Begin a project.",
    }
)
OF_WORKSPACE: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.SEE_WORKSPACE: "See the workspace.",
        Permission.MANAGE_WORKSPACE: "Rename it, archive it, say who belongs to it; begin projects in it, and move them"
        " in and out.",
    }
)
OF_PROJECT: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.SEE_PROJECT: "See the project, its labeling config and instructions, and one's own work.",
        Permission.ANNOTATE: "Be given tasks, reserve, answer, revise and skip them.",
        Permission.COMMENT: "Say something about tasks and annotations one sees, edit and resolve what is one's own.",
        Permission.REVIEW: "Judge annotations of others, take one's own verdicts back, resolve any comment.",
        Permission.SET_GROUND_TRUTH: "Say which annotation is true for a task, or that none is.",
        Permission.SEE_QUALITY: "See the board, all answers, agreement, consensus and dashboards of everybody.",
        Permission.SEE_VERDICTS: "See names and verdicts also where reviewers are not shown them, and give no second"
        " reviews.",
        Permission.SEE_SENSITIVE: "See the fields of tasks that are marked sensitive. Who labels or judges sees those"
        " that the labeling config shows also without it, of the task before them.",
        Permission.SEE_SETTINGS: "See settings and members.",
        Permission.READ_EVENTS: "Read and follow the project's events.",
        Permission.CONFIGURE: "Change title, labeling config, instructions, settings, rules and definitions of"
        " agreement; publish; simulate; dismiss alarms.",
        Permission.MANAGE_MEMBERS: "Add, remove, pause and resume members, change their roles and what they can.",
        Permission.IMPORT_TASKS: "Bring tasks in.",
        Permission.EXPORT: "Take everything out.",
        Permission.ASSIGN_ANNOTATORS: "Give tasks to annotators by hand, and take them back.",
        Permission.ASSIGN_REVIEWERS: "Give tasks to reviewers by hand, and take them back.",
        Permission.CHANGE_OVERLAP: "Ask more people, or fewer, to answer a task.",
        Permission.DELETE_TASKS: "Take tasks out of the project's work, and back in.",
        Permission.CHANGE_ANSWERS: "Delete and restore annotations, have work done anew, take verdicts of others back.",
        Permission.MODERATE_COMMENTS: "Delete what others said.",
        Permission.MANAGE_WEBHOOKS: "Register, change and remove webhooks, see how their deliveries do.",
    }
)


BY_NAME: Mapping[str, Permission] = MappingProxyType({permission.value: permission for permission in Permission})
BY_REACH: Mapping[Reach, Mapping[Permission, str]] = MappingProxyType(
    {
        Reach.INSTALLATION: OF_INSTALLATION,
        Reach.ORGANIZATION: OF_ORGANIZATION,
        Reach.WORKSPACE: OF_WORKSPACE,
        Reach.PROJECT: OF_PROJECT,
    }
)
# What leaves everything as it is. In an archived workspace nothing else is done.
LOOKING_ON = frozenset(
    {
        Permission.SEE_WORKSPACE,
        Permission.SEE_PROJECT,
        Permission.SEE_QUALITY,
        Permission.SEE_VERDICTS,
        Permission.SEE_SETTINGS,
        Permission.READ_EVENTS,
        Permission.EXPORT,
    }
)


def reach_of(permission: Permission) -> Reach:
    """What it is about."""
    return next(reach for reach, permissions in BY_REACH.items() if permission in permissions)
