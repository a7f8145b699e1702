"""Who has an address: only what is new is opened, and what is gone is not found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from annolog.commands.known_by import KnownBy
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.personal import ErasePerson, RevisePerson
from annolog.domain.people.state import Directory
from tests.world import Backend, World, world_in

HERE = (1, "")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path, Backend.EMBEDDED) as found:
        yield found


def registered(world: World, count: int) -> list[int]:
    people = [NewPerson(handle=f"p{n}", email=SecretStr(f"P{n}@example.org")) for n in range(count)]
    found = world.installation.as_system(RegisterPeople(people=people)).value["people"]
    return [row["person"] for row in found]


def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many values were opened since the last time somebody asked."""
    opened: list[int] = []
    real = world.installation.vault.open

    def open_one(person: int, *more: object) -> str | None:
        opened.append(person)
        return real(person, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(world.installation.vault, "open", open_one)

    def since() -> int:
        found = len(opened)
        opened.clear()
        return found

    return since


def test_of_many_people_only_who_changed_is_opened_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = registered(world, 150)
    known, opened = KnownBy(world.installation.vault), counted(world, monkeypatch)
    assert known.addresses.people(world.installation.directory, HERE, "p7@EXAMPLE.org") == [people[7]]
    assert opened() == 150
    world.installation.as_system(RevisePerson(person=people[7], email=SecretStr("p8@example.org")))
    opened()
    there = world.installation.directory
    assert known.addresses.people(there, HERE, "p8@example.org") == [people[7], people[8]]
    assert known.addresses.people(there, HERE, "p7@example.org") == []
    assert opened() == 1


def test_who_is_erased_is_found_by_nothing_and_a_state_from_before_is_still_right(world: World) -> None:
    people = registered(world, 3)
    known = KnownBy(world.installation.vault)
    before = world.installation.directory
    assert known.addresses.people(before, HERE, "p1@example.org") == [people[1]]
    world.installation.as_system(ErasePerson(person=people[1], handle="p1"))
    for there, found in ((world.installation.directory, []), (Directory(), [])):
        assert known.addresses.people(there, HERE, "p1@example.org") == found
    assert known.addresses.people(before, HERE, "p2@example.org") == [people[2]]
    assert known.addresses.people(Directory(), HERE, "p2@example.org") == []
