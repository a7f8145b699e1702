"""What every role may do, and what owners say about it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from annolog.commands.people import ChangePermission
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import Role, described
from annolog.domain.refusals import Forbidden, InvalidInput
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import PermissionChange, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented

router = APIRouter(prefix="/v1/permissions", tags=["people"], route_class=StrictRoute)


@router.get("", summary="What every role may do", responses=documented())
async def list_permissions(caller: Calling) -> Response:
    """Every permission, the roles that have it here, those that have it by default, and those it can be changed for."""
    rows = described(caller.installation.organization.grants)
    return presented(caller.installation, {"permissions": rows})


@router.put(
    "/{permission}/{role}",
    summary="Give or take a permission",
    response_model=Answered,
    responses=documented(Forbidden, InvalidInput),
)
async def change_permission(permission: Permission, role: Role, body: PermissionChange, caller: Calling) -> Response:
    """For owners: `granted` true gives a permission to a role, false takes it away, null leaves it to the default."""
    return await caller.answer(ChangePermission(role=role, permission=permission, granted=body.granted))
