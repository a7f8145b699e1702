"""Keys of erased people are destroyed until every one of them is gone, and what keeps that from happening is told."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, sleep

from annolog.commands.vault import NoVault
from annolog.domain.people.events import OrganizationRole, PersonErased, PersonRegistered
from annolog.domain.people.state import Directory, fold
from annolog.domain.refusals import Unavailable
from annolog.services.erasing import KeyDestruction


class Counting(NoVault):
    """A vault that notes whom it was told to forget, and may be out of reach."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.trouble: Exception | None = None

    def forget(self, people: Sequence[int]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append(list(people))


def erased(*people: int) -> Directory:
    facts = [
        event
        for person in people
        for event in (
            PersonRegistered(person=person, handle=str(person), role=OrganizationRole.MEMBER),
            PersonErased(person=person, certificate="c"),
        )
    ]
    return fold(Directory(), facts)


def test_every_process_sees_to_all_keys_once_and_later_to_those_that_are_new() -> None:
    vault, there = Counting(), erased(3, 5)
    destruction = KeyDestruction(lambda: there, vault, 1)
    assert [destruction.sweep(), destruction.sweep()] == [2, 0]
    there = erased(3, 5, 4)
    assert destruction.sweep() == 1
    assert [people for people in vault.asked if people] == [[3, 5], [4]]


def test_what_keeps_a_key_from_going_is_told_and_tried_again() -> None:
    vault = Counting()
    vault.trouble = Unavailable("The keys of personal data cannot be reached.")
    destruction = KeyDestruction(lambda: erased(3), vault, 0.01)
    destruction.start()

    def wait_for_trouble(words: str | None) -> None:
        deadline = monotonic() + 10
        while not (destruction.trouble is None if words is None else words in (destruction.trouble or "")):
            assert monotonic() < deadline
            sleep(0.005)

    try:
        wait_for_trouble("cannot be reached")
        vault.trouble = ValueError("a defect")
        wait_for_trouble("a defect")
        vault.trouble = None
        wait_for_trouble(None)
    finally:
        destruction.stop()
    assert vault.asked[0] == [3]
