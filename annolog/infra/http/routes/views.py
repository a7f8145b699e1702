"""Views: ways of looking at the board that people keep, for themselves or for all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from annolog.commands.viewing import MOST_COLUMNS, MOST_ORDERED, RemoveView, SaveView
from annolog.domain.access.permissions import Permission
from annolog.domain.project.viewing import listed
from annolog.domain.refusals import Archived, Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.http.visible import sight_of
from annolog.projections.board.columns import column_of
from annolog.projections.board.filters import compile_filters
from annolog.projections.board.order import order_of

router = APIRouter(prefix="/v1/projects/{id}/views", tags=["board"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound)
KEEPING = documented(Forbidden, NotFound, InvalidInput, StaleVersion, WrongState, Archived)
NARROWEST, WIDEST = 40, 2_000
ColumnName = Annotated[str, Field(min_length=1, max_length=300)]


class KeptView(Body):
    """A way of looking at the board. Columns are those shown, in their order; none for the usual ones."""

    name: str = Field(max_length=1_000, examples=["Contested"])
    shared: bool = Field(default=False, description="For everybody who sees the board.")
    filters: dict[str, Any] | None = Field(
        default=None,
        examples=[{"conjunction": "and", "items": [{"filter": "agreement", "operator": "less", "value": 0.6}]}],
    )
    order: list[ColumnName] = Field(default_factory=list, max_length=MOST_ORDERED, examples=[["agreement", "-task"]])
    columns: list[ColumnName] = Field(default_factory=list, max_length=MOST_COLUMNS)
    widths: dict[ColumnName, Annotated[int, Field(ge=NARROWEST, le=WIDEST)]] = Field(
        default_factory=dict, max_length=MOST_COLUMNS, description="Pixels by column, where not the usual."
    )


@router.get("", summary="List views", responses=SEEING)
async def list_views(id: Id, caller: Calling) -> Response:
    """What the caller can choose from: the views that all see, and their own."""
    project = caller.project(id, Permission.SEE_QUALITY)
    found = [view.shown() for view in listed(project, caller.person.id)]
    return presented(caller.installation, {"views": found})


@router.post("", status_code=201, summary="Keep a view", response_model=Answered, responses=KEEPING)
async def create_view(id: Id, body: KeptView, caller: Calling) -> Response:
    """Keep a view of one's own, or with the right to configure one that all see. It outlives labeling configs."""
    return await caller.answer(_command(id, body, caller, None), 201)


@router.put("/{view}", summary="Change a view", response_model=Answered, responses=KEEPING)
async def change_view(id: Id, view: Id, body: KeptView, caller: Calling) -> Response:
    """Keep this in place of what the view was."""
    return await caller.answer(_command(id, body, caller, view))


@router.delete("/{view}", summary="Remove a view", response_model=Answered, responses=KEEPING)
async def remove_view(id: Id, view: Id, caller: Calling) -> Response:
    """Keep it no longer."""
    return await caller.answer(RemoveView(project=id, view=view))


def _command(id: int, body: KeptView, caller: Caller, view: int | None) -> SaveView:
    """What the view says must mean something, and what the caller may not look at is no part of it."""
    sight = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person)
    sight.must_allow_columns(body.order)
    sight.must_allow_filters(body.filters)
    compile_filters(body.filters)
    order_of(body.order)
    for index, name in enumerate(body.columns):
        column_of(name, f"/columns/{index}")
    return SaveView(project=id, view=view, **body.model_dump())
