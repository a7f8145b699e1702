"""Doing something to all tasks that meet a filter of the board, some hundreds at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson
from fastapi import Response
from sqlalchemy import Connection

from annolog.commands.command import Command
from annolog.infra.http.caller import Caller
from annolog.infra.http.reading import read
from annolog.infra.http.visible import sight_of
from annolog.projections.board import queries as board

# Each piece is a command, so that others get their turn between them.
TOGETHER = 500


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
    """Send a command for each piece of the tasks, and answer with the sums of what they counted."""
    sums, position = dict.fromkeys(counts, 0), 0
    for start in range(0, len(tasks), TOGETHER):
        # Without the caller's key: what is asked of a piece is the same whoever asks, and asking twice changes nothing.
        answer = await caller.send_anew(command(list(tasks[start : start + TOGETHER])))
        for name in sums:
            sums[name] += answer.value[name]
        position = answer.position
    found = {"tasks": len(tasks), **sums, "position": position}
    return Response(orjson.dumps(found), headers={"X-Position": str(position)}, media_type="application/json")
