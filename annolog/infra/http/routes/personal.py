"""What is personal of people, and erasing it."""

from __future__ import annotations

from typing import Any

import orjson
from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.commands.personal import ErasePerson, RevisePerson
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Forbidden, NotFound, Unavailable, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.identity_bodies import Erasure, PersonRevision
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.personal.certificate import certificate_of

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=StrictRoute)


@router.put(
    "/{id}",
    summary="Revise what a person is known by",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, WrongState, Unavailable),
)
async def revise_person(id: Id, body: PersonRevision, caller: Calling) -> Response:
    """Give name and e-mail, or take them back: one's own, or with the right to register people anybody's. They are kept
    sealed, and shown to those who may see people.
    """
    return await caller.answer(RevisePerson(person=id, name=body.name, email=body.email))


@router.post(
    "/{id}/erase",
    summary="Erase a person",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, WrongState, Unavailable),
)
async def erase_person(id: Id, body: Erasure, caller: Calling) -> Response:
    """Destroy what is known of somebody, for good: their key, so that name and e-mail are gone from everything that was
    ever written, backups of it included. Tokens speak for them no more, projects lose them as members, and what they
    did stays under their handle. Answers with the certificate.
    """
    answer = await caller.send(ErasePerson(person=id, handle=body.handle))
    found = await to_thread.run_sync(_certified, caller, id, True)
    headers = {"X-Position": str(answer.position)} | ({"Idempotency-Replayed": "true"} if answer.repeated else {})
    return Response(orjson.dumps(found | {"position": answer.position}), 200, headers, "application/json")


@router.get("/{id}/erasure", summary="Certificate of an erasure", responses=documented(Forbidden, NotFound))
async def erasure(id: Id, caller: Calling) -> Response:
    """Who was erased, when and by whom, what was destroyed, and the event that proves it, with the digest of the chain
    of events up to it.
    """
    rights.require(Permission.ERASE_PEOPLE, caller.person)
    return presented(caller.installation, await to_thread.run_sync(_certified, caller, id, False))


def _certified(caller: Caller, person: int, destroying: bool) -> dict[str, Any]:
    installation = caller.installation
    if destroying:
        installation.key_destruction.sweep()
    found = installation.directory.colleague(caller.person, person)
    if found is None:
        raise NotFound(f"There is no person {person}.")
    return certificate_of(installation.log, installation.vault, found)
