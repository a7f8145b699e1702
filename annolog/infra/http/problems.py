"""Every refusal, one shape: problem details (RFC 9457) with a documented type for each code."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from annolog.domain import refusals
from annolog.domain.faults import MOST_FAULTS, pointer_to
from annolog.domain.refusals import Fault, InvalidInput, Malformed, NotFound, Refused, Unavailable
from annolog.projections.engine.parking import is_outage

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
REFUSALS: dict[str, type[Refused]] = {
    found.code: found
    for found in vars(refusals).values()
    if isinstance(found, type) and issubclass(found, Refused) and found is not Refused
}
CODE_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def problem(refusal: Refused, instance: str) -> Response:
    """The refusal as a response."""
    members: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.summary,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": instance,
        "code": refusal.code,
    }
    if refusal.faults:
        members["errors"] = [{"pointer": fault.pointer, "detail": fault.message} for fault in refusal.faults]
    members |= {name: value for name, value in refusal.facts.items() if name not in members}
    headers = {"Retry-After": str(refusal.facts["retry_after"])} if "retry_after" in refusal.facts else {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(members, default=str), refusal.status, headers, MEDIA_TYPE)


def plain(status: int, code: str, title: str, detail: str, instance: str) -> Response:
    """A problem that no rule of the domain raised."""
    members = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}
    return Response(orjson.dumps(members | {"instance": instance, "code": code}), status, media_type=MEDIA_TYPE)


def unnoted(request: Request, refusal: Refused) -> None:
    """Nobody is told of refusals."""


def register(app: FastAPI, note: Callable[[Request, Refused], None] = unnoted) -> None:
    """Render refusals, bad requests, unknown routes and defects alike; `note` is told of every refusal."""

    @app.exception_handler(Refused)
    async def refused(request: Request, refusal: Refused) -> Response:
        note(request, refusal)
        return problem(refusal, request.url.path)

    @app.exception_handler(DBAPIError)
    async def broken(request: Request, trouble: DBAPIError) -> Response:
        if not is_outage(trouble):
            raise trouble
        logger.warning("database cannot be reached", extra={"path": request.url.path, "cause": str(trouble.orig)})
        refusal = Unavailable("A database cannot be reached; ask again.", facts={"retry_after": 1})
        return problem(refusal, request.url.path)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return problem(_of_validation(error), request.url.path)

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, Refused):
            note(request, error.__cause__)
            return problem(error.__cause__, request.url.path)
        if isinstance(error.__cause__, RecursionError):
            return problem(Malformed("The body is nested too deeply."), request.url.path)
        code = CODE_OF_STATUS.get(error.status_code, "http-error")
        return plain(error.status_code, code, str(error.detail), str(error.detail), request.url.path)

    @app.exception_handler(Exception)
    async def defect(request: Request, error: Exception) -> Response:
        logger.error("unexpected", extra={"path": request.url.path}, exc_info=error)
        detail = "Something went wrong here. Nothing was written that was not acknowledged."
        return plain(500, "internal-error", "The server failed", detail, request.url.path)


def _of_validation(error: RequestValidationError) -> Refused:
    """The refusal that names the fields. Pointers are into the body; other parts of a request come by name."""
    found = error.errors()[:MOST_FAULTS]
    if any(item["type"] == "json_invalid" for item in found):
        where = found[0]["loc"][-1]
        return Malformed(f"The body is not JSON: {found[0].get('ctx', {}).get('error', '')} at character {where}.")
    if all(item["loc"][0] == "path" for item in found):
        return NotFound("There is no such resource: an id is a positive integer below 2^53.")
    faults = [Fault(_pointer(item["loc"]), str(item["msg"])) for item in found]
    return InvalidInput(f"{faults[0].pointer}: {faults[0].message}", faults=faults)


def _pointer(location: tuple[int | str, ...]) -> str:
    place, *rest = location
    return pointer_to(tuple(rest)) or "/" if place == "body" else f"{place}{pointer_to(tuple(rest))}"


def documented(*kinds: type[Refused]) -> dict[int | str, dict[str, Any]]:
    """The problems that an operation may answer with, for OpenAPI."""
    by_status: dict[int | str, list[type[Refused]]] = {}
    # Whatever is asked: the token may be none, the person acted for nobody or not the caller's to act for, the body no
    # JSON or too large, there may have been too many requests, and the read models may be too far behind for more work.
    usual: tuple[type[Refused], ...] = (
        refusals.Unauthenticated,
        refusals.Forbidden,
        refusals.NotFound,
        refusals.Malformed,
        refusals.TooLarge,
        refusals.InvalidInput,
        refusals.TooManyRequests,
        refusals.Overloaded,
    )
    for kind in dict.fromkeys((*usual, *kinds)):
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _response(found) for status, found in by_status.items()}


def also_as(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """What an operation may answer with beside JSON, for OpenAPI."""
    return {200: {"content": {media_type: {} for media_type in media_types}}}


def _response(kinds: Iterable[type[Refused]]) -> dict[str, Any]:
    examples: Mapping[str, Any] = {
        kind.code: {
            "summary": kind.summary,
            "value": {
                "type": f"/problems/{kind.code}",
                "title": kind.summary,
                "status": kind.status,
                "detail": (kind.__doc__ or "").splitlines()[0],
                "code": kind.code,
            },
        }
        for kind in kinds
    }
    words = "; ".join(f"`{kind.code}`: {kind.summary.lower()}" for kind in kinds)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}}}
