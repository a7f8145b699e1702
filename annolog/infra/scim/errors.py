"""Every refusal once more, in SCIM's shape: what the rest of the API answers with is told in other words here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from scim2_models import Error, SCIMException

PREFIX = "/scim/v2"
MEDIA_TYPE = "application/scim+json"
SCIM_TYPES = {
    "not-unique": "uniqueness",
    "malformed": "invalidSyntax",
    "invalid-input": "invalidValue",
}
# SCIM has no 422: what does not fit an attribute is a bad request.
STATUSES = {422: 400}
KEPT_HEADERS = ("retry-after", "www-authenticate", "allow")

Handler = Callable[[Request, Any], Response | Awaitable[Response]]


def rendered(error: Error, headers: dict[str, str] | None = None) -> Response:
    """An error as a response."""
    status = error.status or 400
    return Response(orjson.dumps(error.model_dump()), status, headers, MEDIA_TYPE)


def is_scim(request: Request) -> bool:
    """Whether a SCIM client asks."""
    path = request.url.path
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def register(app: FastAPI) -> None:
    """Answer SCIM clients in their own words. To be called once everything else is registered."""
    for kind, handler in list(app.exception_handlers.items()):
        app.exception_handlers[kind] = _translating(handler)

    @app.exception_handler(SCIMException)
    async def refused(request: Request, refusal: SCIMException) -> Response:
        return rendered(refusal.to_error())


def _translating(handler: Handler) -> Handler:
    async def translated(request: Request, trouble: Any) -> Response:
        answer = handler(request, trouble)
        response = await answer if isawaitable(answer) else answer
        return _translated(response) if is_scim(request) else response

    return translated


def _translated(response: Response) -> Response:
    problem = orjson.loads(bytes(response.body))
    status = STATUSES.get(response.status_code, response.status_code)
    error = Error(status=status, scim_type=SCIM_TYPES.get(problem["code"]), detail=problem["detail"])
    headers = {name: value for name in KEPT_HEADERS if (value := response.headers.get(name)) is not None}
    return rendered(error, headers)
