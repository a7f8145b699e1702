from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from annolog.infra.composition import EVERYTHING, Installation, Part
from annolog.infra.settings import InstallationSettings
from tests.world import Backend, settings_in

Open = Callable[..., Installation]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[InstallationSettings]:
    """A scaled-out installation that nothing has happened in."""
    with settings_in(tmp_path, Backend.SCALED_OUT) as found:
        yield found


@pytest.fixture
def opened(settings: InstallationSettings) -> Iterator[Open]:
    """Opens the installation as often as one likes, as so many processes would, each with some parts."""
    with ExitStack() as stack:

        def open_one(*parts: Part, **more: object) -> Installation:
            changed = settings.model_copy(update=more)
            return stack.enter_context(Installation(changed, parts=frozenset(parts) if parts else EVERYTHING))

        yield open_one
