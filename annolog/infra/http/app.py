"""The application: every route, one way to refuse, and a description worth reading."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from annolog.infra.composition import Installation
from annolog.infra.http import problems
from annolog.infra.http.answers import Problem
from annolog.infra.http.asynchronous import AsyncBus
from annolog.infra.http.correlation import Correlation
from annolog.infra.http.limits import BodyLimit
from annolog.infra.http.noting import note_refusal
from annolog.infra.http.routes import (
    activity,
    assignments,
    board,
    burndown,
    comments,
    consensus,
    dashboards,
    definitions,
    evaluation,
    events,
    export,
    health,
    imports,
    notifications,
    organizations,
    people,
    permissions,
    projects,
    quality,
    review,
    review_stream,
    reviewers,
    rules,
    simulations,
    skills,
    stages,
    tasks,
    tokens,
    webhooks,
    why,
    work,
    workspaces,
)

DESCRIPTION = """
Annotation, review and assignment as one immutable log, with the quality workflow built on it.

**Commands** are written with POST, PUT and DELETE. They answer with `position`, the log's position afterwards; pass it
as `min_position` to a query and the query waits until it sees what was written. Send an `Idempotency-Key` and a
repeated command gets its first answer (`Idempotency-Replayed: true`), also after a restart; the same key with another
body is refused. Send `If-Match` with the ETag of what you read, and the command is refused if it has changed since.

**Queries** say with `X-Position` and `X-Lag` how far the read models are and how many events they are behind. A
task's page and history come from its own events and take `as_of`, a position of the log or a time.

**Refusals** are problem details (RFC 9457). `code` is stable; `errors` point at fields; `/problems/{code}` explains.

**Tokens** go into `Authorization: Bearer …`. Who may act for others names the person in `Annolog-On-Behalf-Of`.
"""
TAGS = [
    {"name": "work", "description": "An annotator's day: ask, answer, skip, leave."},
    {"name": "review", "description": "Verdicts and ground truth."},
    {"name": "comments", "description": "Talking about tasks, annotations and regions."},
    {"name": "notifications", "description": "What one is told of, and how much of that one has read."},
    {"name": "projects", "description": "Configuration, settings, members."},
    {"name": "imports", "description": "Tasks in."},
    {"name": "export", "description": "Everything out."},
    {"name": "tasks", "description": "One task with its history; assigning, deleting, slots."},
    {"name": "board", "description": "A row a task, filtered and ordered on any column."},
    {"name": "quality", "description": "Agreement, consensus, people's work."},
    {"name": "rules", "description": "What happens by itself when people's work looks like this; appeals and skills."},
    {"name": "events", "description": "The log."},
    {"name": "webhooks", "description": "What happens in a project, sent elsewhere: signed, in order, at least once."},
    {"name": "people", "description": "People, their tokens, and what roles may do."},
    {"name": "activity", "description": "Who did what, when, from where and on whose behalf."},
    {"name": "health", "description": "For operators and probes."},
]
ROUTERS = (
    work,
    why,
    review,
    comments,
    notifications,
    review_stream,
    reviewers,
    projects,
    imports,
    export,
    board,
    burndown,
    tasks,
    assignments,
    quality,
    dashboards,
    consensus,
    skills,
    stages,
    evaluation,
    definitions,
    simulations,
    rules,
    events,
    webhooks,
    people,
    tokens,
    organizations,
    workspaces,
    permissions,
    activity,
    health,
)


def create_app(installation: Installation) -> FastAPI:
    """The API of an installation that is already running."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.bus = AsyncBus(installation.bus)
        # Long work on one processor: two at once would only keep everybody else waiting.
        app.state.simulating = CapacityLimiter(1)
        yield

    app = FastAPI(title="Annolog", version=_version(), description=DESCRIPTION, openapi_tags=TAGS, lifespan=lifespan)
    app.state.installation = installation
    problems.register(app, note_refusal)
    for module in ROUTERS:
        app.include_router(module.router)
    app.add_middleware(
        BodyLimit,
        most=installation.settings.most_body_bytes,
        most_of_imports=installation.settings.most_import_bytes,
    )
    app.add_middleware(Correlation, tracing=installation.observer.tracing)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def create_watch_app(installation: Installation) -> FastAPI:
    """What operators and probes ask a process that serves no API."""
    app = FastAPI(title="Annolog", version=_version(), docs_url=None, redoc_url=None, openapi_url=None)
    app.state.installation = installation
    problems.register(app)
    app.include_router(health.router)
    return app


def _version() -> str:
    try:
        return version("annolog")
    except PackageNotFoundError:
        return "0"


def _described(app: FastAPI) -> dict[str, Any]:
    """The description, with the shape of problems and the token, made once."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, tags=app.openapi_tags, routes=app.routes
        )
        components = found.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, operations in found["paths"].items():
            if path.startswith("/v1"):
                for operation in operations.values():
                    operation["security"] = [{"token": []}]
        app.openapi_schema = found
    return app.openapi_schema
