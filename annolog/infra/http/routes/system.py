"""How the installation is, for those who run it: what its own people may know of it, and nothing of others'."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from sqlalchemy import URL

from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.organization.state import FIRST
from annolog.domain.people.state import Person
from annolog.domain.refusals import Forbidden, Unavailable
from annolog.infra.composition import Installation, Part
from annolog.infra.condition import condition_of
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.pace import Pace
from annolog.projections.engine.moments import moment
from annolog.projections.engine.parking import Parked

router = APIRouter(prefix="/v1", tags=["health"], route_class=StrictRoute)
MINUTES = 60
# An error as long as a page says no more than its beginning.
LONGEST_ERROR = 2_000


@router.get("/system", summary="How everything is", responses=documented(Forbidden, Unavailable))
async def system(caller: Calling, request: Request) -> Response:
    """What `annolog status` shows, and how fast the log grows: events in each of the last sixty minutes, oldest first.
    Waits for no read model. Of parked events and failing webhooks those of the organization are named, the others
    counted; where the data is, is told in the organization that was first.
    """
    person = caller.person
    rights.require(Permission.READ_LOG, person)
    pace: Pace = request.app.state.pace
    found = await to_thread.run_sync(_found, caller.installation, person, pace, request.app.version)
    return presented(caller.installation, found)


def _found(installation: Installation, person: Person, pace: Pace, version: str) -> dict[str, Any]:
    whole = condition_of(installation)
    is_own = _own(installation, person)
    parked = [one for one in whole.parked if is_own(_project_of(one))]
    condition = replace(whole, failing=[one for one in whole.failing if is_own(one.project)])
    trouble, reasons = installation.trouble, condition.reasons()
    return {
        "status": "trouble" if trouble else "warning" if reasons else "ok",
        "trouble": trouble,
        "reasons": reasons,
        "position": condition.position,
        "lag": condition.lag,
        "readers": [asdict(reader) for reader in condition.readers],
        "parked": [_shown(one) for one in parked],
        "parked_elsewhere": len(whole.parked) - len(parked),
        "failing_webhooks": [asdict(one) for one in condition.failing],
        "events_by_minute": pace.by_minute(installation.clock(), MINUTES),
        "process": _process(installation, version),
        "data": _data(installation) if person.organization.id == FIRST else None,
    }


def _own(installation: Installation, person: Person) -> Callable[[int | None], bool]:
    """Whether something of a project, or of none, may be told: the organization's own, or all where it is alone."""
    alone = len(installation.directory.organizations) == 1

    def is_own(project: int | None) -> bool:
        if alone or project is None:
            return alone
        return installation.states.project(project).organization == person.organization.id

    return is_own


def _project_of(parked: Parked) -> int | None:
    kind, _, number = parked.place.partition("-")
    return int(number) if kind == "project" and number.isdigit() else None


def _shown(parked: Parked) -> dict[str, Any]:
    return {
        "reader": parked.reader,
        "position": parked.position,
        "project": _project_of(parked),
        "stream": parked.stream,
        "type": parked.type,
        "error": parked.error[:LONGEST_ERROR],
        "waits": bool(parked.waits),
        "attempts": parked.attempts,
        "parked_at": moment(parked.parked_at).isoformat(),
    }


def _process(installation: Installation, version: str) -> dict[str, Any]:
    fed_by_log = installation.settings.kafka_bootstrap is None
    # There is nothing to relay where nobody listens to Kafka.
    parts = installation.parts - ({Part.RELAY} if fed_by_log else set())
    return {
        "version": version,
        "python": platform.python_version(),
        "parts": sorted(parts),
        "since": installation.since.isoformat(),
        "fed_by": "log" if fed_by_log else "kafka",
    }


def _data(installation: Installation) -> dict[str, str]:
    settings = installation.settings
    places = {"log": settings.log_database, "read_models": settings.read_database, "keys": settings.keys_database}
    return {name: _place(url) for name, url in places.items()}


def _place(url: URL) -> str:
    """Where a database is, without who comes to it and by what."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"{url.get_backend_name()}://{url.host or 'localhost'}{port}/{url.database or ''}"
