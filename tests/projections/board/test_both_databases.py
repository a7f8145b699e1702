"""The same questions to the same rows find the same tasks in the same order, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from annolog.domain.refusals import InvalidInput
from annolog.infra.composition import scratch_engine
from annolog.infra.databases import database_url, open_database
from annolog.projections.board.filters import OPERATORS, Kind
from annolog.projections.board.queries import board_page, count
from annolog.projections.board.tables import board, metadata
from tests import servers

pytestmark = pytest.mark.services

KEYS = ("k", "a b", "é", "$.x", "q'o", "per%cent")
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 10, 2.5, -2.5, 1e20, -1e-9, 12345678901, "", "a", "A", "b", "aa", "é", "É", "10",
    "2.5", "a%b", "a_b", 'say "x"', "it's", "back\\slash", "line\nbreak", "true", "[1]", "z" * 150, "z" * 150 + "a",
    [], [1, "a"], {}, {"deep": [1.5, None]},
)  # fmt: skip
LISTS = ([], [1], [1, 2], ["a"], ["a", 'say "x"'], [12])
PATTERNS = (
    "a", "^a", "a$", "^$", r"\bb", r"\Bb", "a|b", "a.b", "[a-c]+", r"[^a]", r"\d+", r"\d\.\d", "(?i)A", "(?i)É",
    r"a{2}", "z{100,}", "z{260}", r"[\]x]", r"\w+@", r"\$", r"'", '"', r"\\", r"\x61", r"\u00e9", "(?:ab|a)?b?", "a*",
    r"[ab%_]", r"\s", "%", "_",
)  # fmt: skip
PLACES = ("k", "a b", "é")


def rows() -> list[dict[str, Any]]:
    dice = random.Random(5)
    found = []
    for task in range(1, 181):
        data = {key: dice.choice(VALUES) for key in KEYS if dice.random() < 0.8}
        row: dict[str, Any] = {column.name: 0 if not column.nullable else None for column in board.columns}
        row |= {
            "task": task, "project": 1, "state": dice.choice(["created", "completed"]),
            "flag": dice.choice(["", "", "exhausted"]), "data": compact(data), "meta": compact({"n": task}),
            "annotators": compact(dice.choice(LISTS)), "labels": compact(dice.choice(LISTS)),
            "agreement": dice.choice([None, 0.0, 0.5, 1 / 3, 1.0]), "lead_time": dice.choice([None, 1.5, 20.25]),
            "annotation_count": dice.choice([0, 0, 1, 2, 3]), "ground_truth": dice.choice([None, 4, 5_000_000_000]),
            "dimension_agreement": compact(dice.choice([{}, {"label": 0.25}, {"label": 1}])),
            "created_at": 1_700_000_000_000_000 + task, "updated_at": dice.choice([1, 2, 3]) * 10**15,
            "deleted": int(dice.random() < 0.1), "reviewed": dice.choice([0, 1]),
        }  # fmt: skip
        for name in ("assignees", "reviewers", "annotation_ids", "comment_authors", "model_versions", "held_by"):
            row[name] = compact(dice.choice(LISTS))
        row["results"], row["work"] = compact(dice.choice(VALUES)), "{}"
        found.append(row)
    return found


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    sqlite = scratch_engine(Path(tmp_path_factory.mktemp("both")))
    with servers.database() as url:
        postgresql = open_database(database_url(url, "url"), durable=False)
        for engine in (sqlite, postgresql.writer):
            with engine.begin() as connection:
                metadata.create_all(connection)
                connection.execute(insert(board), rows())
        yield sqlite, postgresql.reader
        postgresql.dispose()
    sqlite.dispose()


def asked(engine: Engine, filters: dict[str, Any] | None, order: list[str], limit: int) -> Any:
    """All pages of a question, one after the other; or why it is refused."""
    try:
        with engine.connect() as connection:
            found: list[dict[str, Any]] = []
            cursor, first = None, True
            while first or cursor is not None:
                page = board_page(connection, 1, filters=filters, order=order, limit=limit, cursor=cursor)
                found, cursor, first = found + page.rows, page.next_cursor, False
            return found, count(connection, 1, filters)
    except InvalidInput as refusal:
        return str(refusal)


OPEN = st.sampled_from([f"data.{key}" for key in KEYS])
SCALARS = st.sampled_from([value for value in VALUES if isinstance(value, str | int | float) and value is not None])
NAMES: dict[Kind, st.SearchStrategy[str]] = {
    Kind.OPEN: OPEN,
    Kind.NUMBER: st.sampled_from(["agreement", "lead_time", "annotation_count", "ground_truth", "agreement.label"]),
    Kind.STRING: st.sampled_from(["state", "flag", "data", "results"]),
    Kind.LIST: st.sampled_from(["annotators", "labels", "held_by"]),
    Kind.BOOLEAN: st.sampled_from(["reviewed", "deleted"]),
    Kind.DATETIME: st.sampled_from(["created_at", "updated_at"]),
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(list(Kind)))
    operator = draw(st.sampled_from(OPERATORS[kind]))
    numbers = st.sampled_from([0, 1, 2, 0.5, 0.25, -1, 2**40, 5_000_000_000, 1.5])
    one: st.SearchStrategy[Any] = {
        Kind.OPEN: SCALARS,
        Kind.NUMBER: numbers,
        Kind.STRING: st.sampled_from(["created", "exhausted", "", "a", "A", "é"]),
        Kind.LIST: st.sampled_from([1, 2, "a", 'say "x"', 1.0, "é"]),
        Kind.BOOLEAN: st.booleans(),
        Kind.DATETIME: st.sampled_from([10**15, 2 * 10**15, "2023-11-14T22:13:20.000090Z"]),
    }[kind]
    match operator:
        case "empty":
            value: Any = draw(st.booleans())
        case "in" | "not_in":
            value = draw(st.fixed_dictionaries({"min": one}, optional={"max": one}))
        case "in_list" | "not_in_list":
            value = draw(st.lists(one, max_size=4))
        case "regex":
            value = draw(st.sampled_from(PATTERNS))
        case "contains" | "not_contains" if kind is not Kind.LIST:
            value = draw(st.sampled_from(["a", "A", "É", "%", "_", "/", "\\", '"x"', "1", "true", ""]))
        case _:
            value = draw(one)
    return {"filter": draw(NAMES[kind]), "operator": operator, "value": value}


GROUPS = st.recursive(
    conditions(),
    lambda inner: st.fixed_dictionaries(
        {"conjunction": st.sampled_from(["and", "or"]), "items": st.lists(inner, min_size=1, max_size=3)}
    ),
    max_leaves=4,
)
FILTERS = st.none() | st.fixed_dictionaries({"conjunction": st.just("and"), "items": st.lists(GROUPS, max_size=2)})
COLUMNS = ("data.k", "data.é", "agreement", "state", "labels", "updated_at", "annotation_count", "ground_truth", "task")
ORDERS = st.lists(st.sampled_from([sign + name for name in COLUMNS for sign in ("", "-")]), max_size=3)


# A text that is no JSON, held against the whole document, beside a look into it.
WHOLE_AND_PART = {
    "conjunction": "and",
    "items": [
        {"filter": "data", "operator": "equal", "value": "created"},
        {"filter": "data.k", "operator": "equal", "value": True},
    ],
}


# Pages of a row each are a long way: once, below.
@pytest.mark.timeout(300)
@given(FILTERS, ORDERS, st.integers(12, 120))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@example(None, ["-labels"], 1)
@example(WHOLE_AND_PART, [], 8)
@example(None, ["data.k"], 7)
@example(None, ["-data.k", "data.é"], 11)
def test_the_same_question_has_the_same_answer(
    both: tuple[Engine, Engine], filters: dict[str, Any] | None, order: list[str], limit: int
) -> None:
    sqlite, postgresql = both
    assert asked(postgresql, filters, order, limit) == asked(sqlite, filters, order, limit)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("place", PLACES)
def test_a_pattern_finds_the_same(both: tuple[Engine, Engine], pattern: str, place: str) -> None:
    sqlite, postgresql = both
    filters = {"conjunction": "and", "items": [{"filter": f"data.{place}", "operator": "regex", "value": pattern}]}
    assert asked(postgresql, filters, [], 200) == asked(sqlite, filters, [], 200)
