"""Organizations that share the installation and know nothing of each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Response

from annolog.commands.organizations import RenameOrganization
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.organization.state import Organization
from annolog.domain.refusals import Forbidden, InvalidInput
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling, answered
from annolog.infra.http.identity_bodies import Name, NewOrganization
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.identity.ways_in import creating

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)
CHANGING = documented(Forbidden, InvalidInput)


def shown(organization: Organization) -> dict[str, Any]:
    """An organization as it is listed: nothing of what is in it."""
    return {"organization": organization.id, "name": organization.name}


@router.get("/organizations", summary="List organizations", responses=documented(Forbidden))
async def list_organizations(caller: Calling) -> Response:
    """What shares the installation: ids and names, and nothing else of it. For owners of the first."""
    rights.require(Permission.CREATE_ORGANIZATION, caller.person)
    found = caller.installation.directory.organizations.values()
    rows = [shown(one) for one in sorted(found, key=lambda one: one.id)]
    return presented(caller.installation, {"organizations": rows})


@router.post(
    "/organizations", status_code=201, summary="Create an organization", response_model=Answered, responses=CHANGING
)
async def create_organization(body: NewOrganization, caller: Calling) -> Response:
    """Have another organization share the installation. `secret` is shown this once: by it its first owner comes in,
    as a token where they have a handle already, and as that of an invitation where they have not.
    """
    command, secret = creating(body.name, body.owner)
    answer = await caller.send(command)
    shown = {} if answer.repeated else {"secret": secret}
    return answered(replace(answer, value={**answer.value, **shown}), 201)


@router.put("/organization", summary="Rename my organization", response_model=Answered, responses=CHANGING)
async def rename_organization(body: Name, caller: Calling) -> Response:
    """Call one's own organization something else."""
    return await caller.answer(RenameOrganization(name=body.name))
