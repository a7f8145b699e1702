"""What a question to the board means in the corners, and that indexes answer it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import event

from annolog.domain.refusals import InvalidInput
from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as happened
from annolog.projections.board.queries import count, task_ids
from tests.projections.board.histories import PROJECT, Board, board_in, choice, imported, project_made, submitted

pytestmark = pytest.mark.conformance("B18")


def where(column: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"filter": column, "operator": operator, "value": value}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Nine tasks, of which 8 is deleted, 3 and 4 are answered, by two people and by one, and 5 has comments."""
    long = "y" * 5_000
    tasks = [
        imported(1, text="École", n=3, yes=True),
        imported(2, text="was deleted", n=9),
        imported(3, text="100%", n="word", yes=False),
        imported(4, text="100 percent"),
        imported(5, text=long, n=[1]),
        imported(6, text=long, n=None),
        imported(7, text="A_b", n=2.5),
        imported(8, text="also deleted", n=7),
        imported(9),
    ]
    comments = [
        saying.CommentAdded(project=PROJECT, task=5, comment=comment, author=1, text="hm") for comment in (1, 2)
    ]
    answers = [submitted(3, 1, 1), submitted(3, 2, 2, choice("B")), submitted(4, 3, 1)]
    with board_in(tmp_path_factory.mktemp("board")) as made:
        made.fold([*project_made(), *tasks, *answers, *comments, happened.TaskDeleted(project=PROJECT, task=8)])
        yield made


@pytest.mark.parametrize(
    ("item", "tasks"),
    [
        (where("data.text", "contains", "deleted"), [2]),
        (where("deleted", "equal", True), [8]),
        (where("data.text", "contains", "École"), [1]),
        (where("data.text", "contains", "COLE"), [1]),
        (where("data.text", "contains", "100%"), [3]),
        (where("data.text", "contains", "a_B"), [7]),
        (where("data.text", "contains", "/"), []),
        (where("data.n", "greater", 2), [1, 2, 7]),
        (where("data.n", "less", "z"), [3, 5]),
        (where("data.n", "in", {"min": 2.5, "max": 3}), [1, 7]),
        (where("data.n", "not_in", {"min": 2.5, "max": 3}), [2, 3, 4, 5, 6, 9]),
        (where("data.yes", "equal", True), [1]),
        (where("data.yes", "equal", False), [3]),
        (where("data.n", "empty", True), [4, 6, 9]),
        (where("data", "empty", True), [9]),
        (where("results", "empty", False), [3, 4]),
        (where("dimension_agreement", "empty", False), [3]),
        (where("labels", "empty", False), [3, 4]),
        (where("tasks:agreement.label", "equal", 0), [3]),
        (where("filter:tasks:data.text", "regex", "^[AÉ].*[be]$"), [1, 7]),
        (where("state", "regex", "(?i)^CREA"), [1, 2, 3, 4, 5, 6, 7, 9]),
    ],
)
def test_a_filter_means_what_it_says(board: Board, item: dict[str, Any], tasks: list[int]) -> None:
    assert board.found(item) == tasks
    with board.engine.connect() as connection:
        assert count(connection, PROJECT, {"items": [item]}) == (len(tasks), True)
        assert task_ids(connection, PROJECT, {"items": [item]}, 0, 100) == tasks


@pytest.mark.parametrize("column", ["annotation_count", "unresolved_comment_count", "skip_count"])
@pytest.mark.parametrize("value", [-1, 0, 1, 2])
def test_columns_that_are_mostly_nothing_are_filtered_like_others(board: Board, column: str, value: int) -> None:
    rows = board.page().rows
    for operator, holds in {
        "equal": lambda found: found == value,
        "not_equal": lambda found: found != value,
        "greater": lambda found: found > value,
        "greater_or_equal": lambda found: found >= value,
        "less": lambda found: found < value,
    }.items():
        assert board.found(where(column, operator, value)) == [row["task"] for row in rows if holds(row[column])]
    for operator, wanted, holds in (
        ("in", {"min": value}, lambda found: found >= value),
        ("in", {"max": value}, lambda found: found <= value),
        ("in_list", [value, 2], lambda found: found in (value, 2)),
        ("not_in_list", [value, 2], lambda found: found not in (value, 2)),
    ):
        assert board.found(where(column, operator, wanted)) == [row["task"] for row in rows if holds(row[column])]


def test_a_group_has_children_too(board: Board) -> None:
    either = {"conjunction": "or", "items": [where("task", "equal", 1), where("task", "equal", 2)]}
    assert board.found(either) == [1, 2]
    assert board.found({**either, "child_filters": {"items": [where("data.n", "less", 5)]}}) == [1]


@pytest.mark.parametrize(
    "order", [["data.text"], ["-data.text"], ["data"], ["-results", "data.n"], ["data.n", "-task"]]
)
def test_pages_in_the_order_of_long_texts_have_short_cursors(board: Board, order: list[str]) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = board.page(order=order, limit=2, cursor=cursor)
        seen += [row["task"] for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(cursor) < 1_500
    assert sorted(seen) == [1, 2, 3, 4, 5, 6, 7, 9]
    assert seen == [row["task"] for row in board.page(order=order).rows]


def test_the_task_may_break_ties_the_other_way(board: Board) -> None:
    assert [row["task"] for row in board.page(order=["-annotation_count", "task"]).rows] == [3, 4, 1, 2, 5, 6, 7, 9]
    assert [row["task"] for row in board.page(order=["-annotation_count"]).rows] == [3, 4, 9, 7, 6, 5, 2, 1]


def cursor_of(**body: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(body)).decode()


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": 0}, "/limit"),
        ({"limit": -1}, "/limit"),
        ({"limit": 1_001}, "/limit"),
        ({"order": ["task"] * 11}, "/order"),
        ({"order": ["state", "colour"]}, "/order/1"),
        ({"filters": {"items": [where("task", "in_list", [1] * 1_000)] * 6}}, "/filters/items/5/value"),
        ({"filters": {"items": [where("task", ["equal"], 1)]}}, "/filters/items/0/operator"),
        ({"cursor": cursor_of(order=["line"], phase=0, values=[1], task=2**63)}, "/cursor"),
        ({"cursor": cursor_of(order=["line"], phase=0, values=[2**63], task=1)}, "/cursor"),
        ({"cursor": cursor_of(order=["line"], phase=9, values=[1], task=1)}, "/cursor"),
        ({"cursor": cursor_of(order=["line"], phase=0, values=[None], task=1)}, "/cursor"),
        ({"cursor": cursor_of(order=["line"], phase=0, values=[[1]], task=1)}, "/cursor"),
        ({"cursor": cursor_of(order=["line"], phase=0, values=[], task=1)}, "/cursor"),
        ({"cursor": cursor_of(order=["line"], phase=0, values=[1], task=True)}, "/cursor"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_place(board: Board, query: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        board.page(**{"order": ["line"], **query})
    assert refused.value.faults[0].pointer == pointer


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"order": ["-agreement", "task"]}, "ix_board_agreement"),
        ({"order": ["-lead_time"]}, "ix_board_lead_time"),
        ({"order": ["-completed_at"]}, "ix_board_completed_at"),
        ({"order": ["-flag"]}, "ix_board_flag"),
        ({"order": ["updated_at"]}, "ix_board_updated_at"),
        ({"filters": {"items": [where("annotation_count", "equal", 3)]}}, "ix_board_annotation_count"),
        ({"filters": {"items": [where("skip_count", "greater_or_equal", 1)]}}, "ix_board_skip_count"),
        ({"filters": {"items": [where("flag", "equal", "exhausted")]}}, "ix_board_flag"),
        ({"filters": {"items": [where("state", "equal", "completed")]}}, "ix_board_state"),
    ],
)
def test_an_index_answers(tmp_path: Path, query: dict[str, Any], index: str) -> None:
    plans: list[str] = []
    with board_in(tmp_path) as empty:

        @event.listens_for(empty.engine, "before_cursor_execute")
        def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith("SELECT"):
                explained = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.extend(row[3] for row in explained)

        empty.page(**query)
    assert any(index in plan for plan in plans), plans
