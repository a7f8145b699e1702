"""The keys of people in a database of their own, made when first needed and destroyed for good."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from time import monotonic

from sqlalchemy import URL, Connection, Executable, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from annolog.commands.ports import Clock
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.refusals import Unavailable, WrongState
from annolog.infra.databases import Database, open_database
from annolog.infra.personal.keyring import Keyring
from annolog.infra.personal.schema import person_key, vault_secret
from annolog.infra.personal.scrubbing import keep_no_examples, keep_nothing_deleted, scrub
from annolog.infra.personal.sealing import new_key, seal, unseal
from annolog.projections.engine.moments import microseconds, moment
from annolog.projections.engine.parking import is_outage
from annolog.projections.engine.statements import is_postgresql

# A key that another process destroys may be used here for so long, by whoever has not heard of the erasure either.
STALE_SECONDS = 5.0
TOGETHER = 500
SECRETS = FINGERPRINTS, PSEUDONYMS, BROWSERS = "fingerprints", "pseudonyms", "browsers"
LARGEST_PSEUDONYM = 2**53 - 1


def open_keys(url: URL) -> Database:
    """The keys' database; a file that only its owner may read. No error repeats what was to be written."""
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    database = open_database(url, durable=True)
    for engine in (database.writer, database.reader):
        engine.hide_parameters = True
    keep_nothing_deleted(database.writer)
    return database


class SqlVault:
    """The vault that commands seal with. Its tables must be there."""

    def __init__(
        self, database: Database, keyring: Keyring, clock: Clock, ticking: Callable[[], float] = monotonic
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._clock = clock
        self._ticking = ticking
        self._known: dict[int, tuple[bytes, float]] = {}
        self._adopt()

    def provide(self, people: Sequence[int]) -> None:
        """See to it that each of these people has a key, unless theirs was destroyed."""
        missing = sorted(set(people) - self._keys(people).keys())
        if not missing:
            return
        now = microseconds(self._clock())
        rows = [
            {"person": person, "key": self._keyring.wrap(_name(person), new_key()), "created_at": now}
            for person in missing
        ]
        with self._reached(), self._database.writer.begin() as connection:
            # Another process may have made one a moment ago; then that is the key.
            connection.execute(_unless_there(connection, person_key), rows)

    def seal(self, person: int, field: PersonalField, value: str) -> Sealed:
        """A value that only this person's key opens, as this field."""
        self.provide([person])
        key = self._keys([person]).get(person)
        if key is None:
            raise WrongState(f"The key of person {person} was destroyed.")
        return seal(key, person, field, value)

    def open(self, person: int, field: PersonalField, sealed: Sealed) -> str | None:
        """The value, None once the key is destroyed; raises `SealBroken` if it does not fit."""
        if not sealed:
            return None
        key = self._keys([person]).get(person)
        return None if key is None else unseal(key, person, field, sealed)

    def warm(self, people: Sequence[int]) -> None:
        """Have the keys of these people at hand, found together rather than one by one."""
        self._keys(people)

    def forget(self, people: Sequence[int]) -> None:
        """Destroy the keys of these people, for good, and what the database would keep of them.

        Raises if anybody keeps that from being done; doing it again then goes on from there.
        """
        if not people:
            return
        with self._reached():
            with self._database.writer.begin() as connection:
                for start in range(0, len(people), TOGETHER):
                    self._destroy(connection, people[start : start + TOGETHER])
            for person in people:
                self._known.pop(person, None)
            scrub(self._database.writer)

    def forgotten_at(self, person: int) -> datetime | None:
        """When a person's key was destroyed, None while it is not."""
        query = select(person_key.c.forgotten_at).where(person_key.c.person == person)
        with self._reached(), self._database.reader.connect() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else moment(found)

    def digest(self, said: bytes) -> bytes:
        """What tells whether the same was said before. The secret is another one once anybody is forgotten."""
        return blake2b(said, key=self._secret(FINGERPRINTS), digest_size=16).digest()

    def browser_key(self) -> bytes:
        """What seals what browsers keep for us: the same for every process, 32 bytes."""
        return self._secret(BROWSERS)

    def pseudonyms(self, project: int) -> Callable[[int], int]:
        """Another number for each person: always the same in a project, and never told from that in another one."""
        secret = self._secret(PSEUDONYMS)

        def pseudonym(person: int) -> int:
            found = hmac.digest(secret, f"{project}:{person}".encode(), "sha256")
            return int.from_bytes(found[:8], "big") % LARGEST_PSEUDONYM + 1

        return pseudonym

    def _keys(self, people: Sequence[int]) -> dict[int, bytes]:
        """The keys of those who have one; what was looked up a moment ago is not looked up again."""
        now = self._ticking()
        found = {
            person: known[0]
            for person in people
            if (known := self._known.get(person)) is not None and now - known[1] < STALE_SECONDS
        }
        missing = [person for person in dict.fromkeys(people) if person not in found]
        for start in range(0, len(missing), TOGETHER):
            for person, key in self._looked_up(missing[start : start + TOGETHER]):
                self._known[person] = key, now
                found[person] = key
        for person in missing:
            if person not in found:
                self._known.pop(person, None)
        return found

    def _looked_up(self, people: Sequence[int]) -> list[tuple[int, bytes]]:
        query = select(person_key.c.person, person_key.c.key).where(
            person_key.c.person.in_(people), person_key.c.key.is_not(None)
        )
        with self._reached(), self._database.reader.connect() as connection:
            rows = connection.execute(query).fetchall()
        return [(person, self._keyring.unwrap(_name(person), kept)) for person, kept in rows]

    def _destroy(self, connection: Connection, people: Sequence[int]) -> None:
        """What remains of a key is that there is none, so that no process that is late makes another one."""
        now = microseconds(self._clock())
        rows = [{"person": person, "created_at": now} for person in people]
        connection.execute(_unless_there(connection, person_key), rows)
        theirs = person_key.c.person.in_(people) & person_key.c.forgotten_at.is_(None)
        if connection.execute(update(person_key).where(theirs).values(key=None, forgotten_at=now)).rowcount:
            self._renew(connection, FINGERPRINTS)

    def _secret(self, name: str) -> bytes:
        query = select(vault_secret.c.key).where(vault_secret.c.name == name)
        with self._reached(), self._database.reader.connect() as connection:
            return self._keyring.unwrap(name, connection.execute(query).scalar_one())

    def _renew(self, connection: Connection, name: str) -> None:
        kept = self._keyring.wrap(name, new_key())
        connection.execute(update(vault_secret).where(vault_secret.c.name == name).values(key=kept))

    def _adopt(self) -> None:
        """Make what is always there, and keep every key as the master key of today has it."""
        with self._reached():
            with self._database.writer.begin() as connection:
                rows = [{"name": name, "key": self._keyring.wrap(name, new_key())} for name in SECRETS]
                keep_no_examples(connection)
                connection.execute(_unless_there(connection, vault_secret), rows)
                changed = self._wrap_anew(connection)
            if changed:
                scrub(self._database.writer)

    def _wrap_anew(self, connection: Connection) -> int:
        changed = 0
        for name, kept in connection.execute(select(vault_secret.c.name, vault_secret.c.key)).fetchall():
            # Looked into even where it stays: a wrong master key is found when a process starts, not when it is needed.
            key = self._keyring.unwrap(name, kept)
            if not self._keyring.is_current(kept):
                again = self._keyring.wrap(name, key)
                connection.execute(update(vault_secret).where(vault_secret.c.name == name).values(key=again))
                changed += 1
        keys = select(person_key.c.person, person_key.c.key).where(person_key.c.key.is_not(None))
        for person, kept in connection.execute(keys).fetchall():
            if not self._keyring.is_current(kept):
                again = self._keyring.wrap(_name(person), self._keyring.unwrap(_name(person), kept))
                connection.execute(update(person_key).where(person_key.c.person == person).values(key=again))
                changed += 1
        return changed

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as trouble:
            if not is_outage(trouble):
                raise
            message = "The keys of personal data cannot be reached."
            raise Unavailable(message, facts={"retry_after": 1}) from trouble


def _name(person: int) -> str:
    return f"person/{person}"


def _unless_there(connection: Connection, table: Table) -> Executable:
    """Insert rows whose keys are not there yet."""
    if is_postgresql(connection):
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
