"""Names for the things events talk about: positive integers below 2**53, so that every client can hold them."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

LARGEST_ID = 2**53 - 1


class IdKind(StrEnum):
    """What an id may be handed out for; each kind counts on its own."""

    PROJECT = "project"
    TASK = "task"
    PERSON = "person"
    ANNOTATION = "annotation"
    REVIEW = "review"
    COMMENT = "comment"
    LEASE = "lease"
    IMPORT = "import"
    TOKEN = "token"
    PREDICTION = "prediction"
    WEBHOOK = "webhook"
    VIEW = "view"
    ORGANIZATION = "organization"
    WORKSPACE = "workspace"
    INVITATION = "invitation"
    GROUP = "group"
    ACTIVITY = "activity"


class IdSource(Protocol):
    """Hands out ids: each integer at most once for a kind, in blocks as large as asked for."""

    def take(self, kind: IdKind, count: int = 1) -> int:
        """The first of `count` consecutive ids that nobody else ever gets. Ids of failed commands are lost."""
        ...


# Everybody in every organization. It is named so since the time when there was one.
DIRECTORY_STREAM = "organization-1"


def task_stream(task: int) -> str:
    """The stream of everything that happens to one task."""
    return f"task-{task}"


def project_stream(project: int) -> str:
    """The stream of a project's configuration and members."""
    return f"project-{project}"


def consensus_stream(project: int) -> str:
    """The stream of the models that a project's answers were weighed by."""
    return f"consensus-{project}"


def activity_stream(activity: int) -> str:
    """The stream of one thing that somebody did at the door."""
    return f"activity-{activity}"
