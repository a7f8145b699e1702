"""Whether the server lives, whether it is ready, and what a problem means."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import DBAPIError

from annolog.domain.refusals import NotFound
from annolog.infra.composition import Installation
from annolog.infra.condition import condition_of
from annolog.infra.http.problems import REFUSALS, documented

router = APIRouter(tags=["health"])


@router.get("/livez", summary="Alive")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready", responses={503: {"description": "It cannot do its work now."}})
def ready(request: Request) -> Response:
    """Whether this process can do its work, and how far everything is.

    `status` is `ok` (green), `warning` (yellow: it works, but something wants to be looked at; `reasons` say what) or
    `trouble` (red, with 503).
    """
    installation: Installation = request.app.state.installation
    try:
        condition = condition_of(installation)
    except DBAPIError as error:
        return _shown({"status": "trouble", "trouble": f"a database cannot be reached: {error.orig}"})
    trouble = installation.trouble
    reasons = condition.reasons()
    shown = {
        "status": "trouble" if trouble else "warning" if reasons else "ok",
        "position": condition.position,
        "read_models": installation.projections.position,
        "reactions": installation.reactions.position,
        "lag": max(0, condition.position - installation.projections.position),
        "trouble": trouble,
        "reasons": reasons,
    }
    return _shown(shown)


def _shown(found: dict[str, Any]) -> Response:
    return Response(orjson.dumps(found), 503 if found["status"] == "trouble" else 200, media_type="application/json")


@router.get("/metrics", summary="Metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    """Figures for Prometheus; docs/telemetry.md says what each of them means."""
    installation: Installation = request.app.state.installation
    body, media_type = installation.observer.metrics.rendered()
    return Response(body, 200, media_type=media_type)


@router.get("/problems/{code}", summary="What a problem means", responses=documented(NotFound))
async def explain(code: str) -> dict[str, object]:
    """The documentation of a problem's type."""
    kind = REFUSALS.get(code)
    if kind is None:
        raise NotFound(f"There is no problem type {code!r}.")
    return {"code": kind.code, "status": kind.status, "title": kind.summary, "description": kind.__doc__}
