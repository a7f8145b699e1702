"""`annolog organizations …`."""

from __future__ import annotations

from typing import Annotated

import typer

from annolog.commands.organizations import RenameOrganization
from annolog.infra.cli.inviting import how_to_join
from annolog.infra.cli.placing import Place, placed, placed_in_organization
from annolog.infra.http.routes.organizations import shown
from annolog.infra.identity.ways_in import creating

app = typer.Typer(no_args_is_help=True)


@app.command()
@placed
def create(
    place: Place,
    name: str,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="A handle for its first owner, who then gets a token instead of an invitation."),
    ] = None,
) -> None:
    """Have another organization share the installation. What its first owner comes in by is shown this once."""
    body = {"name": name, "owner": owner}
    found = place.hand_out("/v1/organizations", body, lambda: creating(name, owner))
    way_in = (
        how_to_join(found["secret"], place.url)
        if owner is None
        else (f"the token of its owner, person {found['owner']}, shown this once: {found['secret']}",)
    )
    place.say(found, f"organization {found['organization']}", *way_in)


@app.command("list")
@placed
def list_organizations(place: Place) -> None:
    """List what shares the installation."""
    rows = place.ask(
        "/v1/organizations",
        lambda here, _: {"organizations": [shown(one) for _, one in sorted(here.directory.organizations.items())]},
    )["organizations"]
    place.show("organizations", rows, "Organizations", ("organization", "name"))


@app.command()
@placed_in_organization
def rename(place: Place, name: str) -> None:
    """Call an organization something else: the token's own, or the first of a folder unless another is named."""
    found = place.tell(RenameOrganization, {"name": name}, "PUT", "/v1/organization", {"name": name})
    place.say(found, f"organization {found['organization']} is called {name.strip()}")
