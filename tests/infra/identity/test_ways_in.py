"""What people are given to come in by: it is pasted into command lines and found by scanners."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from annolog.infra.composition import NOTHING, Installation
from annolog.infra.identity.ways_in import new_secret, new_token
from annolog.infra.settings import InstallationSettings
from tests.infra.cli.terminal import answer

WORST = "-" * 43
"""One random text in 64 begins like an option."""


@pytest.fixture(autouse=True)
def worst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: WORST)


def test_what_is_handed_out_says_what_it_is() -> None:
    assert new_token() == f"annolog_{WORST}"
    assert new_secret() == f"invitation_{WORST}"


def test_whatever_the_secret_is_it_can_be_pasted_into_a_command_line(tmp_path: Path) -> None:
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING):
        pass
    secret = answer("people", "invite", "--role", "owner", "--data-dir", tmp_path)["secret"]
    joined = answer("join", secret, "--handle", "ada", "--no-password", "--data-dir", tmp_path)
    assert joined["handle"] == "ada"
    assert joined["secret"] == new_token()
