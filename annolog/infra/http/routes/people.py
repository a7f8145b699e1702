"""People: who there is, what they are, and whether they may come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from annolog.commands.people import (
    ApprovePerson,
    ChangeOrganizationRole,
    DeactivatePerson,
    ReactivatePerson,
    RegisterPeople,
)
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.faults import refuse_nul
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person, Standing
from annolog.domain.people.treatment import treatments
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling, answered
from annolog.infra.http.identity_bodies import NewRole, People, Reason
from annolog.infra.http.parameters import After, Id, Limit
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.personal.showing import named
from annolog.infra.personal.vault import SqlVault

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)
CHANGING = documented(Forbidden, NotFound, WrongState)
# Names are opened so many at a time, as long as too few fit.
TOGETHER = 1_000
SEARCHED = ("handle", "name", "email")
Text = Annotated[str, Query(max_length=200, description="Words in the handle, the name or the e-mail.")]
OfRole = Annotated[OrganizationRole | None, Query(description="Only who is this in the organization.")]
OfStanding = Annotated[Standing | None, Query(description="Only who stands so.")]
OfService = Annotated[bool | None, Query(description="Only service accounts, or only people.")]


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
async def list_people(
    caller: Calling,
    after: After = 0,
    limit: Limit = 100,
    text: Text = "",
    role: OfRole = None,
    standing: OfStanding = None,
    service: OfService = None,
) -> Response:
    """Everybody in the organization, by id, with name and e-mail where they are known. `next` is what to pass as
    `after` for more.
    """
    rights.require(Permission.SEE_PEOPLE, caller.person)
    refuse_nul({"text": text})
    people = caller.installation.directory.people_of(caller.person.organization.id)
    among = [
        person
        for person in people
        if person.id > after
        and (role is None or person.role is role)
        and (standing is None or person.standing is standing)
        and (service is None or person.service is service)
    ]
    among.sort(key=lambda person: person.id)
    rows = await to_thread.run_sync(_page, caller.installation.vault, among, limit, text.strip().casefold())
    following = rows[-1]["person"] if len(rows) == limit else None
    return presented(caller.installation, {"people": rows, "next": following})


def _page(vault: SqlVault, among: Sequence[Person], limit: int, text: str) -> list[dict[str, Any]]:
    """The first so many, or of those in whose handle, name or e-mail the text is."""
    if not text:
        return named(vault, among[:limit])
    found: list[dict[str, Any]] = []
    for first in range(0, len(among), TOGETHER):
        rows = named(vault, among[first : first + TOGETHER])
        found += [row for row in rows if any(text in (row[part] or "").casefold() for part in SEARCHED)]
        if len(found) >= limit:
            break
    return found[:limit]


@router.get("/people/{id}", summary="A person", responses=documented(Forbidden, NotFound))
async def get_person(id: Id, caller: Calling) -> Response:
    """Somebody, or oneself, with what the caller may do to them in `may`."""
    if id != caller.person.id:
        rights.require(Permission.SEE_PEOPLE, caller.person)
    directory = caller.installation.directory
    found = directory.colleague(caller.person, id)
    if found is None:
        raise NotFound(f"There is no person {id}.")
    [row] = await to_thread.run_sync(named, caller.installation.vault, [found])
    return presented(caller.installation, row | {"may": sorted(treatments(directory, caller.person, found))})


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
