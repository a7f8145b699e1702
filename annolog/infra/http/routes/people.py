"""People: who there is, what they are, and whether they may come in."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.commands.people import (
    ApprovePerson,
    ChangeOrganizationRole,
    DeactivatePerson,
    ReactivatePerson,
    RegisterPeople,
)
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling, answered
from annolog.infra.http.identity_bodies import NewRole, People, Reason
from annolog.infra.http.parameters import After, Id, Limit
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.personal.showing import named

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)
CHANGING = documented(Forbidden, NotFound, WrongState)


@router.get("/me", summary="Who I am", responses=documented())
async def me(caller: Calling) -> Response:
    """The person the token speaks for, or the one acted for, with the name and e-mail they are known by and the
    organization they belong to. `limits` is what the token opens, null for all they may.
    """
    person = caller.person
    limits = None if person.limits is None else sorted(person.limits)
    about = {"organization": person.organization.id, "organization_name": person.organization.name, "limits": limits}
    [row] = await to_thread.run_sync(named, caller.installation.vault, [person])
    return presented(caller.installation, {**row, **about})


@router.post(
    "/people", status_code=201, summary="Register people", response_model=Answered, responses=documented(Forbidden)
)
async def register_people(body: People, caller: Calling) -> Response:
    """Make people known by a handle, a pseudonym of the caller's. Who is known already keeps their id."""
    return await caller.answer(RegisterPeople(people=body.people), 201)


@router.get("/people", summary="List people", responses=documented(Forbidden))
async def list_people(caller: Calling, after: After = 0, limit: Limit = 100) -> Response:
    """Everybody in the organization, by id, with name and e-mail where they are known. `next` is what to pass as
    `after` for more.
    """
    rights.require(Permission.SEE_PEOPLE, caller.person)
    people = caller.installation.directory.people_of(caller.person.organization.id)
    found = sorted((person for person in people if person.id > after), key=lambda person: person.id)[:limit]
    following = found[-1].id if len(found) == limit else None
    rows = await to_thread.run_sync(named, caller.installation.vault, found)
    return presented(caller.installation, {"people": rows, "next": following})


@router.put(
    "/people/{id}/role",
    summary="Change a role",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, WrongState, InvalidInput),
)
async def change_role(id: Id, body: NewRole, caller: Calling) -> Response:
    """Let somebody be something else in the organization. Only an owner makes owners, and one owner remains."""
    return await caller.answer(ChangeOrganizationRole(person=id, role=body.role, custom_role=body.custom_role))


@router.post("/people/{id}/deactivate", summary="Deactivate", response_model=Answered, responses=CHANGING)
async def deactivate(id: Id, body: Reason, caller: Calling) -> Response:
    """Let nothing speak for somebody: sessions and tokens end at once, and what they hold is given up."""
    answer = await caller.send(DeactivatePerson(person=id, reason=body.reason))
    caller.installation.sessions.forget_all_of(id)
    return answered(answer)


@router.post("/people/{id}/reactivate", summary="Reactivate", response_model=Answered, responses=CHANGING)
async def reactivate(id: Id, caller: Calling) -> Response:
    """Let somebody in again who was kept out."""
    return await caller.answer(ReactivatePerson(person=id))


@router.post("/people/{id}/approve", summary="Approve", response_model=Answered, responses=CHANGING)
async def approve(id: Id, caller: Calling) -> Response:
    """Let somebody in who came by an invitation that asks for it."""
    return await caller.answer(ApprovePerson(person=id))
