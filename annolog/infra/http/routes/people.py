"""People and the tokens that speak for them."""

from __future__ import annotations

import secrets

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.commands.people import IssueToken, RegisterPeople
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Forbidden, NotFound
from annolog.infra.composition import digest_of
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import People, StrictRoute, TokenLabel
from annolog.infra.http.caller import Calling, answered
from annolog.infra.http.parameters import After, Id, Limit
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.personal.showing import named

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)


@router.get("/me", summary="Who I am", responses=documented())
async def me(caller: Calling) -> Response:
    """The person the token speaks for, or the one acted for, with the name and e-mail they are known by."""
    [shown] = await to_thread.run_sync(named, caller.installation.vault, [caller.person])
    return presented(caller.installation, shown)


@router.post(
    "/people", status_code=201, summary="Register people", response_model=Answered, responses=documented(Forbidden)
)
async def register_people(body: People, caller: Calling) -> Response:
    """Make people known by a handle, a pseudonym of the caller's. Who is known already keeps their id."""
    return await caller.answer(RegisterPeople(people=body.people), 201)


@router.get("/people", summary="List people", responses=documented(Forbidden))
async def list_people(caller: Calling, after: After = 0, limit: Limit = 100) -> Response:
    """Everybody registered, by id, with name and e-mail where they are known. `next` is what to pass as `after` for
    more.
    """
    rights.require(Permission.SEE_PEOPLE, caller.person)
    people = caller.installation.organization.people
    ids = sorted(id for id in people if id > after)[:limit]
    rows = await to_thread.run_sync(named, caller.installation.vault, [people[id] for id in ids])
    return presented(caller.installation, {"people": rows, "next": ids[-1] if len(ids) == limit else None})


@router.post(
    "/people/{id}/tokens",
    status_code=201,
    summary="Issue a token",
    response_model=Answered,
    responses=documented(Forbidden, NotFound),
)
async def issue_token(id: Id, body: TokenLabel, caller: Calling) -> Response:
    """Make a token that speaks for a person. It is shown this once; only its digest is kept."""
    token = f"annolog_{secrets.token_urlsafe(32)}"
    answer = await caller.send(IssueToken(person=id, digest=digest_of(token), label=body.label))
    response = answered(answer, 201)
    if answer.repeated:
        return response
    shown = type(answer)(answer.position, {**answer.value, "secret": token})
    return answered(shown, 201)
