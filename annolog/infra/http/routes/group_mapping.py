"""What groups of identity providers are worth in an organization."""

from __future__ import annotations

from fastapi import APIRouter, Response

from annolog.commands.provisioning import ChangeGroupMapping
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.identity_bodies import GroupMapping
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.scim.mapping import described

router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)


@router.get("/group-mapping", summary="What groups are worth", responses=documented(Forbidden))
async def group_mapping(caller: Calling) -> Response:
    """The rules, and the groups that an identity provider made known over SCIM, with how many people are in each.
    `kept_owner` is who would be less by their groups, and stays owner as long as nobody else is one.
    """
    rights.require(Permission.CONFIGURE_ORGANIZATION, caller.person)
    return presented(caller.installation, described(caller.installation.directory, caller.person.organization.id))


@router.put(
    "/group-mapping",
    summary="Say what groups are worth",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, InvalidInput),
)
async def change_group_mapping(body: GroupMapping, caller: Calling) -> Response:
    """All rules there are from now on. A rule gives who is in a group of a provider, `scim` for those that come over
    SCIM, a role in the organization, or a `project_role` in a project or a workspace. Of several roles for one place
    the most elevated holds; what somebody was given by hand stays theirs.
    """
    return await caller.answer(ChangeGroupMapping(rules=body.rules))
