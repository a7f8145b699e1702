"""Every command by every role: what is allowed goes through, what is closed looks as if it were not there."""

from __future__ import annotations

import pytest

from annolog.commands.command import Command
from annolog.commands.registry import HANDLERS
from annolog.domain.refusals import Forbidden, NotFound
from tests.commands.commands_table import ORGANIZATION_WIDE, ROLES, TABLE
from tests.world import World


def test_the_table_has_every_command() -> None:
    assert set(TABLE) == {kind for kind in HANDLERS if kind.__module__.startswith("annolog.")}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_every_role_may_do_what_it_is_for_and_nothing_else(office: World, kind: type[Command], role: str) -> None:
    may, told = TABLE[kind]
    command = told(office, role)
    head = office.installation.log.head()
    if role in may:
        office.run(command, role)
        return
    hidden = role == "stranger" and kind not in ORGANIZATION_WIDE
    with pytest.raises(NotFound if hidden else Forbidden):
        office.run(command, role)
    assert office.installation.log.head() == head
