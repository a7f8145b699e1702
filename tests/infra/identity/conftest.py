"""An issuer, and our side of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.infra.identity.issuer import Clock, Desk, Issuer, issuing


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing(Clock()) as found:
        yield found


@pytest.fixture
def desk(issuer: Issuer) -> Desk:
    return Desk(issuer)
