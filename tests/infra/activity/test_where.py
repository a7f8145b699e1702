"""Where somebody is, and how much of that is kept of nobody known."""

from __future__ import annotations

from annolog.infra.activity.where import neighbourhood


def test_of_nobody_known_only_the_network_is_kept() -> None:
    assert neighbourhood("192.0.2.7") == "192.0.2.0/24"
    assert neighbourhood("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert neighbourhood("somebody@example.org") == ""
