"""What people ask about activity: the latest of it that fits, and when tokens were last used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from annolog.domain.ids import LARGEST_ID
from annolog.projections.activity.tables import activity_entry, activity_place, activity_token
from annolog.projections.engine.moments import microseconds, moment

COLUMNS = (
    "position",
    "at",
    "person",
    "on_behalf_of",
    "action",
    "kind",
    "subject",
    "project",
    "address",
    "detail",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which activity is wanted, of one `organization` or, for who has the databases at hand, of all.

    From `since` on and before `until`. `text` is anywhere in the action or in what is told beside, in any case of ASCII
    letters.
    """

    organization: int | None
    person: int | None = None
    on_behalf_of: int | None = None
    action: str | None = None
    project: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    @property
    def filter(self) -> dict[str, Any]:
        """What is asked for within the organization, under the names that people ask by; nothing that is not."""
        found = {
            "person": self.person,
            "on_behalf_of": self.on_behalf_of,
            "action": self.action,
            "project": self.project,
            "from": self.since and self.since.isoformat(),
            "to": self.until and self.until.isoformat(),
            "text": self.text or None,
        }
        return {name: value for name, value in found.items() if value is not None}


def entries(connection: Connection, asked: Asked, before: int, limit: int) -> list[dict[str, Any]]:
    """The latest entries before a position, newest first."""
    table = activity_entry.c
    address = func.coalesce(func.nullif(table.address, ""), activity_place.c.address, "").label("address")
    # What the system did besides, in the same command, was done from nowhere.
    is_from = and_(activity_place.c.command == table.command, activity_place.c.person == table.person)
    columns = [address if name == "address" else table[name] for name in COLUMNS]
    query = (
        select(*columns)
        .outerjoin_from(activity_entry, activity_place, is_from)
        .where(table.position < before, *_conditions(asked))
        .order_by(table.position.desc())
        .limit(limit)
    )
    return [_presented(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, asked: Asked, before: int = LARGEST_ID) -> int:
    """How many entries there are before a position."""
    query = select(func.count()).select_from(activity_entry)
    found = connection.execute(query.where(activity_entry.c.position < before, *_conditions(asked))).scalar_one()
    return int(found)


def last_used(connection: Connection, tokens: Sequence[int]) -> dict[int, datetime]:
    """When each of these tokens was last used, for those that ever were."""
    table = activity_token.c
    query = select(table.token, table.last_used).where(table.token.in_(tokens), table.last_used.is_not(None))
    return {token: moment(at) for token, at in connection.execute(query)}


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    table = activity_entry.c
    wanted: Mapping[str, Any] = {
        "organization": asked.organization,
        "person": asked.person,
        "on_behalf_of": asked.on_behalf_of,
        "action": asked.action,
        "project": asked.project,
    }
    found: list[ColumnElement[bool]] = [table[name] == value for name, value in wanted.items() if value is not None]
    if asked.since is not None:
        found.append(table.at >= microseconds(asked.since))
    if asked.until is not None:
        found.append(table.at < microseconds(asked.until))
    if asked.text:
        words = asked.text.lower()
        found.append(or_(*(func.lower(column).contains(words, autoescape=True) for column in _SEARCHED)))
    return found


_SEARCHED = (activity_entry.c.action, activity_entry.c.detail)


def _presented(row: Mapping[Any, Any]) -> dict[str, Any]:
    found = {str(name): value for name, value in row.items()}
    return found | {"at": moment(found["at"]).isoformat(), "detail": orjson.loads(found["detail"])}
