"""Where somebody is, and how much of that is kept of nobody known."""

from __future__ import annotations

from annolog.infra.activity.where import Unsealed, address_of, neighbourhood, opened


class Backwards:
    """Seals by writing an address backwards, with whose it is."""

    def seal(self, person: int, address: str) -> str:
        return f"{person}:{address[::-1]}"

    def open(self, person: int, sealed: str) -> str:
        return sealed.removeprefix(f"{person}:")[::-1]


def test_a_request_comes_from_the_address_of_its_connection() -> None:
    assert address_of({"type": "http", "client": ("192.0.2.7", 999)}) == "192.0.2.7"
    assert address_of({"type": "http", "client": None}) == ""


def test_of_nobody_known_only_the_network_is_kept() -> None:
    assert neighbourhood("192.0.2.7") == "192.0.2.0/24"
    assert neighbourhood("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert neighbourhood("somebody@example.org") == ""


def test_an_address_is_opened_for_its_person_and_that_of_nobody_known_is_left_as_it_is() -> None:
    seal = Backwards()
    assert opened({"person": 5, "address": seal.seal(5, "192.0.2.7")}, seal)["address"] == "192.0.2.7"
    assert opened({"person": None, "address": "192.0.2.0/24"}, seal)["address"] == "192.0.2.0/24"
    assert Unsealed().open(5, Unsealed().seal(5, "192.0.2.7")) == "192.0.2.7"
