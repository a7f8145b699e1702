"""Pages of the board at a million tasks: first and deep, in both directions, filtered and not."""

from __future__ import annotations

import random
import sys
from time import perf_counter
from typing import Any

from annolog.infra.composition import Installation
from annolog.projections.board.queries import board_page
from benchmarks.measures import Figure, percentile, resident_megabytes, show
from benchmarks.workload import installation, project_with, run_all, submissions

MANY = 1_000_000
ANSWERED = 30_000
ROUNDS = 7
PAGE = 100


def page_milliseconds(found: Installation, project: int, **query: Any) -> tuple[float, float]:
    """The median time of the first page, and of a page a hundred pages further on."""
    first, deep = [], []
    with found.read_engine.connect() as connection:
        for _ in range(ROUNDS):
            started = perf_counter()
            page = board_page(connection, project, limit=PAGE, **query)
            first.append(perf_counter() - started)
        for _ in range(100):
            if page.next_cursor is None:
                break
            started = perf_counter()
            page = board_page(connection, project, limit=PAGE, cursor=page.next_cursor, **query)
            deep.append(perf_counter() - started)
    return percentile(first, 0.5) * 1000, percentile(deep or first, 0.9) * 1000


def main() -> None:
    many = int(sys.argv[2]) if len(sys.argv) > 2 else MANY
    with installation() as found:
        project, people = project_with(found, many, 3, overlap=3)
        tasks = random.Random(1).sample(range(1, many + 1), min(ANSWERED, many // 2))
        run_all(found, list(submissions(tasks, people[:2])), in_flight=256)
        found.projections.catch_up()
        low = {"items": [{"filter": "agreement", "operator": "less", "value": 0.5}]}
        begun = {"items": [{"filter": "state", "operator": "equal", "value": "annotation_in_progress"}]}
        queries: list[tuple[str, dict[str, Any]]] = [
            ("by task", {"order": ["task"]}),
            ("by task, descending", {"order": ["-task"]}),
            ("by agreement", {"order": ["agreement"]}),
            ("by agreement, descending", {"order": ["-agreement"]}),
            ("by last change, descending", {"order": ["-updated_at"]}),
            ("by annotations, descending", {"order": ["-annotation_count"]}),
            ("by lead time, descending", {"order": ["-lead_time"]}),
            ("state = annotation in progress, by task", {"filters": begun, "order": ["task"]}),
            ("state = annotation in progress, by agreement", {"filters": begun, "order": ["-agreement"]}),
            ("agreement < 0.5, by agreement", {"filters": low, "order": ["agreement"]}),
        ]
        figures = []
        for name, query in queries:
            first, deep = page_milliseconds(found, project, **query)
            figures.append(Figure(f"{name}", first, "ms", "< 20", f"p90 of the next 100 pages {deep:.1f} ms"))
        figures.append(Figure("memory of the process", resident_megabytes(), "MiB", "< 400"))
    show(f"Board, pages of {PAGE} rows of {many:,} tasks", "python -m benchmarks board", figures)
