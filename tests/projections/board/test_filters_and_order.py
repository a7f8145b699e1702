"""The board finds what a plain look at its rows finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.commenting import AddComment
from annolog.commands.importing import ImportTasks
from annolog.commands.projects import PublishProject
from annolog.domain.refusals import InvalidInput
from annolog.domain.task.importing import ImportedTask
from annolog.projections.board.columns import COLUMNS, Kind
from annolog.projections.board.filters import OPERATORS
from annolog.projections.board.queries import board_page, count, neighbours, task_ids
from annolog.projections.stages import queries as stages
from tests.world import World, result, world_in

pytestmark = pytest.mark.conformance("B18")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A project of forty tasks to which different things happened."""
    with world_in(Path(tmp_path_factory.mktemp("board"))) as world:
        world.set_up(tasks=0, publish=False, assignment={"overlap": 2, "coverage_percent": 60})
        tasks = [
            ImportedTask(
                data={"text": f"text {n % 7}", "size": n % 5, "mixed": n if n % 2 else "x"}, allow_skip=n % 3 > 0
            )
            for n in range(40)
        ]
        world.run(ImportTasks(project=world.project, tasks=tasks))
        world.run(PublishProject(project=world.project))
        for task in range(1, 31):
            annotation = world.submit("ann", task, "ABC"[task % 3], lead_time=float(task % 4) + 0.5)
            if world.task(task).slots > 1 and task % 2:
                world.run(SubmitAnnotation(task=task, result=result("AB"[task % 2])), "bob")
            if task % 5 == 0:
                world.review("rev", task, annotation, "rejected" if task % 10 else "accepted") if (
                    world.task(task).state == "needs_review"
                ) else None
            if task % 4 == 0:
                world.run(AddComment(task=task, text="hm"), "cyd")
        world.settle()
        yield world


def test_tasks_are_found_and_ordered_by_since_when_they_are_in_their_state(board: World) -> None:
    since: dict[int, str] = {}
    for id in range(1, 41):
        with board.installation.read_engine.connect() as connection:
            asked = stages.Changes(None, None, None, None, None, None, None, 0, 100)
            since[id] = stages.task_changes(connection, id, asked)[-1]["at"]
    middle = sorted(since.values())[20]
    later = {"filter": "state_since", "operator": "greater_or_equal", "value": middle}
    found = page(board, filters={"items": [later]}, order=["-state_since"], limit=100)
    assert [row["task"] for row in found.rows] == sorted(
        (id for id in since if since[id] >= middle), key=lambda id: (since[id], id), reverse=True
    )
    first = page(board, order=["state_since"], limit=15)
    rest = page(board, order=["state_since"], limit=100, cursor=first.next_cursor)
    in_order = [row["task"] for row in (*first.rows, *rest.rows)]
    assert in_order == sorted(since, key=lambda id: (since[id], id))


def page(world: World, **more: Any) -> Any:
    with world.installation.read_engine.connect() as connection:
        return board_page(connection, world.project, **more)


def value_of(row: Row, column: str) -> Any:
    if column.startswith("data."):
        return row["data"].get(column.removeprefix("data."))
    if column in ("data", "meta", "results", "dimension_agreement"):
        return orjson.dumps(row[column]).decode()
    return row[column]


def kinds() -> list[tuple[str, Kind]]:
    listed = [(name, column.kind) for name, column in COLUMNS.items()]
    return [*listed, ("data.text", Kind.OPEN), ("data.size", Kind.OPEN)]


CASES = [(name, kind, operator) for name, kind in kinds() for operator in OPERATORS[kind]]


def sample(rows: list[Row], column: str, kind: Kind, operator: str) -> Any:
    """A value to filter with, taken from the rows themselves so that it finds some and misses others."""
    values = sorted({str(v): v for row in rows if (v := value_of(row, column)) is not None}.items())
    middle = values[len(values) // 2][1] if values else {Kind.NUMBER: 1}.get(kind, "x")
    if kind is Kind.DATETIME and not values:
        middle = "2026-11-24T12:00:00+00:00"
    if operator == "empty":
        return True
    if operator in ("in", "not_in"):
        return {"min": middle, "max": middle}
    if operator in ("in_list", "not_in_list"):
        return [middle]
    if kind is Kind.LIST:
        return middle[0] if middle and middle != "x" else 7
    if kind is Kind.STRING and operator in ("contains", "not_contains", "regex"):
        return "te"
    if kind is Kind.OPEN and operator in ("contains", "not_contains", "regex"):
        return "3"
    return middle if not isinstance(middle, dict | list) else "x"


def holds(value: Any, operator: str, wanted: Any, kind: Kind) -> bool:
    """What the operator means, said again in plain Python."""
    if kind is Kind.DATETIME:
        value = None if value is None else datetime.fromisoformat(value)
        wanted = (
            {end: datetime.fromisoformat(text) for end, text in wanted.items()}
            if isinstance(wanted, dict)
            else wanted
            if isinstance(wanted, bool)
            else datetime.fromisoformat(wanted)
        )
    match operator:
        case "empty":
            return value in (None, "", [], "[]", "{}")
        case "equal":
            return value == wanted
        case "not_equal":
            return value != wanted
        case "in":
            return value is not None and wanted["min"] <= value <= wanted["max"]
        case "not_in":
            return not (value is not None and wanted["min"] <= value <= wanted["max"])
        case "in_list":
            return value in wanted
        case "not_in_list":
            return value not in wanted
        case "contains" | "not_contains":
            inside = wanted in value if kind is Kind.LIST else value is not None and str(wanted) in str(value).lower()
            return inside is (operator == "contains")
        case "regex":
            return value is not None and re.search(wanted, str(value)) is not None
    if value is None:
        return False
    return {
        "less": value < wanted,
        "greater": value > wanted,
        "less_or_equal": value <= wanted,
        "greater_or_equal": value >= wanted,
    }[operator]


@pytest.mark.parametrize(("column", "kind", "operator"), CASES)
def test_every_column_is_filtered_by_each_of_its_operators(
    board: World, column: str, kind: Kind, operator: str
) -> None:
    every = page(board, limit=1000).rows
    wanted = sample(every, column, kind, operator)
    item = {"filter": column, "operator": operator, "value": wanted}
    expected = [row["task"] for row in every if holds(value_of(row, column), operator, wanted, kind)]
    found = page(board, filters={"conjunction": "and", "items": [item]}, limit=1000).rows
    assert [row["task"] for row in found] == expected


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", [*COLUMNS, "data.size", "agreement.label"])
def test_every_column_orders_and_its_pages_have_every_row_once(board: World, column: str, descending: bool) -> None:
    order = [f"{'-' if descending else ''}{column}"]
    seen: list[Row] = []
    cursor = None
    while True:
        found = page(board, order=order, limit=7, cursor=cursor)
        seen += found.rows
        cursor = found.next_cursor
        if cursor is None:
            break
    assert len(seen) == 40
    assert len({row["task"] for row in seen}) == 40
    if column in ("data", "meta", "results", "dimension_agreement", "agreement.label") or column.endswith("s"):
        return
    values = [value_of(row, column) for row in seen]
    present = [value for value in values if value is not None]
    if column not in ("labels", "held_by") and all(not isinstance(value, list) for value in present):
        assert values[len(present) :] == [None] * (len(values) - len(present))
        assert present == sorted(present, reverse=descending)


@given(
    order=st.lists(
        st.sampled_from(["state", "-agreement", "lead_time", "-annotation_count", "flag", "-data.size"]),
        min_size=2,
        max_size=3,
        unique_by=lambda name: name.removeprefix("-"),
    ),
    limit=st.integers(1, 50),
)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_several_columns_order_together(board: World, order: list[str], limit: int) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        found = page(board, order=order, limit=limit, cursor=cursor)
        seen += [row["task"] for row in found.rows]
        cursor = found.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == list(range(1, 41))
    assert seen == [row["task"] for row in page(board, order=order, limit=1000).rows]


def test_groups_nest_and_children_narrow_their_parent(board: World) -> None:
    answered = {"filter": "annotation_count", "operator": "greater", "value": 0}
    commented = {"filter": "comment_count", "operator": "greater", "value": 0}
    early = {"filter": "task", "operator": "less", "value": 9}
    nested = {"conjunction": "or", "items": [early, {"conjunction": "and", "items": [answered, commented]}]}
    rows = page(board, limit=1000).rows
    expected = [r["task"] for r in rows if r["task"] < 9 or (r["annotation_count"] and r["comment_count"])]
    assert [row["task"] for row in page(board, filters=nested, limit=1000).rows] == expected
    child = {"items": [{**answered, "child_filters": {"items": [early]}}]}
    assert [row["task"] for row in page(board, filters=child).rows] == [
        r["task"] for r in rows if r["annotation_count"] and r["task"] < 9
    ]
    with board.installation.read_engine.connect() as connection:
        assert count(connection, board.project, nested) == (len(expected), True)
        assert count(connection, board.project, nested, up_to=3) == (3, False)
        assert task_ids(connection, board.project, nested, expected[0], 5) == expected[1:6]


@pytest.mark.parametrize(
    ("filters", "pointer"),
    [
        ({"items": [{"filter": "colour", "operator": "equal", "value": 1}]}, "/filters/items/0/filter"),
        ({"items": [{"filter": "task", "operator": "contains", "value": 1}]}, "/filters/items/0/operator"),
        ({"items": [{"filter": "task", "operator": "equal", "value": "1"}]}, "/filters/items/0/value"),
        ({"items": [{"filter": "task", "operator": "equal", "value": True}]}, "/filters/items/0/value"),
        ({"items": [{"filter": "task", "operator": "equal", "value": 10**30}]}, "/filters/items/0/value"),
        ({"items": [{"filter": "created_at", "operator": "less", "value": "soon"}]}, "/filters/items/0/value"),
        ({"items": [{"filter": "state", "operator": "regex", "value": "("}]}, "/filters/items/0/value"),
        ({"items": [{"filter": "state", "operator": "regex", "value": "(a+)+b"}]}, "/filters/items/0/value"),
        ({"conjunction": "xor", "items": []}, "/filters/conjunction"),
        ({"items": {}}, "/filters/items"),
        ({"items": [7]}, "/filters/items/0"),
        ({"items": [{"filter": "task", "operator": "in", "value": 3}]}, "/filters/items/0/value"),
    ],
)
def test_a_wrong_filter_is_refused_by_place(board: World, filters: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        page(board, filters=filters)
    assert refused.value.faults[0].pointer == pointer


def test_a_filter_has_an_end(board: World) -> None:
    deep: dict[str, Any] = {"items": []}
    for _ in range(50):
        deep = {"items": [deep]}
    item = {"filter": "task", "operator": "equal", "value": 1}
    for filters in (deep, {"items": [item] * 200}):
        with pytest.raises(InvalidInput):
            page(board, filters=filters)


@pytest.mark.parametrize("cursor", ["junk", "e30", "", "4oCm"])
def test_a_cursor_that_is_none_is_refused(board: World, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        page(board, order=["task"], cursor=cursor)
    assert refused.value.faults[0].pointer == "/cursor"


def test_a_cursor_belongs_to_its_order(board: World) -> None:
    cursor = page(board, order=["state"], limit=3).next_cursor
    with pytest.raises(InvalidInput):
        page(board, order=["task"], cursor=cursor)


@pytest.mark.parametrize(
    "order", [[], ["-task"], ["agreement"], ["-agreement"], ["lead_time", "-task"], ["data.size", "-comment_count"],
              ["-reviews_rejected"], ["reviewed_at", "-agreement"], ["-unresolved_comment_count", "reviewed_at"]]
)  # fmt: skip
@pytest.mark.parametrize("filters", [None, {"filter": "data.size", "operator": "greater", "value": 1}])
def test_neighbours_are_those_of_the_page(board: World, order: list[str], filters: Any) -> None:
    wanted = filters and {"conjunction": "and", "items": [filters]}
    tasks = [row["task"] for row in page(board, order=order, filters=wanted, limit=100).rows]
    assert len(tasks) > 20
    with board.installation.read_engine.connect() as connection:
        for before, task, after in zip([None, *tasks], tasks, [*tasks[1:], None], strict=False):
            found = neighbours(connection, board.project, task, filters=wanted, order=order)
            assert found == {"previous": before, "next": after}, task


def test_a_task_outside_of_the_filter_has_neighbours_too(board: World) -> None:
    wanted = {"conjunction": "and", "items": [{"filter": "task", "operator": "in_list", "value": [3, 9]}]}
    with board.installation.read_engine.connect() as connection:
        assert neighbours(connection, board.project, 5, filters=wanted) == {"previous": 3, "next": 9}
        assert neighbours(connection, board.project, 1, filters=wanted) == {"previous": None, "next": 3}
        assert neighbours(connection, board.project, 4_000, filters=wanted) == {"previous": None, "next": None}
