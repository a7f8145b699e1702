"""The event log as the command side asks for it, on our recorder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from annolog.commands.ports import AssignmentQueue, Credentials, Draft, Remembered, ReviewQueue, StreamMoved
from annolog.domain.ids import project_stream
from annolog.domain.project.events import LabelConfigRevised, SettingsChanged
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Overloaded, Superseded, Unavailable
from annolog.infra.databases import Database, open_database
from annolog.infra.event_log import codec, credentials, schema
from annolog.infra.event_log.doorbell import Doorbell
from annolog.infra.event_log.ids import SequenceIds
from annolog.infra.event_log.notices import notify
from annolog.infra.event_log.recorder import CHANNEL, SqlRecorder
from annolog.infra.event_log.tail import Tail
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.assignment_queue.queries import Frontiers, SqlAssignmentQueue
from annolog.projections.engine.moments import microseconds, moment
from annolog.projections.engine.parking import is_outage
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import rebuild
from annolog.projections.engine.statements import (
    among,
    delete_keys,
    execute,
    insert_rows,
    is_postgresql,
    select_keys,
    upsert_rows,
)
from annolog.projections.review_queue.projector import review_queue
from annolog.projections.review_queue.queries import SqlReviewQueue

Heading = tuple[int, str, int | None]
HOT: tuple[Projector, ...] = (assignment_queue, review_queue)
CONFIGURING = (LabelConfigRevised.type_name(), SettingsChanged.type_name())
WRITER_LOCK = 0x616E6E6F_6C6F6700
# How SQLite and PostgreSQL say that somebody else has the lock.
LOCKED = ("locked", "lock timeout")
COLUMNS = ", ".join(f'"{column.name}"' for column in schema.event.columns)
# The head of the log, and who wrote the hot read models: one question, for it is asked in every transaction.
BEGINS = "SELECT (SELECT max(position) FROM event), reader, version FROM hot_version"


def open_log(url: URL) -> Database:
    """The log's database."""
    return open_database(url, durable=True, writer_lock=WRITER_LOCK)


class SqlEventLog:
    """Events, answers to commands, ids and hot read models in one database, so that one commit covers them all."""

    def __init__(self, database: Database) -> None:
        self.doorbell = Doorbell()
        self.recorder = SqlRecorder(database, self.doorbell)
        self._writer = database.writer
        self._reader = database.reader
        self._frontiers = Frontiers()
        self._tail = Tail()
        # Why nothing can be written here any more.
        self.trouble: str | None = None
        with self._writer.begin() as connection:
            schema.metadata.create_all(connection)
            for projector in HOT:
                projector.metadata.create_all(connection)
            self.ids = SequenceIds(connection)
            _introduce(connection)
        if outdated := self._outdated():
            self.rebuild(outdated, wanted=lambda: self._outdated() != [])

    def rebuild(
        self,
        projectors: Sequence[Projector],
        report: Callable[[int], None] = lambda _: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> int:
        """Build hot read models anew, in turns with those who write; the position reached, 0 if it is not `wanted`."""
        return rebuild(self, self._writer, projectors, report, finish=_renewed, wanted=wanted)

    def _outdated(self) -> list[Projector]:
        """The hot read models that an older version of their projector wrote. Where they stand is never in doubt."""
        with self._reader.connect() as connection:
            known: dict[str, int] = dict(execute(connection, "SELECT reader, version FROM hot_version").fetchall())
        return [hot for hot in HOT if known[hot.name] < hot.version]

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A unit that commits on leaving, durably, or not at all.

        `Overloaded` if others hold the log for too long, `Unavailable` if the database cannot be reached; then it may
        be that the commit took place and its acknowledgement was lost. `Superseded` once a newer version of this
        program keeps the hot read models: what this one would make of them is of no use to anybody.
        """
        try:
            with self._locked() as connection:
                self.ids.refresh(connection)
                transaction = SqlTransaction(connection, self._frontiers)
                yield transaction
                self.ids.store(connection)
                if transaction.appended and is_postgresql(connection):
                    notify(connection, CHANNEL)
        except Superseded as refusal:
            self.trouble = refusal.detail
            raise
        except DBAPIError as trouble:
            if not is_outage(trouble):
                raise
            raise Unavailable("The log cannot be reached.", facts={"retry_after": 1}) from trouble
        self.trouble = None
        self._tail.extend(transaction.appended)

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._writer.begin())
            except OperationalError as trouble:
                if not any(word in str(trouble.orig) for word in LOCKED):
                    raise
                raise Overloaded("Somebody else holds the log.", facts={"retry_after": 1}) from trouble
            yield connection

    def streams(self, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        """The committed history of each stream."""
        with self._reader.connect() as connection:
            return read_streams(connection, names)

    def after(self, position: int, limit: int, project: int | None = None) -> Sequence[Recorded]:
        """The committed log, or one project's part of it, beyond a position, in order."""
        if project is None and (recent := self._tail.after(position, limit)):
            return recent
        of_project, parameters = (
            ("", (position, limit))
            if project is None
            else (
                "AND project = ?",
                (position, project, limit),
            )
        )
        with self._reader.connect() as connection:
            rows = execute(
                connection,
                f"SELECT {COLUMNS} FROM event WHERE position > ? {of_project} ORDER BY position LIMIT ?",
                parameters,
            ).fetchall()
        return [codec.from_row(row) for row in rows]

    def headings(self, position: int, limit: int) -> Sequence[Heading]:
        """Position, type and project of the events beyond a position, in order: much less than to read them takes."""
        if recent := self._tail.after(position, limit):
            return [(recorded.position, recorded.type, recorded.project) for recorded in recent]
        sql = "SELECT position, type, project FROM event WHERE position > ? ORDER BY position LIMIT ?"
        with self._reader.connect() as connection:
            return execute(connection, sql, (position, limit)).fetchall()

    def headings_of(self, types: Sequence[str], last: int) -> Sequence[Heading]:
        """The same of all events of a few rare types up to a position. Passes over the whole log."""
        with self._reader.connect() as connection:
            condition, parameters = among(connection, schema.event.c.type, types)
            sql = f"SELECT position, type, project FROM event WHERE {condition} AND position <= ? ORDER BY position"
            return execute(connection, sql, (*parameters, last)).fetchall()

    def webhook_secret(self, webhook: int) -> str | None:
        """What a webhook signs with."""
        with self._reader.connect() as connection:
            sql = "SELECT secret FROM webhook_secret WHERE webhook = ?"
            row = execute(connection, sql, (webhook,)).fetchone()
        return None if row is None else row[0]

    def of_place(self, place: str, after: int, limit: int) -> Sequence[Recorded]:
        """The events of a project, or of a stream that belongs to none, beyond a position."""
        kind, _, number = place.partition("-")
        if kind == "project":
            return self.after(after, limit, int(number))
        return [recorded for recorded in self.streams([place])[place] if recorded.position > after][:limit]

    def configured(self, project: int, version: int) -> tuple[int, Sequence[Recorded]]:
        """The version of a project's stream, and what was said of its labeling config and settings beyond another."""
        stream = project_stream(project)
        between = f"SELECT {COLUMNS} FROM event WHERE stream = ? AND version > ? AND version <= ? AND type IN (?, ?)"
        with self._reader.connect() as connection:
            latest = (
                execute(connection, "SELECT max(version) FROM event WHERE stream = ?", (stream,)).fetchone()[0] or 0
            )
            if latest <= version:
                return latest, ()
            parameters = (stream, version, latest, *CONFIGURING)
            rows = execute(connection, f"{between} ORDER BY version", parameters).fetchall()
        return latest, [codec.from_row(row) for row in rows]

    def newer_versions(self, position: int) -> tuple[int, Mapping[str, int]]:
        """The head of the log, and the versions of the streams that have events beyond a position."""
        with self._reader.connect() as connection:
            head = self.recorder.head(connection)
            sql = "SELECT stream, max(version) FROM event WHERE position > ? GROUP BY stream"
            return head, dict(execute(connection, sql, (position,)).fetchall())

    def head(self) -> int:
        """The position of the latest committed event."""
        with self._reader.connect() as connection:
            return self.recorder.head(connection)

    def announce(self) -> None:
        """Wake whoever follows the log."""
        self.doorbell.ring()

    def draft(self, task: int, person: int) -> Draft | None:
        """The person's unfinished or refused work on a task."""
        with self._reader.connect() as connection:
            row = execute(
                connection,
                "SELECT project, task, person, result, lead_time, reason, saved_at FROM draft"
                " WHERE task = ? AND person = ?",
                (task, person),
            ).fetchone()
        return None if row is None else _draft(row)

    def drafts_of(self, person: int, limit: int) -> list[Draft]:
        """The person's unfinished or refused work, the latest first."""
        with self._reader.connect() as connection:
            rows = execute(
                connection,
                "SELECT project, task, person, result, lead_time, reason, saved_at FROM draft"
                " WHERE person = ? ORDER BY saved_at DESC, task LIMIT ?",
                (person, limit),
            ).fetchall()
        return [_draft(row) for row in rows]

    def read_mark(self, person: int) -> int:
        """The position up to which a person has read their notifications."""
        with self._reader.connect() as connection:
            rows = select_keys(connection, schema.notification_mark, [(person,)])
        return rows[0][1] if rows else 0


class SqlTransaction:
    """One transaction of the writer."""

    def __init__(self, connection: Connection, frontiers: Frontiers) -> None:
        self._connection = connection
        self.queue: AssignmentQueue = SqlAssignmentQueue(connection, frontiers)
        self.reviews: ReviewQueue = SqlReviewQueue(connection)
        self.head = _begun(connection)
        self.appended: Sequence[Recorded] = ()

    def streams(self, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        """The whole history of each stream, in order."""
        return read_streams(self._connection, names)

    def moved_since(self, position: int) -> Iterable[str]:
        """The streams that have events beyond a position; all of them, if it is unknown, are not worth naming."""
        if position < 0:
            return []
        rows = execute(self._connection, "SELECT DISTINCT stream FROM event WHERE position > ?", (position,))
        return [row[0] for row in rows]

    def remembered(self, ids: Sequence[UUID]) -> Mapping[UUID, Remembered]:
        """The commands among these that were answered before."""
        condition, parameters = among(self._connection, schema.command_result.c.command_id, [id.bytes for id in ids])
        sql = f"SELECT command_id, fingerprint, actor, position, answer FROM command_result WHERE {condition}"
        rows = execute(self._connection, sql, parameters)
        found = (
            Remembered(UUID(bytes=id), fingerprint, actor, position, orjson.loads(answer))
            for id, fingerprint, actor, position, answer in rows
        )
        return {remembered.command_id: remembered for remembered in found}

    def append(self, events: Sequence[Recorded]) -> None:
        """Record events numbered from the head on, and fold them into the hot read models."""
        try:
            SqlRecorder.insert(self._connection, [codec.to_row(recorded) for recorded in events])
        except IntegrityError as taken:
            raise StreamMoved(str(taken)) from taken
        for projector in HOT:
            projector.fold(self._connection, events)
        self.appended = events

    def remember(self, results: Sequence[Remembered]) -> None:
        """Keep answers."""
        rows = [
            (result.command_id.bytes, result.fingerprint, result.actor, result.position, orjson.dumps(result.answer))
            for result in results
        ]
        insert_rows(self._connection, schema.command_result, rows)

    def keep_drafts(self, drafts: Sequence[Draft], at: datetime) -> None:
        """Keep work that is not history."""
        rows = {
            (draft.task, draft.person): (
                draft.task,
                draft.person,
                draft.project,
                orjson.dumps(draft.result).decode(),
                None if draft.lead_time is None else str(draft.lead_time),
                draft.reason,
                microseconds(at),
            )
            for draft in drafts
        }
        upsert_rows(self._connection, schema.draft, list(rows.values()))

    def forget_drafts(self, of: Sequence[tuple[int, int]]) -> None:
        """Drop the drafts of these (task, person) pairs."""
        delete_keys(self._connection, schema.draft, of)

    def keep_webhook_secrets(self, secrets: Mapping[int, str | None]) -> None:
        """Keep or drop what webhooks sign with."""
        upsert_rows(self._connection, schema.webhook_secret, [(k, v) for k, v in secrets.items() if v is not None])
        delete_keys(self._connection, schema.webhook_secret, [(k,) for k, v in secrets.items() if v is None])

    def keep_credentials(self, said: Sequence[Credentials], at: datetime) -> None:
        """Keep what commands said of passwords and sessions."""
        credentials.keep(self._connection, said, at)

    def keep_read_marks(self, marks: Mapping[int, int]) -> None:
        """Keep how far people have read; a mark never goes back, and never beyond what there is."""
        if not marks:
            return
        found = select_keys(self._connection, schema.notification_mark, [(person,) for person in marks])
        known = {row[0]: row[1] for row in found}
        rows = [(who, max(min(up_to, self.head), known.get(who, 0))) for who, up_to in marks.items()]
        upsert_rows(self._connection, schema.notification_mark, rows)


def _draft(row: Sequence[Any]) -> Draft:
    project, task, person, result, lead_time, reason, saved_at = row
    seconds = float(lead_time) if lead_time is not None else None
    return Draft(project, task, person, orjson.loads(result), seconds, reason, moment(saved_at))


def _introduce(connection: Connection) -> None:
    """Note the version of hot read models that are new here."""
    known = {row[0] for row in execute(connection, "SELECT reader FROM hot_version").fetchall()}
    insert_rows(connection, schema.hot_version, [(hot.name, hot.version) for hot in HOT if hot.name not in known])


def _begun(connection: Connection) -> int:
    """The head of the log, for a transaction that may write; refused where a newer version has taken over."""
    head = 0
    known: dict[str, int] = {}
    for position, reader, version in execute(connection, BEGINS).fetchall():
        head, known[reader] = position or 0, version
    for hot in HOT:
        if known[hot.name] != hot.version:
            raise Superseded(
                f"{hot.name} is of version {known[hot.name]}, and this process knows version {hot.version}:"
                f" start the newer one in its place, or go back with `annolog projections rebuild {hot.name}`.",
                facts={"retry_after": 1},
            )
    return head


def _renewed(connection: Connection, projector: Projector, _: int) -> None:
    upsert_rows(connection, schema.hot_version, [(projector.name, projector.version)])


def read_streams(connection: Connection, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
    """The whole history of each stream, in order; an unknown stream has none."""
    found: dict[str, list[Recorded]] = {name: [] for name in names}
    for start in range(0, len(names), 500):
        condition, parameters = among(connection, schema.event.c.stream, names[start : start + 500])
        sql = f"SELECT {COLUMNS} FROM event WHERE {condition} ORDER BY stream, version"
        for row in execute(connection, sql, parameters):
            found[row[1]].append(codec.from_row(row))
    return found
