"""An annotator's day: ask for work, keep it, answer it, skip it, leave it."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Response

from annolog.commands.annotating import (
    DeleteAnnotation,
    RestoreAnnotation,
    ReviseAnnotation,
    SkipTask,
    SubmitAnnotation,
)
from annolog.commands.drafting import DropDraft, KeepDraft
from annolog.commands.interacting import RecordInteractions
from annolog.commands.working import ExtendReservation, ReleaseTask, RequestWork, ReserveTask
from annolog.domain.access.data_fields import concealed_of
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import (
    AlreadyAnnotated,
    Forbidden,
    InvalidInput,
    InvalidResult,
    LeaseLost,
    NotAssigned,
    NotFound,
    NotPublished,
    NoWork,
    Paused,
    SkipRefused,
    SlotTaken,
    StaleVersion,
    UnknownLabel,
)
from annolog.infra.http.answers import AnnotationAnswer, Answered, WorkAnswer
from annolog.infra.http.bodies import Interactions, Reason, Revision, Skip, StrictRoute, Submission, Unfinished
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.my_work import shown_draft

router = APIRouter(prefix="/v1", tags=["work"], route_class=StrictRoute)


@router.post(
    "/projects/{id}/next",
    summary="Ask for work",
    response_model=WorkAnswer,
    responses=documented(NoWork, NotPublished, Paused, Forbidden),
)
async def request_work(id: Id, caller: Calling) -> Response:
    """Get the next task of the project and its slot. Returned work comes first; what one holds already comes again."""
    return await caller.answer(RequestWork(project=id))


@router.post(
    "/tasks/{id}/reservation",
    summary="Reserve this task",
    response_model=WorkAnswer,
    responses=documented(SlotTaken, AlreadyAnnotated, NotAssigned, NotFound, NotPublished, Paused),
)
async def reserve_task(id: Id, caller: Calling) -> Response:
    """Get this very task and its slot."""
    return await caller.answer(ReserveTask(task=id))


@router.post(
    "/tasks/{id}/reservation/extend",
    summary="Keep the reservation",
    response_model=Answered,
    responses=documented(LeaseLost, NotFound, Paused),
)
async def extend_reservation(id: Id, caller: Calling) -> Response:
    """Say that one is still at work."""
    return await caller.answer(ExtendReservation(task=id))


@router.delete(
    "/tasks/{id}/reservation", summary="Leave the task", response_model=Answered, responses=documented(NotFound)
)
async def release_task(id: Id, caller: Calling) -> Response:
    """Leave the task to others; it may come back."""
    return await caller.answer(ReleaseTask(task=id))


@router.post(
    "/tasks/{id}/interactions",
    summary="Tell what somebody did",
    response_model=Answered,
    responses=documented(InvalidInput, NotAssigned, NotFound, NotPublished, Paused),
)
async def record_interactions(id: Id, body: Interactions, caller: Calling) -> Response:
    """Sent by annotation pages in batches, the last before an answer. Active time is worked out from it.

    The batches of a session are numbered upwards; one that was taken already, or comes after a later one, changes
    nothing (`recorded` is false).
    """
    return await caller.answer(RecordInteractions(task=id, **dict(body)))


@router.post(
    "/tasks/{id}/annotations",
    status_code=201,
    summary="Submit an annotation",
    response_model=AnnotationAnswer,
    responses=documented(
        SlotTaken, LeaseLost, AlreadyAnnotated, NotAssigned, NotPublished, Paused, NotFound, UnknownLabel, InvalidResult
    ),
)
async def submit_annotation(id: Id, body: Submission, caller: Calling) -> Response:
    """Answer a task. What comes too late for its slot is refused and kept as a draft (`draft_kept`)."""
    command = SubmitAnnotation(
        task=id,
        result=body.result,
        started_at=body.started_at,
        lead_time=body.lead_time,
        active_time=body.active_time,
        lease=body.lease,
        prediction=body.prediction,
    )
    return await caller.answer(command, 201)


@router.put(
    "/tasks/{id}/annotations/{annotation}",
    summary="Revise an annotation",
    response_model=AnnotationAnswer,
    responses=documented(StaleVersion, NotAssigned, NotFound, Paused, UnknownLabel, InvalidResult),
)
async def revise_annotation(id: Id, annotation: Id, body: Revision, caller: Calling) -> Response:
    """Change one's own answer. Earlier revisions stay in history."""
    command = ReviseAnnotation(
        task=id,
        annotation=annotation,
        result=body.result,
        started_at=body.started_at,
        lead_time=body.lead_time,
        active_time=body.active_time,
        expected_revision=body.expected_revision,
    )
    return await caller.answer(command)


@router.post(
    "/tasks/{id}/annotations/{annotation}/delete",
    summary="Delete an annotation",
    response_model=Answered,
    responses=documented(Forbidden, NotFound),
)
async def delete_annotation(id: Id, annotation: Id, body: Reason, caller: Calling) -> Response:
    """Make an annotation count for nothing. Its history stays, and it can be restored."""
    return await caller.answer(DeleteAnnotation(task=id, annotation=annotation, reason=body.reason))


@router.post(
    "/tasks/{id}/annotations/{annotation}/restore",
    summary="Restore an annotation",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, SlotTaken),
)
async def restore_annotation(id: Id, annotation: Id, caller: Calling) -> Response:
    """Take a deletion back."""
    return await caller.answer(RestoreAnnotation(task=id, annotation=annotation))


@router.post(
    "/tasks/{id}/skip",
    summary="Skip the task",
    response_model=Answered,
    responses=documented(SkipRefused, SlotTaken, AlreadyAnnotated, NotAssigned, NotFound, Paused),
)
async def skip_task(id: Id, body: Skip, caller: Calling) -> Response:
    """Pass over the task, in the mode of the project."""
    return await caller.answer(SkipTask(task=id, comment=body.comment, lead_time=body.lead_time))


@router.get("/tasks/{id}/draft", summary="My draft", responses=documented(NotFound))
async def get_draft(id: Id, caller: Calling) -> Response:
    """One's own unfinished or refused work on a task, and why it is a draft."""
    task, project = caller.task(id, Permission.ANNOTATE)
    draft = await to_thread.run_sync(caller.installation.log.draft, id, caller.person.id)
    if draft is None:
        raise NotFound(f"There is no draft of task {id}.")
    concealed = concealed_of(task, caller.person, project, caller.installation.clock())
    return presented(caller.installation, {"task": id, **shown_draft(draft, concealed)})


@router.put(
    "/tasks/{id}/draft",
    summary="Keep my draft",
    response_model=Answered,
    responses=documented(NotAssigned, StaleVersion, NotFound),
)
async def keep_draft(id: Id, body: Unfinished, caller: Calling) -> Response:
    """Keep unfinished work, instead of what was kept before. It is no history, and is gone once the work is handed in;
    what goes on from an older revision than there is by then is refused.
    """
    return await caller.answer(KeepDraft(task=id, **dict(body)))


@router.delete("/tasks/{id}/draft", summary="Drop my draft", response_model=Answered, responses=documented(NotFound))
async def drop_draft(id: Id, caller: Calling) -> Response:
    """Nothing is kept of one's unfinished work on the task any more."""
    return await caller.answer(DropDraft(task=id))
