"""What of a task somebody gets to see. An annotator sees their own work and nobody else's."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from annolog.domain.access import Action
from annolog.domain.task.candidates import Lane

# Also what only hints at how much others have done: a ground-truth task is done by everybody, and is not to be told.
HIDDEN_FROM_ANNOTATORS = (
    "ground_truth",
    "assignees",
    "reviewers",
    "flag",
    "additional_slots",
    "overlap",
    "state",
    "state_history",
    "version",
    "position",
    "updated_at",
)


def visible_to(page: dict[str, Any], person: int, actions: Set[Action]) -> dict[str, Any]:
    """The page as this person may see it: whole with the right to see quality, else their own part of it."""
    if Action.SEE_QUALITY in actions:
        return page
    own = [_own(annotation) for annotation in page["annotations"] if annotation["annotator"] == person]
    shown = {name: value for name, value in page.items() if name not in HIDDEN_FROM_ANNOTATORS}
    return shown | {
        "annotations": own,
        "reservations": [_unexplained(held) for held in page["reservations"] if held["person"] == person],
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


def why_to_oneself(found: dict[str, Any]) -> dict[str, Any]:
    """Why somebody is given what, as they may know it themselves: without what tells a test from other work."""
    coming = found["next"]
    return found | {
        "holds": [_unexplained(held) for held in found["holds"]],
        "next": coming and {"task": coming["task"], "lane": Lane(coming["lane"]).shown.value},
    }


def _unexplained(held: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != "why"}


def _own(annotation: dict[str, Any]) -> dict[str, Any]:
    reviews = [
        {name: value for name, value in review.items() if name != "reviewer"} for review in annotation["reviews"]
    ]
    shown = {name: value for name, value in annotation.items() if name not in ("ground_truth", "surplus")}
    return shown | {"reviews": reviews}
