"""What is added up for dashboards: integers, so that what is taken out again leaves no residue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annolog.domain.agreement.trillionths import TRILLION

MICROSECONDS = 1_000_000


class Dating(StrEnum):
    """When a fact counts."""

    LAST_ACTION = "last_action"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Column:
    """One sum. It is of so many `parts` to the unit: microseconds, trillionths, or whole things."""

    name: str
    dating: Dating
    parts: int = 1
    of_labels: bool = False
    of_people: bool = True


def _standing(name: str, parts: int = 1, *, of_labels: bool = False) -> Column:
    return Column(name, Dating.LAST_ACTION, parts, of_labels)


def _happened(name: str, parts: int = 1, *, of_people: bool = True) -> Column:
    return Column(name, Dating.EVENT, parts, of_people=of_people)


# Of annotations that are not deleted, at the time of their last action; the five actions first.
STANDING = (
    _standing("submitted"),
    _standing("updated"),
    _standing("fixed_and_accepted"),
    _standing("accepted"),
    _standing("rejected"),
    _standing("verdict_accepted", of_labels=True),
    _standing("verdict_fixed", of_labels=True),
    _standing("verdict_rejected", of_labels=True),
    _standing("timed", of_labels=True),
    _standing("lead_time", MICROSECONDS, of_labels=True),
    _standing("active_timed", of_labels=True),
    _standing("active_time", MICROSECONDS, of_labels=True),
    _standing("regions"),
)
# At the time of the event itself, for good.
HAPPENED = (
    _happened("submissions"),
    _happened("revisions"),
    _happened("skips"),
    _happened("regions_created"),
    _happened("annotating_time", MICROSECONDS),
    _happened("annotating_active_time", MICROSECONDS),
    _happened("received_accepted"),
    _happened("received_fixed"),
    _happened("received_rejected"),
    _happened("worth", TRILLION),
    _happened("given_accepted"),
    _happened("given_fixed"),
    _happened("given_rejected"),
    _happened("reviews_timed"),
    _happened("review_time", MICROSECONDS),
    _happened("reviews_active_timed"),
    _happened("review_active_time", MICROSECONDS),
    _happened("tasks_done", of_people=False),
)
SLICE = STANDING + HAPPENED
# By label there are these two besides what standing columns are `of_labels`.
LABELLED = _standing("labelled", of_labels=True)
USES = _standing("uses", of_labels=True)
LABEL = (LABELLED, USES, *(column for column in STANDING if column.of_labels))
BY_NAME = {column.name: column for column in (*SLICE, LABELLED, USES)}
PLACE_IN_SLICE = {column.name: place for place, column in enumerate(SLICE)}
