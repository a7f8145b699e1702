"""The application: every route, one way to refuse, and a description worth reading."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp

from annolog.infra.composition import Installation
from annolog.infra.http import problems
from annolog.infra.http.answers import Problem
from annolog.infra.http.asynchronous import AsyncBus
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
    group_mapping,
    health,
    imports,
    invitations,
    my_work,
    notifications,
    organizations,
    people,
    permissions,
    personal,
    projects,
    quality,
    review,
    review_stream,
    reviewers,
    rules,
    set_up,
    sign_in,
    sign_on,
    simulations,
    skills,
    stages,
    standing,
    system,
    tasks,
    tokens,
    views,
    webhooks,
    why,
    work,
    workload,
    workspaces,
)
from annolog.infra.http.shield import guarded, shielded
from annolog.infra.identity.signing_on import SignOn
from annolog.infra.identity.throttle import Throttle
from annolog.infra.pace import Pace
from annolog.infra.scim import discovery, errors, groups, users

DESCRIPTION = """
Annotation, review and assignment as one immutable log, with the quality workflow built on it.

**Commands** are written with POST, PUT and DELETE. They answer with `position`, the log's position afterwards; pass it
as `min_position` to a query and the query waits until it sees what was written. Send an `Idempotency-Key` and a
repeated command gets its first answer (`Idempotency-Replayed: true`), also after a restart; the same key with another
body is refused. Send `If-Match` with the ETag of what you read, and the command is refused if it has changed since.

**Queries** say with `X-Position` and `X-Lag` how far the read models are and how many events they are behind. A
task's page and history come from its own events and take `as_of`, a position of the log or a time.

**Refusals** are problem details (RFC 9457). `code` is stable; `errors` point at fields; `/problems/{code}` explains.

**Limits**: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say how often one may still ask in a minute;
beyond that the answer is `too-many-requests` (429), and `Retry-After` says when to come back.

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
    {"name": "scim", "description": "People and groups, said by an identity provider (RFC 7644)."},
    {"name": "activity", "description": "Who did what, when, from where and on whose behalf."},
    {"name": "health", "description": "For operators and probes."},
]
ROUTERS = (
    work,
    my_work,
    why,
    workload,
    review,
    comments,
    notifications,
    review_stream,
    reviewers,
    projects,
    set_up,
    imports,
    export,
    board,
    views,
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
    sign_in,
    sign_on,
    invitations,
    people,
    standing,
    tokens,
    organizations,
    workspaces,
    permissions,
    personal,
    group_mapping,
    discovery,
    users,
    groups,
    activity,
    system,
    health,
)


class Application(FastAPI):
    """An application behind a shield, which also covers what its own way of answering defects says."""

    shield: Callable[[ASGIApp], ASGIApp]

    def build_middleware_stack(self) -> ASGIApp:
        """All of the application, shielded."""
        return self.shield(super().build_middleware_stack())


def create_app(installation: Installation) -> FastAPI:
    """The API of an installation that is already running."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.bus = AsyncBus(installation.bus)
        # Long work on one processor: two at once would only keep everybody else waiting.
        app.state.simulating = CapacityLimiter(1)
        app.state.hashing = CapacityLimiter(2)
        yield

    app = Application(
        title="Annolog", version=_version(), description=DESCRIPTION, openapi_tags=TAGS, lifespan=lifespan
    )
    app.shield = partial(shielded, settings=installation.settings, tracing=installation.observer.tracing)
    app.state.installation = installation
    settings = installation.settings
    app.state.throttle = Throttle(settings.failed_passwords_per_name, settings.failed_passwords_per_address)
    app.state.pace = Pace(installation.log_reader)
    app.state.sign_on = SignOn(settings.providers, installation.vault.browser_key(), installation.clock)
    problems.register(app, note_refusal)
    for module in ROUTERS:
        app.include_router(module.router)
    errors.register(app)
    app.add_middleware(
        BodyLimit,
        most=installation.settings.most_body_bytes,
        most_of_imports=installation.settings.most_import_bytes,
    )
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def create_watch_app(installation: Installation) -> FastAPI:
    """What operators and probes ask a process that serves no API."""
    app = Application(title="Annolog", version=_version(), docs_url=None, redoc_url=None, openapi_url=None)
    app.shield = partial(guarded, settings=installation.settings)
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
            if path.startswith(("/v1", "/scim")):
                for operation in operations.values():
                    operation["security"] = [{"token": []}]
        app.openapi_schema = found
    return app.openapi_schema
