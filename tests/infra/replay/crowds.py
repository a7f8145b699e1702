"""A small crowd for tests: who labels what, and where they disagree, is known."""

from __future__ import annotations

from pathlib import Path

TASKS, WORKERS = 12, 6


def label_of(task: int, worker: int) -> str:
    """Everybody agrees on most tasks; on every third one the workers take turns."""
    return "yes" if task % 3 else ("yes", "no")[worker % 2]


def small_crowd(folder: Path) -> Path:
    """Twelve tasks, each labeled by the same six workers in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        f"t{task},w{worker},{label_of(task, worker)},{task + worker}"
        for task in range(TASKS)
        for worker in range(WORKERS)
    ]
    (folder / "labels.csv").write_text("\n".join(["task,worker,label,duration_s", *rows, ""]), encoding="utf-8")
    truth = [f"t{task},yes" for task in range(TASKS)]
    (folder / "truth.csv").write_text("\n".join(["task,truth", *truth, ""]), encoding="utf-8")
    return folder
