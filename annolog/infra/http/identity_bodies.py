"""What commands about people, organizations and workspaces take in their body."""

from __future__ import annotations

from pydantic import AwareDatetime, ConfigDict, Field, SecretStr

from annolog.commands.people import NewPerson
from annolog.commands.workspaces import Colour, Description, NewWorkspaceMember
from annolog.domain.access.mapping import GroupRule
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import ROLES, Role
from annolog.domain.ids import LARGEST_ID
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.sessions import LONGEST, SHORTEST
from annolog.domain.project.events import ProjectRole
from annolog.domain.provisioning.decisions import MOST_RULES
from annolog.infra.http.bodies import Body


class People(Body):
    """People to register."""

    people: list[NewPerson] = Field(min_length=1, max_length=10_000, examples=[[{"handle": "crowd/A2K5ICP43ML4PW"}]])


class PersonRevision(Body):
    """What somebody is known by; what is not given stays, what is empty becomes unknown."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: SecretStr | None = Field(default=None, examples=["Ada Lovelace"])
    email: SecretStr | None = Field(default=None, examples=["ada@example.org"])


class Erasure(Body):
    """The handle of who is to be erased, so that a wrong number erases nobody."""

    handle: str = Field(max_length=200, examples=["crowd/A2K5ICP43ML4PW"])


class NewRole(Body):
    """What somebody is to be in the organization, and by which role of its own if by one."""

    role: OrganizationRole
    custom_role: str = Field(default="", max_length=200)


class Reason(Body):
    """Why, in words."""

    reason: str = Field(default="", max_length=10_000)


class NewToken(Body):
    """What a new token is for, what it opens, and until when; without scopes all that its person may do."""

    label: str = Field(default="", max_length=200, examples=["annotation page"])
    scopes: list[Permission] = Field(default_factory=list, max_length=len(Permission), examples=[["see_project"]])
    expires_at: AwareDatetime | None = None


class PermissionChange(Body):
    """Whether a role has a permission; null leaves it to the default."""

    granted: bool | None


class GroupMapping(Body):
    """What groups are worth: all rules there are to be."""

    rules: list[GroupRule] = Field(
        max_length=MOST_RULES,
        examples=[[{"provider": "scim", "group": "Reviewers", "workspace": 3, "project_role": "reviewer"}]],
    )


class RoleDefinition(Body):
    """A role of the organization's own: what it counts as in the workflow, and all that it may do."""

    like: Role = Field(examples=[*list(ROLES)[:1]])
    permissions: list[Permission] = Field(max_length=len(Permission))


class Name(Body):
    """A name."""

    name: str = Field(max_length=500)


class NewOrganization(Name):
    """Another organization. With the handle of its first owner there is a token for them, without one a link."""

    owner: str | None = Field(default=None, max_length=500)


class WorkspaceDescription(Body):
    """What a workspace is called; a colour as #rrggbb."""

    title: str = Field(max_length=500, examples=["Films"])
    description: str = Description
    colour: str = Colour


class WorkspaceMembers(Body):
    """People who are to belong to a workspace, and what they are to be in every project inside."""

    members: list[NewWorkspaceMember] = Field(
        min_length=1, max_length=10_000, examples=[[{"person": 2, "role": "annotator"}]]
    )


class Destination(Body):
    """The workspace that a project is to be in; null for none."""

    workspace: int | None = Field(ge=1, le=LARGEST_ID)


class Credentials(Body):
    """Who somebody is, and how they show it. `organization` tells two of one handle apart."""

    name: str = Field(min_length=1, max_length=500, examples=["ann"], description="A handle, or an e-mail address.")
    password: SecretStr = Field(max_length=LONGEST)
    organization: int | None = Field(default=None, ge=1, le=LARGEST_ID)


class NewPassword(Body):
    """Another password; the old one where there is one."""

    old: SecretStr | None = Field(default=None, max_length=LONGEST)
    new: SecretStr = Field(description=f"Between {SHORTEST} and {LONGEST} characters.")


class NewInvitation(Body):
    """Who may come in by a link, until when; without a time for a week."""

    role: OrganizationRole = OrganizationRole.MEMBER
    custom_role: str = Field(default="", max_length=200)
    workspaces: dict[int, ProjectRole] = Field(
        default_factory=dict, max_length=100, examples=[{"1": "annotator"}], description="What they are to be in each."
    )
    expires_at: AwareDatetime | None = None
    approval: bool = Field(default=False, description="Whether somebody has to let them in once they came.")


class Acceptance(Body):
    """Coming in by a link: with a password for browsers, with the label of a token for programs, or both."""

    secret: SecretStr = Field(max_length=200)
    handle: str = Field(default="", max_length=500, description="Not personal: it stays in the log for ever.")
    password: SecretStr | None = None
    token: str | None = Field(default=None, max_length=200, description="The label of a token to be shown once.")
