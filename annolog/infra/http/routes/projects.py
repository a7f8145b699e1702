"""Projects: their configuration, settings and members."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from pydantic import Field

from annolog.commands.members import AddMembers, PauseMember, RemoveMember, ResumeMember
from annolog.commands.projects import (
    ChangeSettings,
    CreateProject,
    PublishProject,
    ReviseInstructions,
    ReviseLabelConfig,
    ReviseProject,
    UndoSettings,
    UnpublishProject,
)
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import is_archived, may
from annolog.domain.ids import LARGEST_ID, project_stream
from annolog.domain.project.events import PauseCause
from annolog.domain.project.settings import plain
from annolog.domain.project.state import Project
from annolog.domain.refusals import (
    Behind,
    Forbidden,
    InfeasibleSettings,
    InvalidLabelingConfig,
    NotFound,
    StaleVersion,
    WrongState,
)
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import (
    Instructions,
    LabelConfig,
    Members,
    NewPause,
    NewProject,
    ProjectDescription,
    StrictRoute,
)
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import AcceptInfeasible, After, Id, Limit, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import etag, presented, read
from annolog.infra.preview import preview
from annolog.infra.views import view_of
from annolog.projections.access.queries import projects_of
from annolog.projections.progress import queries as progress

router = APIRouter(prefix="/v1/projects", tags=["projects"], route_class=StrictRoute)
MANAGING = documented(Forbidden, NotFound, StaleVersion)
SETTING = documented(Forbidden, NotFound, InfeasibleSettings, WrongState)
InWorkspace = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Only those in this workspace.")]
AlsoArchived = Annotated[bool, Query(description="Also those in archived workspaces.")]
PausingRule = Annotated[str | None, Query(max_length=100, description="The rule whose pause it is.")]
Changes = Annotated[dict[str, Any], Field(examples=[{"overlap": 3}])]


@router.post(
    "",
    status_code=201,
    summary="Create a project",
    response_model=Answered,
    responses=documented(Forbidden, InvalidLabelingConfig),
)
async def create_project(body: NewProject, caller: Calling) -> Response:
    """Begin a project, with its labeling config and settings if they are there already."""
    command = CreateProject(
        title=body.title,
        description=body.description,
        label_config=body.label_config,
        settings=body.settings,
        workspace=body.workspace,
    )
    return await caller.answer(command, 201)


@router.get("", summary="List projects", responses=documented(Behind))
async def list_projects(
    caller: Calling,
    after: After = 0,
    limit: Limit = 100,
    min_position: MinPosition = 0,
    workspace: InWorkspace = None,
    archived: AlsoArchived = False,
) -> Response:
    """The projects the caller may see, with their progress, by id; annotators and reviewers see those that are
    published. `next` is what to pass as `after` for more.
    """
    view = view_of(caller.person, archived=archived)
    rows = await read(
        caller.installation, min_position, lambda connection: projects_of(connection, view, after, limit, workspace)
    )
    following = rows[-1]["project"] if len(rows) == limit else None
    return presented(caller.installation, {"projects": rows, "next": following})


@router.get("/{id}", summary="A project", responses=documented(NotFound))
async def get_project(id: Id, caller: Calling) -> Response:
    """Configuration, settings and members as they are now. The ETag is the version to send as If-Match."""
    project = caller.project(id)
    version = caller.installation.bus.state(project_stream(id)).version
    shown: dict[str, Any] = {
        "id": project.id,
        "title": project.title,
        "description": project.description,
        "label_config": project.config.xml,
        "config_version": project.config_version,
        "instructions": project.instructions,
        "published": project.published,
        "workspace": project.workspace,
        "archived": is_archived(caller.person, project),
        "version": version,
    }
    if may(Permission.REVIEW, caller.person, project):
        shown["reviewing"] = _reviewing(project)
    if may(Permission.SEE_SETTINGS, caller.person, project):
        shown |= {
            "settings": {name: plain(getattr(project.settings, name)) for name in type(project.settings).model_fields},
            "settings_version": project.settings_version,
            "tasks": project.tasks,
            "covered_tasks": project.covered,
            "members": [
                {
                    "person": person,
                    "role": member.role.value,
                    "custom_role": member.custom_role or None,
                    "source": member.source.value,
                    "pauses": [
                        {
                            "kind": pause.kind.value,
                            "cause": pause.cause.value,
                            "reason": pause.reason,
                            "until": pause.until.isoformat() if pause.until else None,
                            "rule": pause.rule,
                        }
                        for pause in member.pauses.values()
                    ],
                    "skills": {name: skill.value for name, skill in sorted(member.skills.items())},
                }
                for person, member in sorted(project.members.items())
            ],
        }
    return presented(caller.installation, shown, etag(version))


def _reviewing(project: Project) -> dict[str, Any]:
    """What a reviewer needs to know of the settings: whether there is anything to review, and how they may reject, what
    the project does by default first.
    """
    rules = project.settings.review
    others = [action for action in rules.allowed_reject_actions if action is not rules.default_reject_action]
    return {
        "reviews": rules.sample_percent > 0 or bool(rules.routing),
        "reject_actions": [action.value for action in (rules.default_reject_action, *others)],
        "comment_on_reject": rules.comment_on_reject,
    }


@router.put("/{id}", summary="Revise a project", response_model=Answered, responses=MANAGING)
async def revise_project(id: Id, body: ProjectDescription, caller: Calling) -> Response:
    """Call it something else, or say something else about it."""
    return await caller.answer(ReviseProject(project=id, title=body.title, description=body.description))


@router.put(
    "/{id}/label-config",
    summary="Revise the labeling config",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, StaleVersion, InvalidLabelingConfig),
)
async def revise_label_config(id: Id, body: LabelConfig, caller: Calling) -> Response:
    """Ask something else from now on. Annotations keep the version they were made with."""
    return await caller.answer(ReviseLabelConfig(project=id, label_config=body.label_config))


@router.put("/{id}/instructions", summary="Revise the instructions", response_model=Answered, responses=MANAGING)
async def revise_instructions(id: Id, body: Instructions, caller: Calling) -> Response:
    """Tell annotators something else."""
    return await caller.answer(ReviseInstructions(project=id, instructions=body.instructions))


@router.post("/{id}/settings/{group}", summary="Change settings", response_model=Answered, responses=SETTING)
async def change_settings(
    id: Id, group: str, body: Changes, caller: Calling, accept_infeasible: AcceptInfeasible = False
) -> Response:
    """Change some settings of a group: assignment, agreement, consensus, reassignment, review, evaluation, data_fields.

    The rest of the group stays; `fields` of data_fields are one setting. Settings that ask for more people than there
    are have to be accepted expressly.
    """
    command = ChangeSettings(project=id, group=group, changes=body, accept_infeasible=accept_infeasible)
    return await caller.answer(command)


@router.post("/{id}/settings/{group}/preview", summary="Preview a change of settings", responses=SETTING)
async def preview_settings(id: Id, group: str, body: Changes, caller: Calling) -> Response:
    """What the change would come to for tasks, labels and people. Nothing is changed."""
    caller.project(id, Permission.CONFIGURE)
    return presented(caller.installation, await to_thread.run_sync(preview, caller.installation, id, group, body))


@router.post(
    "/{id}/settings/{group}/undo", summary="Undo a change of settings", response_model=Answered, responses=SETTING
)
async def undo_settings(id: Id, group: str, caller: Calling, accept_infeasible: AcceptInfeasible = False) -> Response:
    """Take the latest change of the group back, as another change; done twice, it is there again."""
    return await caller.answer(UndoSettings(project=id, group=group, accept_infeasible=accept_infeasible))


@router.post(
    "/{id}/publish", summary="Publish", response_model=Answered, responses=documented(Forbidden, NotFound, WrongState)
)
async def publish(id: Id, caller: Calling) -> Response:
    """Let annotators and reviewers work. It takes a labeling config and tasks."""
    return await caller.answer(PublishProject(project=id))


@router.post("/{id}/unpublish", summary="Unpublish", response_model=Answered, responses=MANAGING)
async def unpublish(id: Id, caller: Calling) -> Response:
    """Make annotators and reviewers wait."""
    return await caller.answer(UnpublishProject(project=id))


@router.post("/{id}/members", summary="Add members", response_model=Answered, responses=MANAGING)
async def add_members(id: Id, body: Members, caller: Calling) -> Response:
    """Let people belong to the project, or be something else in it: all of them, or none."""
    return await caller.answer(AddMembers(project=id, members=body.members))


@router.delete("/{id}/members/{person}", summary="Remove a member", response_model=Answered, responses=MANAGING)
async def remove_member(id: Id, person: Id, caller: Calling) -> Response:
    """Let somebody no longer belong to the project. Their work stays."""
    return await caller.answer(RemoveMember(project=id, person=person))


@router.post("/{id}/members/{person}/pause", summary="Pause a member", response_model=Answered, responses=MANAGING)
async def pause_member(id: Id, person: Id, body: NewPause, caller: Calling) -> Response:
    """Keep somebody from new work; a full pause keeps them from everything."""
    command = PauseMember(project=id, person=person, kind=body.kind, reason=body.reason, until=body.until)
    return await caller.answer(command)


@router.post("/{id}/members/{person}/resume", summary="Resume a member", response_model=Answered, responses=MANAGING)
async def resume_member(id: Id, person: Id, caller: Calling, rule: PausingRule = None) -> Response:
    """End a pause that somebody set by hand, or that of a rule. The firing stands; to take it back, overrule it."""
    cause = PauseCause.PERSON if rule is None else PauseCause.RULE
    return await caller.answer(ResumeMember(project=id, person=person, cause=cause, rule=rule))


@router.get("/{id}/progress", summary="Progress", responses=documented(Forbidden, NotFound, Behind))
async def project_progress(
    id: Id,
    caller: Calling,
    min_position: MinPosition = 0,
    days: Annotated[bool, Query(description="Also what was done on each UTC day.")] = True,
) -> Response:
    """Tasks by state, work done, tasks that were reassigned or are stuck, and the project's state."""
    caller.project(id, Permission.SEE_QUALITY)

    def query(connection: Any) -> dict[str, Any]:
        found = progress.project_progress(connection, id) or {"project": id}
        return {**found, "days": progress.days(connection, id)} if days else found

    return presented(caller.installation, await read(caller.installation, min_position, query))
