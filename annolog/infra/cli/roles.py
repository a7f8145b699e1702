"""`annolog roles …`: roles of an organization's own."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from annolog.commands.organizations import DefineRole, RetireRole
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import ROLES
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.placing import Place, placed_in_organization
from annolog.infra.http.routes.permissions import own_roles

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What it is called.")]


@app.command("list")
@placed_in_organization
def list_roles(place: Place) -> None:
    """List the organization's own roles, also those that nobody is given any more."""
    rows = place.ask("/v1/roles", lambda _, organization: {"roles": own_roles(organization.grants)})["roles"]
    place.show("roles", rows, "Roles", ("role", "like", "permissions", "retired"))


@app.command()
@placed_in_organization
def define(
    place: Place,
    name: Name,
    like: Annotated[str, typer.Option("--like", help=f"What it counts as in the workflow: {', '.join(ROLES)}.")],
    permission: Annotated[
        list[Permission] | None, typer.Option("--permission", help="One thing that it may do. Repeatable.")
    ] = None,
) -> None:
    """Have a role of the organization's own, or let it do something else: exactly what is said here."""
    if like not in ROLES:
        message = f"is one of {', '.join(ROLES)}"
        raise InvalidInput(f"--like {message}", faults=[Fault("--like", message)])
    body = {"like": like, "permissions": [one.value for one in permission or []]}
    found = place.tell(DefineRole, {"name": name, **body}, "PUT", f"/v1/roles/{quote(name, safe='')}", body)
    place.say(found, f"role {found['role']}, like {like}")


@app.command()
@placed_in_organization
def retire(place: Place, name: Name) -> None:
    """Have nobody given the role any more. Who has it keeps it."""
    found = place.tell(RetireRole, {"name": name}, "DELETE", f"/v1/roles/{quote(name, safe='')}", None)
    place.say(found, f"role {name} is given to nobody any more")
