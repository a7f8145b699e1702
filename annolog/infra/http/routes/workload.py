"""How much people have before them."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.domain.refusals import NotFound
from annolog.infra.composition import Installation
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.http.visible import whose_figures
from annolog.projections.assignment_queue.before import before

router = APIRouter(prefix="/v1/projects/{id}", tags=["work"], route_class=StrictRoute)


@router.get("/workload", summary="What people have before them", responses=documented(NotFound))
async def workload(id: Id, caller: Calling) -> Response:
    """Of every member: tasks assigned by hand, those of them of which nothing has come yet, and tasks held just now;
    without the right to see quality, or where the project does not show who annotates, of oneself alone.
    """
    project = caller.project(id)
    alone = whose_figures(project, caller.person)
    people = [person for person in sorted(project.members) if alone in (None, person)]
    found = await to_thread.run_sync(_before, caller.installation, id, people)
    return presented(caller.installation, {"people": found})


def _before(installation: Installation, project: int, people: list[int]) -> list[dict[str, Any]]:
    now = installation.clock()
    with installation.log_reader.connect() as connection:
        return [{"person": person, **before(connection, project, person, now)} for person in people]
