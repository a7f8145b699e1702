"""`annolog people invite`, `invitations` and `revoke-invitation`: links by which people come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from annolog.commands.inviting import RevokeInvitation
from annolog.domain.organization.state import Organization
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole
from annolog.infra.cli.accounts import CustomRole, Role, app
from annolog.infra.cli.placing import Place, Rows, placed_in_organization
from annolog.infra.composition import Installation
from annolog.infra.http.routes.invitations import shown
from annolog.infra.identity.ways_in import inviting

# The group of people, with what is added to it here.
__all__ = ["app", "how_to_join"]

Days = Annotated[float | None, typer.Option("--days", min=0, help="For how long it lets somebody in; a week if none.")]
COLUMNS = ("invitation", "role", "custom_role", "workspaces", "approval", "expires_at", "open", "person")


@app.command()
@placed_in_organization
def invite(
    place: Place,
    role: Role = OrganizationRole.MEMBER,
    custom_role: CustomRole = "",
    workspace: Annotated[
        list[str] | None, typer.Option("--workspace", help="ID=ROLE: what they are to be in it. Repeatable.")
    ] = None,
    days: Days = None,
    approval: Annotated[bool, typer.Option("--approval", help="Somebody lets them in once they came.")] = False,
) -> None:
    """Have a secret by which one person may come in, once. It is shown this once."""
    fields: dict[str, Any] = {
        "role": role.value,
        "custom_role": custom_role,
        "workspaces": dict(_member(text) for text in workspace or []),
        "approval": approval,
        "expires_at": None if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat(),
    }
    found = place.hand_out("/v1/invitations", fields, lambda: inviting(fields))
    place.say(found, f"invitation {found['invitation']}", *how_to_join(found["secret"], place.url))


def how_to_join(secret: str, url: str | None) -> tuple[str, ...]:
    """What to tell whoever is to come in by an invitation."""
    return (
        f"its secret, shown this once: {secret}",
        f"come in:  annolog join {secret}" + ("" if url is None else f" --url {url}"),
    )


def _member(text: str) -> tuple[str, str]:
    workspace, _, role = text.partition("=")
    if not workspace.isdecimal() or role not in set(ProjectRole):
        roles = ", ".join(ProjectRole)
        raise typer.BadParameter(f"{text!r} is not ID=ROLE, with one of {roles}", param_hint="--workspace")
    return workspace, role


@app.command("invitations")
@placed_in_organization
def list_invitations(place: Place) -> None:
    """List invitations, also those that let nobody in any more."""
    rows = place.ask("/v1/invitations", lambda here, of: {"invitations": _rows(here, of)})["invitations"]
    place.show("invitations", rows, "Invitations", COLUMNS)


def _rows(installation: Installation, organization: Organization) -> Rows:
    now = installation.clock()
    return [shown(one, now) for one in installation.directory.invitations_of(organization.id)]


@app.command("revoke-invitation")
@placed_in_organization
def revoke_invitation(place: Place, invitation: Annotated[int, typer.Argument(min=1)]) -> None:
    """Let an invitation let nobody in."""
    path = f"/v1/invitations/{invitation}"
    found = place.tell(RevokeInvitation, {"invitation": invitation}, "DELETE", path, None)
    place.say(found, f"invitation {invitation} lets nobody in")
