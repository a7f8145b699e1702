"""The keys of people: one each, made once, destroyed for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from annolog.commands.vault import NoVault, SealBroken
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.refusals import InvalidInput, Unavailable, WrongState
from annolog.infra.databases import database_url
from annolog.infra.migrations.histories import KEYS_HISTORY, prepare
from annolog.infra.personal.keyring import Keyring
from annolog.infra.personal.sealing import new_key, seal
from annolog.infra.personal.vault import STALE_SECONDS, SqlVault, open_keys
from tests.infra.personal.conftest import OpenVault, Ticking
from tests.world import MovableClock

NAME, EMAIL = PersonalField.NAME, PersonalField.EMAIL


def bare_key(vault: SqlVault, person: int) -> bytes:
    return vault._keys([person])[person]


def test_every_process_opens_what_another_one_sealed(vault: OpenVault) -> None:
    one, other = vault(), vault()
    sealed = one.seal(5, NAME, "Ada")
    assert other.open(5, NAME, sealed) == "Ada"
    assert one.open(5, NAME, other.seal(5, NAME, "Augusta")) == "Augusta"
    with pytest.raises(SealBroken):
        other.open(5, EMAIL, sealed)
    other.seal(6, NAME, "Bob")
    with pytest.raises(SealBroken):
        other.open(6, NAME, sealed)


def test_processes_that_make_a_key_at_once_agree_on_one(vault: OpenVault) -> None:
    several = [vault() for _ in range(4)]
    with ThreadPoolExecutor(len(several)) as pool:
        list(pool.map(lambda one: one.provide(range(1, 60)), several))
    for person in range(1, 60):
        assert len({bare_key(one, person) for one in several}) == 1


def test_what_was_sealed_for_somebody_forgotten_opens_never_again(vault: OpenVault) -> None:
    one = vault()
    ada, bob = one.seal(5, NAME, "Ada"), one.seal(6, NAME, "Bob")
    assert one.forgotten_at(5) is None
    one.forget([5])
    assert one.open(5, NAME, ada) is None
    assert one.open(6, NAME, bob) == "Bob"
    assert one.forgotten_at(5) is not None
    assert vault().open(5, NAME, ada) is None


def test_forgetting_again_changes_nothing_and_no_process_makes_another_key(vault: OpenVault) -> None:
    one, late = vault(), vault()
    late.seal(6, NAME, "Bob")
    one.forget([5, 6])
    first = one.forgotten_at(5)
    one.forget([5, 6])
    assert one.forgotten_at(5) == first
    late.provide([5])
    with pytest.raises(WrongState):
        late.seal(5, NAME, "Ada")


def test_another_process_hears_of_a_destroyed_key_within_seconds(vault: OpenVault, ticking: Ticking) -> None:
    one, other = vault(), vault()
    sealed = one.seal(5, NAME, "Ada")
    assert other.open(5, NAME, sealed) == "Ada"
    one.forget([5])
    ticking.now += STALE_SECONDS
    assert other.open(5, NAME, sealed) is None


def test_what_was_said_is_known_again_until_somebody_is_forgotten(vault: OpenVault) -> None:
    one, other = vault(), vault()
    assert one.digest(b"Ada") == other.digest(b"Ada")
    assert one.digest(b"Ada") != one.digest(b"Bob")
    before = one.digest(b"Ada")
    one.forget([5])
    assert other.digest(b"Ada") == one.digest(b"Ada") != before
    again = one.digest(b"Ada")
    one.forget([5])
    assert one.digest(b"Ada") == again


def test_a_person_has_one_pseudonym_in_a_project_and_another_one_in_the_next(vault: OpenVault) -> None:
    one, other = vault(), vault()
    assert [one.pseudonyms(1)(person) for person in range(1, 100)] == [
        other.pseudonyms(1)(person) for person in range(1, 100)
    ]
    found = [one.pseudonyms(project)(person) for project in (1, 2) for person in range(1, 100)]
    assert len(set(found)) == len(found)
    assert all(0 < pseudonym < 2**53 for pseudonym in found)


def test_a_master_key_is_taken_up_replaced_and_given_up(vault: OpenVault) -> None:
    first, second = new_key(), new_key()
    sealed = vault().seal(5, NAME, "Ada")
    for current, previous in ((first, None), (second, first), (second, None), (None, second), (None, None)):
        assert vault(current, previous).open(5, NAME, sealed) == "Ada"
    vault(first)
    for wrong in (None, second):
        with pytest.raises(InvalidInput, match="ANNOLOG_MASTER_KEY"):
            vault(wrong)


def test_with_a_master_key_no_key_is_in_the_database(vault: OpenVault) -> None:
    one = vault(new_key())
    one.provide([5])
    key = bare_key(one, 5)
    with one._database.reader.connect() as connection:
        [kept] = connection.execute(text("SELECT key FROM person_key WHERE person = 5")).scalars()
    assert key not in bytes(kept)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[SqlVault]:
    """A vault in a file."""
    database = open_keys(database_url(str(tmp_path / "keys.db"), "keys"))
    prepare(database.writer, KEYS_HISTORY)
    yield SqlVault(database, Keyring(), MovableClock())
    database.dispose()


def test_keys_that_are_destroyed_are_in_no_file(embedded: SqlVault, tmp_path: Path) -> None:
    embedded.provide(range(1, 200))
    keys = {person: bare_key(embedded, person) for person in range(1, 200)}

    def in_files() -> set[int]:
        files = b"".join(file.read_bytes() for file in tmp_path.glob("keys.db*"))
        return {person for person, key in keys.items() if key in files}

    assert in_files() == set(keys)
    embedded.forget(range(50, 150))
    assert in_files() == set(keys) - set(range(50, 150))


def test_a_reader_that_keeps_old_keys_from_going_is_told_of_and_they_go_afterwards(
    embedded: SqlVault, tmp_path: Path
) -> None:
    embedded.provide([5])
    key = bare_key(embedded, 5)
    connection = embedded._database.writer.raw_connection()
    connection.cursor().execute("PRAGMA busy_timeout=50")
    connection.close()
    reader = sqlite3.connect(tmp_path / "keys.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM person_key").fetchone()
    with pytest.raises(Unavailable):
        embedded.forget([5])
    assert embedded.open(5, NAME, seal(key, 5, NAME, "Ada")) is None
    reader.close()
    embedded.forget([5])
    assert key not in b"".join(file.read_bytes() for file in tmp_path.glob("keys.db*"))


def test_the_file_of_the_keys_is_its_owners_alone(embedded: SqlVault, tmp_path: Path) -> None:
    embedded.provide([5])
    assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("keys.db*")} == {0}


def test_where_there_are_no_keys_nothing_personal_can_be_said() -> None:
    vault = NoVault()
    for refused in (
        lambda: vault.provide([5]),
        lambda: vault.seal(5, NAME, "Ada"),
        lambda: vault.open(5, NAME, Sealed("x")),
        lambda: vault.forget([5]),
        lambda: vault.digest(b"x"),
    ):
        with pytest.raises(Unavailable):
            refused()
