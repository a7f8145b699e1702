"""The front door, as a replay uses it: what both ways in have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Result = list[dict[str, Any]]

PAGE = 1_000
PEOPLE_TOGETHER = 1_000
SETTLE_SECONDS = 600.0
# What follows from a label is an added slot at most; more rounds than this are other people's work.
SETTLE_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class News:
    """What a project's log holds beyond a position: up to where, how many events, which tasks got another slot."""

    position: int
    events: int
    slots_added: Sequence[int]


@dataclass(frozen=True, slots=True)
class Work:
    """A label on its way: what a person answers to a task, and the key under which it may be sent again."""

    task: int
    person: int
    result: Result
    lead_time: float | None
    key: str


class FrontDoor(Protocol):
    """What a replay asks for. A key makes asking again harmless; a rule that says no raises `Refused`.

    With `in_order`, what is sent first is decided first, so that nobody has to wait for an answer to keep an order.
    """

    in_order: bool

    def create_project(self, title: str, label_config: str, settings: Mapping[str, Any], key: str) -> int:
        """A project that is set up but not published."""
        ...

    def admit(self, project: int, handles: Sequence[str], key: str) -> list[int]:
        """Register people and make them annotators of the project."""
        ...

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]], key: str) -> int:
        """Import tasks; the id of the first, others follow one by one."""
        ...

    def publish(self, project: int, key: str) -> None:
        """Let annotators work."""
        ...

    def answer(self, work: Work) -> Future[None]:
        """Reserve the task for the person and submit what they answered."""
        ...

    def settle(self) -> None:
        """Wait until all that follows from what was sent has happened."""
        ...

    def news(self, project: int, after: int) -> News:
        """What happened in the project beyond a position."""
        ...

    def figures(self, project: int) -> dict[str, Any]:
        """Agreement, people, progress and the answers that won, from the read models."""
        ...


def in_pieces(things: Sequence[T], size: int) -> Iterator[tuple[int, list[T]]]:
    """Pieces of a size, each with the place of its first."""
    for start in range(0, len(things), size):
        yield start, list(islice(things, start, start + size))


def news_of(events: Iterable[Mapping[str, Any]], after: int) -> News:
    """The news in events as the API shows them."""
    position, count, added = after, 0, []
    for event in events:
        position, count = event["position"], count + 1
        if event["type"] == "SlotAdded":
            added.append(event["data"]["task"])
    return News(position, count, added)
