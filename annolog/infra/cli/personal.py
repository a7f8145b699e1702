"""`annolog people revise` and `annolog people erase`: what is personal of somebody."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from annolog.commands.personal import ErasePerson, RevisePerson
from annolog.domain.people.state import Person as Someone
from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.infra.cli.accounts import app
from annolog.infra.cli.console import print_json, print_table, say, warn
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server
from annolog.infra.composition import Installation
from annolog.infra.personal.certificate import certificate_of

Person = Annotated[int, typer.Argument(help="The number of the person, as `annolog people list` shows it.")]


@app.command("revise")
def revise_person(
    person: Person,
    name: Annotated[str | None, typer.Option("--name", help="Empty: unknown. Not given: as it is.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="The same for the e-mail.")] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Say what somebody is called, or take that back. It is kept sealed with a key of their own."""
    said = {field: value for field, value in (("name", name), ("email", email)) if value is not None}
    if not said:
        raise InvalidInput("Say what is to be revised: --name or --email.", faults=[Fault("--name", "or --email")])
    found: dict[str, Any] = {}
    if url is not None:
        with server(url, token) as there:
            found |= there.ask("PUT", f"/v1/people/{person}", json=said)
    else:
        with existing(data_dir) as installation:
            found |= installation.as_system(RevisePerson.model_validate({"person": person, **said})).value
    if as_json:
        print_json(found)
        return
    say(f"person {person} is revised")


@app.command("erase")
def erase_person(
    person: Person,
    handle: Annotated[str, typer.Argument(help="Their handle, so that a wrong number erases nobody.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Destroy what is known of somebody, for good, and print the certificate of that."""
    if not yes:
        _confirm(person, handle)
    if url is not None:
        with server(url, token) as there:
            found = there.ask("POST", f"/v1/people/{person}/erase", json={"handle": handle})
    else:
        with existing(data_dir) as installation:
            installation.as_system(ErasePerson(person=person, handle=handle))
            installation.key_destruction.sweep()
            found = certificate_of(installation.log, installation.vault, _known(installation, person))
    if as_json:
        print_json(found)
        return
    print_table(f"Erasure of person {person}", ("", ""), [[name, _plain(value)] for name, value in found.items()])


def _known(installation: Installation, id: int) -> Someone:
    found = installation.directory.person(id)
    if found is None:
        raise NotFound(f"There is no person {id}.")
    return found


def _confirm(person: int, handle: str) -> None:
    if not sys.stdin.isatty():
        raise InvalidInput("Nobody can be asked here: confirm with --yes.", faults=[Fault("--yes", "is needed")])
    warn(f"Name and e-mail of {handle} (person {person}) are destroyed in everything that was ever written.")
    typer.confirm("Nothing brings them back. Go on?", abort=True, err=True)


def _plain(value: Any) -> object:
    return ", ".join(f"{count} {what}" for what, count in value.items()) if isinstance(value, dict) else value
