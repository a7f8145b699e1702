"""Groups over SCIM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import to_thread
from fastapi import Response
from scim2_models import Context, PatchOp, SearchRequest

from annolog.commands.command import Command
from annolog.commands.provisioning import ProvisionGroup, RemoveGroup, ReviseGroup
from annolog.domain.provisioning import decisions
from annolog.domain.refusals import NotFound
from annolog.infra.scim import showing
from annolog.infra.scim.answers import answered, listed, parameters_of, search_of, unchanged
from annolog.infra.scim.caller import Calling, Client, parsed
from annolog.infra.scim.models import TOLERANT, Group, User
from annolog.infra.scim.revising import revised
from annolog.infra.scim.room import UNCHANGED, room
from annolog.infra.scim.users import everybody

router = room()


def _shown(client: Client, id: str) -> tuple[Group, str]:
    """The group as it is now, and which version that is."""
    number = showing.number(id)
    found = client.organization.provisioning.groups.get(number) if number is not None else None
    if found is None:
        raise NotFound("There is no such group.")
    return showing.group_of(found, client.base), decisions.version_of_group(found)


def _page(client: Client, search: SearchRequest[Any]) -> Response:
    return listed(showing.groups(client.organization, client.base), search, Group)


@router.get("/Groups", summary="List groups")
async def list_groups(client: Calling) -> Response:
    """Filtered, in order, page by page."""
    return await to_thread.run_sync(_page, client, search_of(client.request, Group))


@router.post("/Groups/.search", summary="Search groups")
async def search_groups(client: Calling) -> Response:
    """The same as a list, asked for in the body."""
    search = parsed(SearchRequest[Group], await client.said(), Context.SEARCH_REQUEST)
    return await to_thread.run_sync(_page, client, search)


@router.post("/.search", summary="Search users and groups")
async def search(client: Calling) -> Response:
    """Both at once."""
    wanted = parsed(SearchRequest[User | Group], await client.said(), Context.SEARCH_REQUEST)

    def found() -> Response:
        return listed([*everybody(client), *showing.groups(client.organization, client.base)], wanted, User | Group)

    return await to_thread.run_sync(found)


@router.post("/Groups", status_code=201, summary="Provision a group")
async def create_group(client: Calling) -> Response:
    """Have a group. What it is worth here the organization's mapping says."""
    group = parsed(Group, await client.said(), Context.RESOURCE_CREATION_REQUEST)
    parameters = parameters_of(client.request, Group)
    command = ProvisionGroup(
        name=group.display_name or "", external_id=group.external_id or "", members=showing.members_of(group)
    )
    answer = await client.send(command)
    found, _ = _shown(client, str(answer.value["group"]))
    return answered(found, Context.RESOURCE_CREATION_RESPONSE, 201, parameters)


@router.get("/Groups/{id}", summary="A group", responses=UNCHANGED)
async def get_group(id: str, client: Calling) -> Response:
    """With everybody who is in it, unless `excludedAttributes=members`."""
    parameters = parameters_of(client.request, Group)
    group, version = _shown(client, id)
    if client.has(version):
        return unchanged(showing.etag(version))
    return answered(group, Context.RESOURCE_QUERY_RESPONSE, 200, parameters)


@router.put("/Groups/{id}", summary="Replace a group")
async def replace_group(id: str, client: Calling) -> Response:
    """What it is called, and who is in it."""
    wanted: Group = parsed(Group, await client.said(), Context.RESOURCE_REPLACEMENT_REQUEST)

    def replaced(before: Group) -> Group:
        return wanted

    return await _revised(client, id, replaced, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch("/Groups/{id}", summary="Change a group")
async def patch_group(id: str, client: Calling) -> Response:
    """Who comes in and who leaves it, what it is called."""
    patch = parsed(PatchOp[Group], await client.said(), Context.RESOURCE_PATCH_REQUEST)

    def patched(before: Group) -> Group:
        patch.patch(before, scim_policy=TOLERANT)
        return before

    return await _revised(client, id, patched, Context.RESOURCE_PATCH_RESPONSE)


async def _revised(client: Client, id: str, change: Callable[[Group], Group], context: Context) -> Response:
    async def now() -> tuple[Group, str]:
        return _shown(client, id)

    def asked(before: Group, version: str) -> Command:
        wanted = change(before)
        return ReviseGroup(
            group=showing.number(id) or 0,
            name=wanted.display_name or "",
            external_id=wanted.external_id or "",
            members=showing.members_of(wanted),
            expected=version,
        )

    return await revised(client, now, asked, context)


@router.delete("/Groups/{id}", status_code=204, summary="Remove a group")
async def delete_group(id: str, client: Calling) -> Response:
    """Nobody has anything by it any more; the people stay."""
    _shown(client, id)
    await client.send(RemoveGroup(group=showing.number(id) or 0, expected=client.expected))
    return Response(None, 204)
