"""The page of the documentation that shows the pictures, light beside dark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

HEADER = """\
# Screenshots

`make screenshots` takes them: the demo's project (800 real sentence pairs, 164 people) as if its crowd had worked for
four weeks, at 1360 pixels' width. How long an answer took is not recorded in these data; here it is as long as the
sentences take to read. Dates are of the day on which the pictures were taken.

The pictures of 1,000,000 tasks are of a project that `benchmarks/board_page.py` makes. They are taken by hand and
stay as they are.
"""
CHAPTERS: Mapping[str, Mapping[str, str]] = {
    "A project": {
        "dashboard": "Dashboard",
        "board": "Board",
        "task": "A task: why it is where it is, answers side by side, what happened",
        "team": "Team",
        "team-person": "One of the team",
        "policies": "What-if",
    },
    "Work": {
        "labeling-spans": "Marking spans",
        "labeling-choices": "Choosing",
        "labeling-boxes": "Drawing boxes",
        "review": "Reviewing what came back",
        "review-side-by-side": "All answers side by side",
        "my-work": "My work",
    },
    "Setting a project up": {
        "projects": "Projects",
        "new-project": "A new project",
        "settings-general": "Settings: general",
        "settings-labeling": "Labeling config with preview",
        "settings-tasks": "Tasks in and out",
        "settings-members": "Members",
        "settings-assignment": "Assignment and overlap",
        "settings-reassignment": "Reassignment",
        "settings-review": "Review",
        "settings-evaluation": "Evaluation",
        "settings-agreement": "Agreement",
        "settings-consensus": "Consensus",
        "settings-rules": "Rules",
        "settings-data-fields": "Data fields",
        "settings-webhooks": "Webhooks",
        "settings-history": "History",
    },
    "The organization": {
        "people": "People",
        "person": "A person",
        "roles": "Roles and permissions",
        "groups": "Groups",
        "activity": "Activity",
        "workspaces": "Workspaces",
        "workspace": "A workspace",
        "system": "System",
        "account": "My account",
        "sign-in": "Signing in",
    },
    "Nothing, much, and long names": {
        "empty-dashboard": "Dashboard before there are tasks",
        "empty-board": "Board before there are tasks",
        "empty-team": "Team before there are people",
        "long-names-dashboard": "Dashboard with a long title",
        "long-names-board": "Board with long data",
        "long-names-team": "Team with a long name",
        "million-dashboard": "Dashboard of 1,000,000 tasks",
        "million-board": "Board of 1,000,000 tasks",
    },
}


def album(pictures: Path) -> str:
    """The page's text; raises where a picture is missing."""
    text = HEADER
    for title, chapter in CHAPTERS.items():
        text += f"\n## {title}\n\n| | light | dark |\n| --- | --- | --- |\n"
        for name, words in chapter.items():
            shown = [_shown(pictures, f"{name}-{scheme}.webp", f"{words}, {scheme}") for scheme in ("light", "dark")]
            text += f"| {words} | {shown[0]} | {shown[1]} |\n"
    return text


def _shown(pictures: Path, name: str, words: str) -> str:
    if not (pictures / name).exists():
        raise FileNotFoundError(f"there is no {name}: run `make screenshots`")
    return f"[![{words}](screenshots/{name})](screenshots/{name})"
