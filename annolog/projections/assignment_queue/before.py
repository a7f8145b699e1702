"""How much somebody has before them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from annolog.projections.assignment_queue.standing import Has
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.statements import execute


def before(connection: Connection, project: int, person: int, now: datetime) -> dict[str, int]:
    """How many tasks are assigned to the person by hand, of how many of these nothing has come yet, and how many the
    person holds.
    """
    assigned, pending = execute(
        connection,
        f"SELECT count(*), coalesce(sum(CASE WHEN standing = '{Has.NOTHING.value}' THEN 1 ELSE 0 END), 0)"
        " FROM queue_person WHERE person = ? AND project = ? AND assigned = 1",
        (person, project),
    ).fetchone()
    (held,) = execute(
        connection,
        "SELECT count(*) FROM queue_person WHERE person = ? AND project = ? AND lease IS NOT NULL AND expires_at > ?",
        (person, project, microseconds(now)),
    ).fetchone()
    return {"assigned": assigned, "pending": int(pending), "held": held}
