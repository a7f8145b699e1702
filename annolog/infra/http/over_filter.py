"""Doing something to many tasks, by id or by a filter of the board, some hundreds at a time; what it would come to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson
from fastapi import Response
from sqlalchemy import ColumnElement, Connection

from annolog.commands.command import Command
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.infra.http.bodies import SelectedTasks
from annolog.infra.http.caller import Caller
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import sight_of
from annolog.projections.board import queries as board
from annolog.projections.board.digest import digest, these

# Each piece is a command, so that others get their turn between them.
TOGETHER = 500
# Of so many it is told one by one what became of them; of more, how many.
TOLD_ONE_BY_ONE = 1_000


async def on_tasks(
    caller: Caller,
    project: int,
    body: SelectedTasks,
    min_position: int,
    command: Callable[[list[int]], Command],
    changes: ColumnElement[bool],
    counts: Collection[str] = ("changed",),
) -> Response:
    """Do it to the tasks of the body, or say what it would come to: those for which `changes` holds would be others.

    By a filter it is done some hundreds at a time. One that breaks off is finished by asking again: what is done
    already is left as it is. Which tasks meet the filter is looked at once, at the beginning.
    """
    if body.preview:
        return await _preview(caller, project, body, min_position, changes)
    if body.tasks is not None:
        return await caller.answer(command(body.tasks))
    tasks = await tasks_that_meet(caller, project, body.filters, body.excluded, min_position)
    return await piece_by_piece(caller, tasks, command, counts)


async def _preview(
    caller: Caller, project: int, body: SelectedTasks, min_position: int, changes: ColumnElement[bool]
) -> Response:
    found = caller.project(project)
    sight = sight_of(found, caller.person)
    # How many there are tells as much as a list of them.
    sight.must_allow_filters(body.filters)
    selected = these(project, body.tasks, body.filters, body.excluded, sight.hidden_from)
    seen = await read(caller.installation, min_position, lambda connection: digest(connection, selected, changes))
    sees_all = may(Permission.SEE_QUALITY, caller.person, found)
    shown = seen.shown() if sees_all else {"tasks": seen.tasks}
    return presented(caller.installation, {**shown, "changed": 0})


async def tasks_that_meet(
    caller: Caller, project: int, filters: dict[str, Any] | None, excluded: Collection[int], min_position: int
) -> list[int]:
    """Every task that meets the filter, by id, without those left out."""
    left_out = set(excluded)
    sight = sight_of(caller.project(project), caller.person)
    # How many there are tells as much as a list of them.
    sight.must_allow_filters(filters)
    unseen = sight.hidden_from

    def query(connection: Connection) -> list[int]:
        found: list[int] = []
        while piece := board.task_ids(connection, project, filters, found[-1] if found else 0, 10_000, unseen):
            found += piece
        return [task for task in found if task not in left_out]

    return await read(caller.installation, min_position, query)


async def piece_by_piece(
    caller: Caller, tasks: Sequence[int], command: Callable[[list[int]], Command], counts: Collection[str]
) -> Response:
    """Send a command for each piece of the tasks, and answer with the sums of what they counted.

    What became of which task is told where they are few.
    """
    sums, position, refused_count = dict.fromkeys(counts, 0), 0, 0
    changed: list[int] = []
    refused: list[dict[str, Any]] = []
    for start in range(0, len(tasks), TOGETHER):
        # Without the caller's key: what is asked of a piece is the same whoever asks, and asking twice changes nothing.
        answer = await caller.send_anew(command(list(tasks[start : start + TOGETHER])))
        for name in sums:
            sums[name] += answer.value[name]
        changed += answer.value["changed_tasks"]
        refused += answer.value["refused"][: TOLD_ONE_BY_ONE - len(refused)]
        refused_count += len(answer.value["refused"])
        position = answer.position
    found: dict[str, Any] = {"tasks": len(tasks), **sums, "refused": refused, "refused_count": refused_count}
    found["position"] = position
    if len(tasks) <= TOLD_ONE_BY_ONE:
        found["changed_tasks"] = changed
    return Response(orjson.dumps(found), headers={"X-Position": str(position)}, media_type="application/json")
