"""What of a task somebody gets to see. An annotator sees their own work and nobody else's."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from annolog.domain.access import Action

HIDDEN_FROM_ANNOTATORS = (
    "ground_truth",
    "assignees",
    "reviewers",
    "flag",
    "additional_slots",
    "overlap",
    "state_history",
)


def visible_to(page: dict[str, Any], person: int, actions: Set[Action]) -> dict[str, Any]:
    """The page as this person may see it: whole with the right to see quality, else their own part of it."""
    if Action.SEE_QUALITY in actions:
        return page
    own = [_own(annotation) for annotation in page["annotations"] if annotation["annotator"] == person]
    shown = {name: value for name, value in page.items() if name not in HIDDEN_FROM_ANNOTATORS}
    return shown | {
        "annotations": own,
        "reservations": [held for held in page["reservations"] if held["person"] == person],
        "skips": [skip for skip in page["skips"] if skip["person"] == person],
        "comments": _comments(page["comments"], person),
    }


def _comments(comments: list[dict[str, Any]], person: int) -> list[dict[str, Any]]:
    """What is said about one's own work, and the threads that one wrote or is mentioned in."""
    threads = {
        comment["parent"] or comment["id"]
        for comment in comments
        if person == comment["author"] or person in comment["mentions"]
    }
    return [
        comment
        for comment in comments
        if person == comment["annotator"] or (comment["parent"] or comment["id"]) in threads
    ]


def _own(annotation: dict[str, Any]) -> dict[str, Any]:
    reviews = [
        {name: value for name, value in review.items() if name != "reviewer"} for review in annotation["reviews"]
    ]
    shown = {name: value for name, value in annotation.items() if name not in ("ground_truth", "surplus")}
    return shown | {"reviews": reviews}
