"""Every event type there is, by the name it is stored under: the one place where a new one is registered."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from annolog.domain.activity import events as activity
from annolog.domain.consensus import events as consensus
from annolog.domain.drift import events as drift
from annolog.domain.event import Event
from annolog.domain.organization import events as organization
from annolog.domain.people import events as people
from annolog.domain.project import events as project
from annolog.domain.provisioning import events as provisioning
from annolog.domain.rules import events as rules
from annolog.domain.sign_on import events as sign_on
from annolog.domain.task import comment_events as comments
from annolog.domain.task import events as task
from annolog.domain.task import interaction_events as interactions
from annolog.domain.task import review_events as review

ROOMS: tuple[ModuleType, ...] = (
    task,
    comments,
    review,
    interactions,
    project,
    rules,
    drift,
    consensus,
    organization,
    people,
    provisioning,
    sign_on,
    activity,
)
# Parts of events, and what events share, are models too, but nothing is ever stored under their name.
PARTS = frozenset(
    {"TaskEvent", "ProjectEvent", "OrganizationEvent", "ActivityEvent"}
    | {"Evidence", "MeasuredPair", "Hint", "ReservationReason", "Timed"}
)


def _types() -> Iterator[type[Event]]:
    for room in ROOMS:
        for name, found in vars(room).items():
            if isinstance(found, type) and issubclass(found, Event) and found is not Event and name not in PARTS:
                yield found


EVENT_TYPES: dict[str, type[Event]] = {found.type_name(): found for found in _types()}
