"""What the service can do and which attributes it keeps, and what it does not do."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response
from scim2_models import (
    Context,
    ForbiddenException,
    ListResponse,
    NotFoundException,
    NotImplementedException,
    Resource,
    ResourceType,
    Schema,
)

from annolog.infra.scim.answers import answered
from annolog.infra.scim.caller import Calling, Client, dumped
from annolog.infra.scim.errors import MEDIA_TYPE
from annolog.infra.scim.models import CONFIG, SERVICE
from annolog.infra.scim.room import NOT_HERE, room

router = room()


@router.get("/ServiceProviderConfig", summary="What SCIM clients may do here")
async def service_provider_config(client: Calling) -> Response:
    """Patch, filter, sort and versions; no bulk operations, no passwords."""
    return answered(_placed(CONFIG, "ServiceProviderConfig", f"{client.base}/ServiceProviderConfig"), QUERY)


@router.get("/ResourceTypes", summary="What SCIM clients may provision")
async def resource_types(client: Calling) -> Response:
    """Users and groups."""
    return _all([_type(one, client) for one in SERVICE.resource_types], ResourceType, client)


@router.get("/ResourceTypes/{name}", summary="One of what SCIM clients may provision")
async def resource_type(name: str, client: Calling) -> Response:
    """Users, or groups."""
    found = next((one for one in SERVICE.resource_types if one.name == name), None)
    if found is None:
        raise NotFoundException(detail=f"There is no resource type {name}.")
    return answered(_type(found, client), QUERY)


@router.get("/Schemas", summary="Which attributes are kept")
async def schemas(client: Calling) -> Response:
    """Of users and groups; others may be sent and are left out."""
    return _all([_schema(one, client) for one in SERVICE.schemas], Schema, client)


@router.get("/Schemas/{name}", summary="Which attributes are kept of one")
async def schema(name: str, client: Calling) -> Response:
    """By the name of the schema, a URN."""
    found = next((one for one in SERVICE.schemas if str(one.id).lower() == name.lower()), None)
    if found is None:
        raise NotFoundException(detail=f"There is no schema {name}.")
    return answered(_schema(found, client), QUERY)


@router.get("/Me", summary="Not here: whoever calls is a provider", responses=NOT_HERE)
async def me(client: Calling) -> Response:
    """Answers 501."""
    raise NotImplementedException(detail="A token of a provider stands for no user.")


@router.post("/Bulk", summary="Not here: one thing a request", responses=NOT_HERE)
async def bulk(client: Calling) -> Response:
    """Answers 501, as the configuration says."""
    raise NotImplementedException(detail="There are no bulk operations here.")


QUERY = Context.RESOURCE_QUERY_RESPONSE


def _all(resources: list[Any], model: Any, client: Client) -> Response:
    if "filter" in client.request.query_params:
        # RFC 7644, section 4: so that nobody takes a filtered list for everything there is.
        raise ForbiddenException(detail="What the service can do is not filtered.")
    total = len(resources)
    response = ListResponse[model](total_results=total, start_index=1, items_per_page=total, resources=resources)
    return Response(orjson.dumps(dumped(response, QUERY)), 200, None, MEDIA_TYPE)


def _type(found: ResourceType, client: Client) -> Resource[Any]:
    return _placed(found, "ResourceType", f"{client.base}/ResourceTypes/{found.name}")


def _schema(found: Schema, client: Client) -> Resource[Any]:
    return _placed(found, "Schema", f"{client.base}/Schemas/{found.id}")


def _placed(resource: Any, kind: str, location: str) -> Any:
    placed = resource.model_copy(deep=True)
    placed.meta = {"resourceType": kind, "location": location}
    return placed
