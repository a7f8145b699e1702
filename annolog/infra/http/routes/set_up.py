"""Setting a project up: what a labeling config would ask and change, and who changed what."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID, project_stream
from annolog.domain.project import events as happened
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.bodies import LabelConfig, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id, Limit
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.label_config_check import checked, previewed
from annolog.projections.progress import queries as progress
from annolog.projections.task_page.page import presented as event_page

router = APIRouter(prefix="/v1", tags=["projects"], route_class=StrictRoute)
# What somebody decided about how the project works; members, imports and webhooks are told elsewhere.
CONFIGURING = (
    happened.ProjectCreated,
    happened.ProjectRevised,
    happened.ProjectMoved,
    happened.LabelConfigRevised,
    happened.InstructionsRevised,
    happened.SettingsChanged,
    happened.AgreementDefinitionProposed,
    happened.AgreementDefinitionActivated,
    happened.AgreementDefinitionWithdrawn,
    happened.ProjectPublished,
    happened.ProjectUnpublished,
)
Before = Annotated[int, Query(ge=0, le=LARGEST_ID, description="Only what came before this position of the log.")]
Group = Annotated[str | None, Query(max_length=100, description="Only changes of this group of settings.")]


@router.post("/label-configs/check", summary="Check a labeling config", responses=documented())
async def check_label_config(body: LabelConfig, caller: Calling) -> Response:
    """Whether it can be used, what it asks and which fields it needs; or all that is wrong with it, and where. Nothing
    is kept.
    """
    return presented(caller.installation, await to_thread.run_sync(checked, body.label_config))


@router.post(
    "/projects/{id}/label-config/preview",
    summary="Preview a labeling config",
    responses=documented(Forbidden, NotFound, Behind),
)
async def preview_label_config(id: Id, body: LabelConfig, caller: Calling) -> Response:
    """The same, and what it would change for the project's answers and tasks. Nothing is changed."""
    project = caller.project(id, Permission.CONFIGURE)
    counts = await read(caller.installation, 0, lambda connection: progress.project_progress(connection, id) or {})
    return presented(caller.installation, await to_thread.run_sync(previewed, project, body.label_config, counts))


@router.get("/projects/{id}/changes", summary="Who changed what", responses=documented(Forbidden, NotFound))
async def changes(
    id: Id, caller: Calling, before: Before = LARGEST_ID, limit: Limit = 50, group: Group = None
) -> Response:
    """Changes of labeling config, instructions, settings, definitions of agreement and publication, the latest first,
    with old and new values. `next` is what to pass as `before` for more.
    """
    caller.project(id, Permission.SEE_SETTINGS)
    rows = await to_thread.run_sync(_changes, caller, id, before, group)
    following = rows[limit - 1]["position"] if len(rows) > limit else None
    return presented(caller.installation, {"changes": rows[:limit], "next": following})


def _changes(caller: Calling, id: int, before: int, group: str | None) -> list[dict[str, Any]]:
    stream = project_stream(id)
    history = caller.installation.log.streams([stream])[stream]
    wanted = [
        recorded
        for recorded in history
        if recorded.position < before
        and isinstance(recorded.event, CONFIGURING)
        and (group is None or getattr(recorded.event, "group", None) == group)
    ]
    return [event_page(recorded) for recorded in reversed(wanted)]
