"""`annolog people …`: who there is, what they are, and whether they may come in."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from annolog.commands.people import (
    ApprovePerson,
    ChangeOrganizationRole,
    DeactivatePerson,
    ReactivatePerson,
    RegisterPeople,
)
from annolog.commands.signing_in import EndSessions, RemovePassword
from annolog.domain.organization.state import Organization
from annolog.domain.people.events import OrganizationRole
from annolog.infra.cli.options import server
from annolog.infra.cli.placing import Place, Rows, placed, placed_in_organization
from annolog.infra.composition import Installation
from annolog.infra.personal.showing import named

app = typer.Typer(no_args_is_help=True)

Person = Annotated[int, typer.Argument(min=1, help="As `annolog people list` shows it.")]
Role = Annotated[OrganizationRole, typer.Option("--role", help="What they are to be.")]
CustomRole = Annotated[str, typer.Option("--custom-role", help="A role of the organization's own, like that one.")]


COLUMNS = ("person", "handle", "name", "email", "role", "custom_role", "standing", "service")


@app.command("list")
@placed_in_organization
def list_people(place: Place) -> None:
    """List everybody, with name and e-mail where they are known, what they are and whether they may come in."""
    if place.url is not None:
        with server(place.url, place.token) as there:
            rows = list(there.pages("/v1/people", "people"))
    else:
        rows = place.look(_people)
    place.show("people", rows, "People", COLUMNS)


def _people(installation: Installation, organization: Organization) -> Rows:
    people = installation.directory.people_of(organization.id)
    return named(installation.vault, sorted(people, key=lambda person: person.id))


@app.command()
@placed_in_organization
def register(
    place: Place,
    handles: Annotated[list[str], typer.Argument(help="Pseudonyms: they stay in the log for ever.")],
    role: Role = OrganizationRole.MEMBER,
    custom_role: CustomRole = "",
    service: Annotated[bool, typer.Option("--service", help="Programs: they have tokens and never sign in.")] = False,
) -> None:
    """Make people known. Who is known by the handle already stays as they are."""
    as_what = {"role": role.value, "custom_role": custom_role, "service": service}
    fields = {"people": [{"handle": handle, **as_what} for handle in handles]}
    found = place.tell(RegisterPeople, fields, "POST", "/v1/people", fields)
    place.say(found, *(f"person {row['person']}: {row['handle']}" for row in found["people"]))


@app.command("role")
@placed
def change_role(place: Place, person: Person, role: OrganizationRole, custom_role: CustomRole = "") -> None:
    """Let somebody be something else in the organization. One owner remains."""
    fields = {"role": role.value, "custom_role": custom_role}
    found = place.tell(ChangeOrganizationRole, {"person": person, **fields}, "PUT", f"/v1/people/{person}/role", fields)
    place.say(found, f"person {person} is {custom_role or role.value}")


@app.command()
@placed
def deactivate(place: Place, person: Person, reason: Annotated[str, typer.Option("--reason")] = "") -> None:
    """Let nothing speak for somebody any more: sessions, tokens and what they hold end at once."""
    path = f"/v1/people/{person}/deactivate"
    fields = {"person": person, "reason": reason}
    found = place.tell(DeactivatePerson, fields, "POST", path, {"reason": reason})
    place.say(found, f"person {person} is kept out")


@app.command()
@placed
def reactivate(place: Place, person: Person) -> None:
    """Let somebody in again who was kept out. Tokens from before hold again, sessions do not."""
    found = _about(place, person, ReactivatePerson, "POST", "reactivate")
    place.say(found, f"person {person} may come in again")


@app.command()
@placed
def approve(place: Place, person: Person) -> None:
    """Let somebody in who came by an invitation that asks for it."""
    found = _about(place, person, ApprovePerson, "POST", "approve")
    place.say(found, f"person {person} may come in")


@app.command("sign-out")
@placed
def sign_out(place: Place, person: Person) -> None:
    """End every session of somebody, wherever it is."""
    found = _about(place, person, EndSessions, "POST", "sign-out")
    place.say(found, f"person {person} is signed out everywhere")


@app.command("remove-password")
@placed
def remove_password(place: Place, person: Person) -> None:
    """Have somebody sign in by a password no longer; every session of theirs ends."""
    found = _about(place, person, RemovePassword, "DELETE", "password")
    place.say(found, f"person {person} has no password")


def _about(place: Place, person: int, kind: type[Any], method: str, what: str) -> dict[str, Any]:
    return place.tell(kind, {"person": person}, method, f"/v1/people/{person}/{what}", None)
