"""Tokens: what speaks for people, shown once and then known by its label only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from annolog.commands.tokens import IssueToken, RevokeToken
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.people.state import Token
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound
from annolog.infra.digests import digest_of
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling, answered
from annolog.infra.http.identity_bodies import NewToken
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.identity.ways_in import new_token
from annolog.projections.activity.queries import last_used

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)
ISSUING = documented(Forbidden, NotFound, InvalidInput)


@router.post(
    "/people/{id}/tokens", status_code=201, summary="Issue a token", response_model=Answered, responses=ISSUING
)
async def issue_token(id: Id, body: NewToken, caller: Calling) -> Response:
    """Make a token that speaks for a person. It is shown this once; only its digest is kept."""
    return await _issued(caller, id, body)


@router.post("/me/tokens", status_code=201, summary="Issue my own token", response_model=Answered, responses=ISSUING)
async def issue_own_token(body: NewToken, caller: Calling) -> Response:
    """Make a token that speaks for oneself. It is shown this once; only its digest is kept."""
    return await _issued(caller, caller.person.id, body)


@router.get("/people/{id}/tokens", summary="List tokens", responses=documented(Forbidden, NotFound))
async def list_tokens(id: Id, caller: Calling) -> Response:
    """What speaks for a person: labels, limits, ends and last use, to the hour; never the tokens themselves."""
    rights.require(Permission.ISSUE_TOKENS, caller.person)
    if caller.installation.directory.colleague(caller.person, id) is None:
        raise NotFound(f"There is no person {id}.")
    return await _listed(caller, id)


@router.get("/me/tokens", summary="List my own tokens", responses=documented())
async def list_own_tokens(caller: Calling) -> Response:
    """What speaks for oneself."""
    return await _listed(caller, caller.person.id)


@router.delete(
    "/tokens/{token}", summary="Revoke a token", response_model=Answered, responses=documented(Forbidden, NotFound)
)
async def revoke_token(token: Id, caller: Calling) -> Response:
    """Let a token speak for nobody, from now on."""
    return await caller.answer(RevokeToken(token=token))


async def _issued(caller: Caller, person: int, body: NewToken) -> Response:
    token = new_token()
    command = IssueToken(
        person=person, digest=digest_of(token), label=body.label, scopes=body.scopes, expires_at=body.expires_at
    )
    answer = await caller.send(command)
    if answer.repeated:
        return answered(answer, 201)
    shown = type(answer)(answer.position, {**answer.value, "secret": token})
    return answered(shown, 201)


async def _listed(caller: Caller, person: int) -> Response:
    tokens = caller.installation.directory.tokens_of(person)
    ids = [token.id for token in tokens]
    used = await read(caller.installation, 0, lambda connection: last_used(connection, ids))
    return presented(caller.installation, {"tokens": [shown(token, used.get(token.id)) for token in tokens]})


def shown(token: Token, used: datetime | None) -> dict[str, Any]:
    """A token as it is listed: never itself."""
    return {
        "token": token.id,
        "label": token.label,
        "scopes": None if token.scopes is None else sorted(token.scopes),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "last_used_at": used.isoformat() if used else None,
    }
