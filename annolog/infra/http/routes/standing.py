"""What somebody may do in a project, and by which names those who work in it are known: what pages are shaped by."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.domain.access.permissions import LOOKING_ON, Permission
from annolog.domain.access.rights import (
    is_archived,
    may,
    membership,
    permissions_in,
    permissions_of,
    waits_for_publication,
)
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person
from annolog.domain.project.state import Project
from annolog.domain.refusals import Behind, NotFound
from annolog.infra.composition import Installation
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import sight_of
from annolog.infra.personal.showing import named
from annolog.projections.performance.queries import people_of

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)
SHOWN = ("person", "handle", "name", "service", "erased", "standing")


@router.get("/me/rights", summary="What I may do", responses=documented())
async def own_rights(caller: Calling) -> Response:
    """All that the caller may do in the organization, and with that in each of its projects."""
    found = permissions_of(caller.person)
    return presented(caller.installation, {"permissions": sorted(permission.value for permission in found)})


@router.get("/projects/{id}/rights", summary="What I may do in a project", responses=documented(NotFound))
async def rights_in(id: Id, caller: Calling) -> Response:
    """What the caller is and may do there, and what of others' work they are shown. Two people for whom this answer is
    the same are shown the same of the project; whoever is shown something of their own is named in `alone`.
    """
    project = caller.project(id)
    person = caller.person
    sight = sight_of(project, person)
    member = membership(person, project)
    archived = is_archived(person, project)
    quality = may(Permission.SEE_QUALITY, person, project)
    held = permissions_in(person, project)
    shown: dict[str, Any] = {
        "role": None if member is None else member.role.value,
        "organization_role": person.role.value,
        "permissions": sorted(one.value for one in held if not archived or one in LOOKING_ON),
        "names": sight.names,
        "agreement": sight.agreement,
        "hidden_fields": sorted(sight.fields.fields),
        "archived": archived,
        "published": project.published,
        "waits_for_publication": waits_for_publication(person, project),
        "alone": None if quality and sight.verdicts and sight.names and sight.agreement else person.id,
    }
    return presented(caller.installation, shown)


@router.get("/projects/{id}/people", summary="Who works in a project", responses=documented(NotFound, Behind))
async def people_in(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Those who belong to the project, have worked in it or could manage it, with the names they are known by; for
    whom names are hidden, or others' work is, only the caller.
    """
    project = caller.project(id)
    person = caller.person
    sees = may(Permission.SEE_QUALITY, person, project) and sight_of(project, person).names
    worked = await read(caller.installation, min_position, lambda connection: people_of(connection, id))
    there = _around(caller.installation, project, person, worked) if sees else [person]
    rows = await to_thread.run_sync(named, caller.installation.vault, there)
    shown = [{name: row[name] for name in SHOWN} | _in(project, row["person"]) for row in rows]
    return presented(caller.installation, {"people": shown})


def _around(installation: Installation, project: Project, person: Person, worked: list[int]) -> list[Person]:
    ids = {*project.members, *worked}
    everybody = installation.directory.people_of(person.organization.id)
    found = [one for one in everybody if one.id in ids or one.role is not OrganizationRole.MEMBER]
    return sorted(found, key=lambda one: one.id)


def _in(project: Project, person: int) -> dict[str, Any]:
    member = project.members.get(person)
    return {
        "role": None if member is None else member.role.value,
        "paused": member is not None and bool(member.pauses),
    }
