"""What SCIM clients are answered with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import Request, Response
from scim2_models import Context, InvalidValueException, ListResponse, Resource, ResponseParameters, SearchRequest

from annolog.infra.scim.caller import dumped, parsed
from annolog.infra.scim.errors import MEDIA_TYPE
from annolog.infra.scim.models import MOST_RESULTS, USUAL_RESULTS

PARAMETERS = ("attributes", "excludedAttributes")
OF_A_LIST = (*PARAMETERS, "filter", "sortBy", "sortOrder", "startIndex", "count")


def answered(
    resource: Resource[Any], context: Context, status: int = 200, parameters: ResponseParameters[Any] | None = None
) -> Response:
    """A resource, with where it is and which version of it this is."""
    headers: dict[str, str] = {}
    if resource.meta is not None and resource.meta.version is not None:
        headers["ETag"] = resource.meta.version
    if resource.meta is not None and resource.meta.location is not None:
        headers["Location"] = resource.meta.location
    body = dumped(resource, context, parameters)
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def unchanged(version: str) -> Response:
    """The client has it already."""
    return Response(None, 304, {"ETag": version})


def parameters_of(request: Request, model: Any) -> ResponseParameters[Any]:
    """Which attributes were asked for."""
    found: ResponseParameters[Any] = parsed(ResponseParameters[model], _taken(request, PARAMETERS), Context.DEFAULT)
    return found


def search_of(request: Request, model: Any) -> SearchRequest[Any]:
    """What a list was asked for, from the query of the address."""
    found: SearchRequest[Any] = parsed(SearchRequest[model], _taken(request, OF_A_LIST), Context.DEFAULT)
    return found


def _taken(request: Request, names: Iterable[str]) -> dict[str, str]:
    taken = {name: value for name in names if (value := request.query_params.get(name)) is not None}
    if "cursor" in request.query_params:
        raise InvalidValueException(detail="Pages are asked for with startIndex and count here.")
    return taken


def listed(resources: Iterable[Resource[Any]], search: SearchRequest[Any], model: Any) -> Response:
    """A page of what the filter lets through, in the order asked for."""
    found = list(resources)
    if search.filter is not None:
        of_model = dict.fromkeys({type(one) for one in found}, search.filter)
        found = [one for one in found if of_model[type(one)].match(one)]
    found = search.sort(found)
    count = min(USUAL_RESULTS if search.count is None else search.count, MOST_RESULTS)
    start = search.start_index_0 or 0
    page = found[start : start + count]
    response = ListResponse[model](
        total_results=len(found), start_index=start + 1, items_per_page=len(page), resources=page
    )
    return Response(orjson.dumps(dumped(response, Context.SEARCH_RESPONSE, search)), 200, None, MEDIA_TYPE)
