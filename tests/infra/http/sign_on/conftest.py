"""A provider, and an installation to which one comes by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.identity.front_door import FrontDoor, front_door
from tests.infra.identity.issuer import Clock, Issuer, issuing
from tests.world import settings_in


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing(Clock()) as found:
        yield found


@pytest.fixture
def door(issuer: Issuer, tmp_path: Path) -> Iterator[FrontDoor]:
    with settings_in(tmp_path / "data") as settings, front_door(settings, issuer) as found:
        yield found


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes are told that there are pages to lead browsers to."""
    monkeypatch.setattr("starlette.datastructures.State.pages", True, raising=False)
