"""One task as a page, its history, and what managers do with tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from annolog.commands.distributing import AddSlot, DeleteTasks, RestoreTasks, SetOverlap
from annolog.domain.access.data_fields import concealed_of
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import task_stream
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Behind, Forbidden, NotFound, StaleVersion
from annolog.domain.task.evolve import fold
from annolog.domain.task.state import Task
from annolog.infra.composition import Installation
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import DeletedTasks, Overlap, Reason, SelectedTasks, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.over_filter import on_tasks
from annolog.infra.http.parameters import AsOf, Definition, Id, MinPosition, moment_or_position
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import etag, presented, read
from annolog.infra.http.visible import annotators_of, sight_of, visible_to, without
from annolog.projections.agreement import matrix as agreement
from annolog.projections.board.digest import deleting, needing_others_than, restoring
from annolog.projections.task_page.page import cut, task_page, timeline

router = APIRouter(prefix="/v1", tags=["tasks"], route_class=StrictRoute)
SEEING = documented(NotFound, Forbidden)
MANAGING = documented(Forbidden, NotFound, Behind)


def _now(id: int, history: Sequence[Recorded]) -> Task:
    """The task after its history: what may be seen of it goes by the same events that are shown."""
    return fold(Task(id), (recorded.event for recorded in history))


async def history_of(installation: Installation, task: int) -> Sequence[Recorded]:
    """The task's events; an unknown task has none."""
    stream = task_stream(task)
    return (await to_thread.run_sync(installation.log.streams, [stream]))[stream]


@router.get("/tasks/{id}", summary="A task", responses=SEEING)
async def get_task(id: Id, caller: Calling, as_of: AsOf = None) -> Response:
    """Everything about a task, folded from its history: always current, or as of any time. The ETag is its version.

    An annotator sees their own part of it, without a version: that would tell how much others have done.
    """
    _, project = caller.task(id)
    history = await history_of(caller.installation, id)
    page = task_page(cut(history, moment_or_position(as_of)))
    if page is None:
        raise NotFound(f"There was no task {id} then.")
    shown = visible_to(page, _now(id, history), caller.person, project, caller.installation.clock())
    return presented(caller.installation, shown, etag(page["version"]) if "version" in shown else None)


@router.get("/tasks/{id}/history", summary="A task's history", responses=SEEING)
async def get_history(id: Id, caller: Calling, as_of: AsOf = None) -> Response:
    """Every event of the task with who, when and why, oldest first."""
    _, project = caller.task(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    history = await history_of(caller.installation, id)
    task = _now(id, history)
    sight.must_see(task)
    concealed = concealed_of(task, caller.person, project, caller.installation.clock())
    events = [without(event, concealed) for event in timeline(cut(history, moment_or_position(as_of)))]
    # Named as on the page of the task, which knows them all.
    page = task_page(history)
    shown = sight.of(events, annotators_of(page) if page else ())
    return presented(caller.installation, {"task": id, "events": shown})


@router.get(
    "/tasks/{id}/agreement", tags=["quality"], summary="A task's agreement", responses=SEEING | documented(Behind)
)
async def get_agreement(
    id: Id,
    caller: Calling,
    definition: Definition = None,
    participant: Annotated[
        list[str] | None, Query(description="A person's id, `model:<version>` or `ground_truth`; all of them if none.")
    ] = None,
    min_position: MinPosition = 0,
) -> Response:
    """Scores, by dimension too, what most people said, and the matrix of everybody with everybody, models included."""
    task, project = caller.task(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    sight.must_show_agreement()
    sight.must_see(task)
    if participant and not sight.names:
        raise Forbidden("The project does not show names to its reviewers.")
    nothing: dict[str, Any] = {"task": id, "answers": 0, "score": None, "pairwise": None, "consensus": None}
    found = await read(
        caller.installation,
        min_position,
        lambda connection: agreement.task_agreement_of(connection, id, definition, participant),
    )
    if found is not None and not sight.names:
        page = task_page(await history_of(caller.installation, id))
        found = sight.of(found, annotators_of(page) if page else ())
    return presented(caller.installation, found or {**nothing, "dimensions": {}, "winners": {}, "matrix": []})


@router.post(
    "/tasks/{id}/slots",
    status_code=201,
    summary="Ask one more person",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, StaleVersion),
)
async def add_slot(id: Id, body: Reason, caller: Calling) -> Response:
    """Add a slot to the task by hand."""
    return await caller.answer(AddSlot(task=id, reason=body.reason or "manual"), 201)


@router.post("/projects/{id}/overlap", summary="Set the overlap of tasks", response_model=Answered, responses=MANAGING)
async def set_overlap(id: Id, body: Overlap, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Ask for another number of people on these tasks, by id or by a filter of the board."""
    caller.project(id, Permission.CHANGE_OVERLAP)

    def command(some: list[int]) -> SetOverlap:
        return SetOverlap(project=id, tasks=some, slots=body.slots)

    return await on_tasks(caller, id, body, min_position, command, needing_others_than(body.slots))


@router.post("/projects/{id}/tasks/delete", summary="Delete tasks", response_model=Answered, responses=MANAGING)
async def delete_tasks(id: Id, body: DeletedTasks, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Take tasks out of the project's work, by id or by a filter of the board. Their history stays."""
    caller.project(id, Permission.DELETE_TASKS)

    def command(some: list[int]) -> DeleteTasks:
        return DeleteTasks(project=id, tasks=some, reason=body.reason)

    return await on_tasks(caller, id, body, min_position, command, deleting())


@router.post("/projects/{id}/tasks/restore", summary="Restore tasks", response_model=Answered, responses=MANAGING)
async def restore_tasks(id: Id, body: SelectedTasks, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Take a deletion back. A filter of the board finds deleted tasks where it speaks of `deleted`."""
    caller.project(id, Permission.DELETE_TASKS)

    def command(some: list[int]) -> RestoreTasks:
        return RestoreTasks(project=id, tasks=some)

    return await on_tasks(caller, id, body, min_position, command, restoring())
