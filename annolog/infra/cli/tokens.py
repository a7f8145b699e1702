"""`annolog tokens …`: what speaks for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from annolog.commands.tokens import IssueToken, RevokeToken
from annolog.domain.access.permissions import Permission
from annolog.domain.organization.state import Organization
from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.infra.cli.options import patiently
from annolog.infra.cli.placing import Place, placed
from annolog.infra.composition import Installation
from annolog.infra.digests import digest_of
from annolog.infra.http.routes.tokens import shown
from annolog.infra.identity.ways_in import new_token
from annolog.projections.activity.queries import last_used

app = typer.Typer(no_args_is_help=True)

Person = Annotated[int | None, typer.Argument(min=1, help="Whom it is about; with --url oneself if nobody.")]


@app.command("list")
@placed
def list_tokens(place: Place, person: Person = None) -> None:
    """List what speaks for somebody: labels, limits and ends, never the tokens themselves."""

    def here(installation: Installation, _: Organization) -> dict[str, Any]:
        if installation.directory.person(person) is None:
            raise NotFound(f"There is no person {person}.")
        tokens = installation.directory.tokens_of(_named(person))
        patiently(installation.projections.catch_up)
        with installation.read_engine.connect() as connection:
            used = last_used(connection, [token.id for token in tokens])
        return {"tokens": [shown(token, used.get(token.id)) for token in tokens]}

    rows = place.ask(f"/v1/{_whose(place, person)}/tokens", here)["tokens"]
    place.show("tokens", rows, "Tokens", ("token", "label", "scopes", "expires_at"))


@app.command()
@placed
def issue(
    place: Place,
    person: Person = None,
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "",
    scope: Annotated[
        list[Permission] | None,
        typer.Option("--scope", help="A permission that it is limited to; all they may if none. Repeatable."),
    ] = None,
    days: Annotated[float | None, typer.Option("--days", min=0, help="How long it holds; for ever if none.")] = None,
) -> None:
    """Make a token that speaks for somebody. It is shown this once; only its digest is kept."""
    body: dict[str, Any] = {
        "label": label,
        "scopes": [one.value for one in scope or []],
        "expires_at": None if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat(),
    }

    def made() -> tuple[IssueToken, str]:
        token = new_token()
        return IssueToken.model_validate({"person": _named(person), "digest": digest_of(token), **body}), token

    found = place.hand_out(f"/v1/{_whose(place, person)}/tokens", body, made)
    place.say(found, f"token {found['token']} of person {found['person']}", f"shown this once: {found['secret']}")


@app.command()
@placed
def revoke(place: Place, token_id: Annotated[int, typer.Argument(min=1, metavar="TOKEN")]) -> None:
    """Let a token speak for nobody, from now on."""
    found = place.tell(RevokeToken, {"token": token_id}, "DELETE", f"/v1/tokens/{token_id}", None)
    place.say(found, f"token {token_id} speaks for nobody")


def _whose(place: Place, person: int | None) -> str:
    return "me" if person is None and place.url is not None else f"people/{_named(person)}"


def _named(person: int | None) -> int:
    if person is None:
        message = "say whose: in a folder nobody is oneself"
        raise InvalidInput(f"PERSON: {message}", faults=[Fault("PERSON", message)])
    return person
