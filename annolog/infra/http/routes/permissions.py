"""What every role may do, and what owners say about it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from annolog.commands.organizations import ChangePermission, DefineRole, RetireRole
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import Grants, Role, described
from annolog.domain.people.treatment import roles_given_by
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.identity_bodies import PermissionChange, RoleDefinition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)


def own_roles(grants: Grants) -> list[dict[str, Any]]:
    """An organization's own roles, by name."""
    return [
        {
            "role": role.name,
            "like": role.like.value,
            "permissions": sorted(role.permissions),
            "retired": role.retired,
        }
        for _, role in sorted(grants.custom.items())
    ]


RoleName = Annotated[str, Path(max_length=200)]


@router.get("/permissions", summary="What every role may do", responses=documented())
async def list_permissions(caller: Calling) -> Response:
    """Every permission, the roles that have it here, those that have it by default, and those it can be changed for."""
    rows = described(caller.person.grants)
    return presented(caller.installation, {"permissions": rows})


@router.put(
    "/permissions/{permission}/{role}",
    summary="Give or take a permission",
    response_model=Answered,
    responses=documented(Forbidden, InvalidInput),
)
async def change_permission(permission: Permission, role: Role, body: PermissionChange, caller: Calling) -> Response:
    """For owners: `granted` true gives a permission to a role, false takes it away, null leaves it to the default."""
    return await caller.answer(ChangePermission(role=role, permission=permission, granted=body.granted))


@router.get("/roles", summary="List roles", responses=documented())
async def list_roles(caller: Calling) -> Response:
    """The organization's own roles, also those that nobody is given any more, by name; and in `gives` the roles in the
    organization that the caller may give somebody.
    """
    rows = own_roles(caller.person.grants)
    gives = [{"role": role.value, "custom_role": own or None} for role, own in roles_given_by(caller.person)]
    return presented(caller.installation, {"roles": rows, "gives": gives})


@router.put(
    "/roles/{name}", summary="Define a role", response_model=Answered, responses=documented(Forbidden, InvalidInput)
)
async def define_role(name: RoleName, body: RoleDefinition, caller: Calling) -> Response:
    """For owners: a role of the organization's own, like one that there is, with permissions that it could have."""
    return await caller.answer(DefineRole(name=name, like=body.like, permissions=body.permissions))


@router.delete(
    "/roles/{name}", summary="Retire a role", response_model=Answered, responses=documented(Forbidden, NotFound)
)
async def retire_role(name: RoleName, caller: Calling) -> Response:
    """For owners: nobody is given the role any more. Who has it keeps it."""
    return await caller.answer(RetireRole(name=name))
