"""Whether the server lives, whether it is ready, and what a problem means."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from annolog.domain.refusals import NotFound
from annolog.infra.composition import Installation
from annolog.infra.http.problems import REFUSALS, documented

router = APIRouter(tags=["health"])


@router.get("/livez", summary="Alive")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready", responses={503: {"description": "A part of it has stopped."}})
async def ready(request: Request) -> Response:
    """Positions of the log, the read models and the reactions; 503 when one of them has stopped for trouble."""
    installation: Installation = request.app.state.installation
    head = installation.log.head()
    trouble = installation.projections.trouble
    shown: dict[str, Any] = {
        "status": "ok" if trouble is None else "trouble",
        "position": head,
        "read_models": installation.projections.position,
        "reactions": installation.reactions.position,
        "lag": max(0, head - installation.projections.position),
        "trouble": trouble,
    }
    return Response(orjson.dumps(shown), 200 if trouble is None else 503, media_type="application/json")


@router.get("/problems/{code}", summary="What a problem means", responses=documented(NotFound))
async def explain(code: str) -> dict[str, object]:
    """The documentation of a problem's type."""
    kind = REFUSALS.get(code)
    if kind is None:
        raise NotFound(f"There is no problem type {code!r}.")
    return {"code": kind.code, "status": kind.status, "title": kind.summary, "description": kind.__doc__}
