"""Users over SCIM."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from anyio import to_thread
from fastapi import Response
from scim2_models import Context, PatchOp, SearchRequest

from annolog.commands.command import Command
from annolog.commands.provisioning import ProvisionPerson, ReleasePerson, ReviseProvisionedPerson
from annolog.domain.provisioning import decisions
from annolog.domain.refusals import NotFound
from annolog.infra.scim import showing
from annolog.infra.scim.answers import answered, listed, parameters_of, search_of, unchanged
from annolog.infra.scim.caller import Calling, Client, parsed
from annolog.infra.scim.models import TOLERANT, User, with_defaults
from annolog.infra.scim.revising import revised
from annolog.infra.scim.room import UNCHANGED, room

router = room("/Users")


def _shown(client: Client, id: str) -> tuple[User, str]:
    """The user as they are now, and which version that is."""
    person_id = showing.number(id)
    organization = client.organization
    person = client.directory.accounts.get(person_id) if person_id is not None else None
    profile = client.known(organization).values.get(person_id) if person_id is not None else None
    if person is None or profile is None:
        raise NotFound("There is no such user.")
    groups = organization.provisioning.groups_of(person.id)
    user = showing.user_of(organization, person, profile, groups, client.base)
    return user, decisions.version_of_person(organization.provisioning, person, groups)


async def shown(client: Client, id: str) -> tuple[User, str]:
    """The same, without keeping others waiting."""
    return await to_thread.run_sync(_shown, client, id)


def everybody(client: Client) -> list[User]:
    """Everybody whom the provider answers for."""
    organization = client.organization
    return list(showing.users(client.directory, organization, client.known(organization), client.base))


def _page(client: Client, search: SearchRequest[Any]) -> Response:
    return listed(everybody(client), search, User)


@router.get("", summary="List users")
async def list_users(client: Calling) -> Response:
    """Filtered, in order, page by page."""
    return await to_thread.run_sync(_page, client, search_of(client.request, User))


@router.post("/.search", summary="Search users")
async def search_users(client: Calling) -> Response:
    """The same as a list, asked for in the body."""
    search = parsed(SearchRequest[User], await client.said(), Context.SEARCH_REQUEST)
    return await to_thread.run_sync(_page, client, search)


@router.post("", status_code=201, summary="Provision a user")
async def create_user(client: Calling) -> Response:
    """Have somebody who comes in by the identity provider. Nobody is found again by a name: whoever was removed and
    comes again is somebody new.
    """
    said = with_defaults(await client.said(), active=True)
    user = parsed(User, said, Context.RESOURCE_CREATION_REQUEST)
    parameters = parameters_of(client.request, User)
    command = ProvisionPerson(profile=showing.profile_of(user), active=user.active)
    answer = await client.send(command)
    found, _ = await shown(client, str(answer.value["person"]))
    return answered(found, Context.RESOURCE_CREATION_RESPONSE, 201, parameters)


@router.get("/{id}", summary="A user", responses=UNCHANGED)
async def get_user(id: str, client: Calling) -> Response:
    """As the provider said, with the groups they are in."""
    parameters = parameters_of(client.request, User)
    user, version = await shown(client, id)
    if client.has(version):
        return unchanged(showing.etag(version))
    return answered(user, Context.RESOURCE_QUERY_RESPONSE, 200, parameters)


@router.put("/{id}", summary="Replace a user")
async def replace_user(id: str, client: Calling) -> Response:
    """All that is known of them; who may come in may also afterwards, unless it says otherwise."""
    said = await client.said()

    def replaced(before: User) -> User:
        wanted: User = parsed(
            User, with_defaults(said, active=bool(before.active)), Context.RESOURCE_REPLACEMENT_REQUEST
        )
        wanted.replace(before)
        return wanted

    return await _revised(client, id, replaced, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch("/{id}", summary="Change a user")
async def patch_user(id: str, client: Calling) -> Response:
    """Some of what is known of them."""
    patch = parsed(PatchOp[User], await client.said(), Context.RESOURCE_PATCH_REQUEST)

    def patched(before: User) -> User:
        patch.patch(before, scim_policy=TOLERANT)
        return before

    return await _revised(client, id, patched, Context.RESOURCE_PATCH_RESPONSE)


async def _revised(client: Client, id: str, change: Callable[[User], User], context: Context) -> Response:
    def asked(before: User, version: str) -> Command:
        person = int(before.id or 0)
        wanted = change(before)
        return ReviseProvisionedPerson(
            person=person, profile=showing.profile_of(wanted), active=wanted.active, expected=version
        )

    return await revised(client, partial(shown, client, id), asked, context)


@router.delete("/{id}", status_code=204, summary="Remove a user")
async def delete_user(id: str, client: Calling) -> Response:
    """Let nothing speak for them any more, and forget what the provider said. Their work stays."""
    user, _ = await shown(client, id)
    await client.send(ReleasePerson(person=int(user.id or 0), expected=client.expected))
    return Response(None, 204)
