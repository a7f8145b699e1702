"""Where SCIM clients ask, and what OpenAPI says of how they are answered there."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from annolog.domain.refusals import Forbidden, NotFound, NotUnique, StaleVersion, WrongState
from annolog.infra.http.problems import documented
from annolog.infra.scim.errors import MEDIA_TYPE, PREFIX, STATUSES

ERROR = {
    "type": "object",
    "properties": {
        "schemas": {"type": "array", "items": {"type": "string"}},
        "status": {"type": "string"},
        "scimType": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["schemas", "status", "detail"],
}
NOT_HERE: dict[int | str, dict[str, Any]] = {
    501: {"description": "Not offered here", "content": {MEDIA_TYPE: {"schema": ERROR}}}
}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The version that the client has"}}


class Answered(JSONResponse):
    """What is documented as SCIM's own kind of JSON."""

    media_type = MEDIA_TYPE


def room(below: str = "") -> APIRouter:
    """A part of the service, whose refusals are SCIM's."""
    return APIRouter(prefix=f"{PREFIX}{below}", tags=["scim"], default_response_class=Answered, responses=_refusals())


def _refusals() -> dict[int | str, dict[str, Any]]:
    words: dict[int | str, list[str]] = {}
    for status, problem in documented(Forbidden, NotFound, NotUnique, StaleVersion, WrongState).items():
        words.setdefault(STATUSES.get(int(status), status), []).append(problem["description"])
    return {
        status: {"description": "; ".join(found), "content": {MEDIA_TYPE: {"schema": ERROR}}}
        for status, found in words.items()
    }
