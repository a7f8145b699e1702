"""Why a task is with whom it is, and why somebody is given what they are given, or nothing."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.refusals import Forbidden, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.http.visible import sight_of, why_to_oneself
from annolog.infra.why import why_person, why_task

router = APIRouter(prefix="/v1", tags=["work"], route_class=StrictRoute)
SEEING = documented(NotFound, Forbidden)


@router.get("/tasks/{id}/why", summary="Why a task is with whom it is", responses=SEEING)
async def task(id: Id, caller: Calling) -> Response:
    """Everybody who could be given the task or could not, by which rule; and every decision about it with reasons."""
    found, project = caller.task(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    sight.must_see(found)
    sight.must_show_names()
    why = await to_thread.run_sync(why_task, caller.installation, id)
    return presented(caller.installation, sight.of(why, ()))


@router.get("/projects/{id}/annotators/{person}/why", summary="Why somebody is given what", responses=SEEING)
async def annotator(id: Id, person: Id, caller: Calling) -> Response:
    """What they hold and why, what comes next, and what keeps them from work. Everybody may ask it of themselves."""
    project = caller.project(id)
    sees_all = may(Permission.SEE_QUALITY, caller.person, project)
    if person != caller.person.id and not sees_all:
        raise Forbidden("This needs the right to see quality.")
    found = await to_thread.run_sync(why_person, caller.installation, id, person)
    sight, states = sight_of(project, caller.person), caller.installation.states
    if person != caller.person.id and (coming := found["next"]) and not sight.sees(states.task(coming["task"])):
        # What comes back to an annotator was sent back.
        found = found | {"next": None}
    return presented(caller.installation, found if sees_all else why_to_oneself(found))
