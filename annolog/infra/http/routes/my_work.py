"""What lies before who asks: their part of a task, and all that waits for them."""

from __future__ import annotations

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.domain.access.permissions import Permission
from annolog.domain.ids import task_stream
from annolog.domain.refusals import Behind, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import own_part
from annolog.infra.my_work import part_of, work_of
from annolog.infra.views import view_of
from annolog.projections.access.queries import joined_by, projects_of
from annolog.projections.task_page.page import task_page

router = APIRouter(prefix="/v1", tags=["work"], route_class=StrictRoute)


@router.get("/tasks/{id}/mine", summary="My part of a task", responses=documented(NotFound))
async def my_part(id: Id, caller: Calling) -> Response:
    """What it takes to work on the task: its data, suggestions of models, one's own annotation, draft and reservation,
    what is said about them, and whether it may be skipped. Of others' work nothing, whoever asks.
    """
    task, project = caller.task(id, Permission.ANNOTATE)
    installation, person = caller.installation, caller.person

    def found() -> object:
        stream = task_stream(id)
        page = task_page(installation.log.streams([stream])[stream])
        if page is None:
            raise NotFound(f"There is no task {id}.")
        return part_of(installation, task, project, person, own_part(page, task, person, project, installation.clock()))

    return presented(installation, await to_thread.run_sync(found))


@router.get("/me/work", summary="What waits for me", responses=documented(Behind))
async def my_work(caller: Calling, min_position: MinPosition = 0) -> Response:
    """Work that was returned to the caller with what was said of it, what is assigned to them, their drafts, and for
    each of their projects how much of it there is and whether there is more to do.
    """
    view = view_of(caller.person, archived=False)
    joined = await read(caller.installation, min_position, partial(joined_by, person=caller.person.id))
    shown = await read(
        caller.installation, min_position, lambda connection: projects_of(connection, view, 0, 1000, None)
    )
    mine = {*joined}
    projects = [row["project"] for row in shown if row["project"] in mine]
    found = await to_thread.run_sync(work_of, caller.installation, caller.person, projects)
    return presented(caller.installation, found)
