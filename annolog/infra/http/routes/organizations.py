"""Organizations that share the installation and know nothing of each other."""

from __future__ import annotations

from fastapi import APIRouter, Response

from annolog.commands.organizations import CreateOrganization, RenameOrganization
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Forbidden, InvalidInput
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.identity_bodies import Name, NewOrganization
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)
CHANGING = documented(Forbidden, InvalidInput)


@router.get("/organizations", summary="List organizations", responses=documented(Forbidden))
async def list_organizations(caller: Calling) -> Response:
    """What shares the installation: ids and names, and nothing else of it. For owners of the first."""
    rights.require(Permission.CREATE_ORGANIZATION, caller.person)
    found = caller.installation.directory.organizations.values()
    rows = [{"organization": one.id, "name": one.name} for one in sorted(found, key=lambda one: one.id)]
    return presented(caller.installation, {"organizations": rows})


@router.post(
    "/organizations", status_code=201, summary="Create an organization", response_model=Answered, responses=CHANGING
)
async def create_organization(body: NewOrganization, caller: Calling) -> Response:
    """Have another organization share the installation, with a first owner. `annolog organizations create` shows a
    token for them.
    """
    return await caller.answer(CreateOrganization(name=body.name, owner=body.owner), 201)


@router.put("/organization", summary="Rename my organization", response_model=Answered, responses=CHANGING)
async def rename_organization(body: Name, caller: Calling) -> Response:
    """Call one's own organization something else."""
    return await caller.answer(RenameOrganization(name=body.name))
