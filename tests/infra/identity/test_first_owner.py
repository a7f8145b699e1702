"""The token of the first owner, set beforehand: it speaks for them at every start, and never once it was revoked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from annolog.commands.people import ChangeOrganizationRole, NewPerson, RegisterPeople
from annolog.commands.personal import ErasePerson
from annolog.commands.tokens import RevokeToken
from annolog.domain.people.events import OrganizationRole
from annolog.domain.refusals import Unauthenticated
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings

TOKEN = "a-token-that-was-set-beforehand"


def started(folder: Path) -> Installation:
    return Installation(InstallationSettings(data_dir=folder, bootstrap_token=SecretStr(TOKEN)), parts=NOTHING)


def test_it_speaks_for_one_owner_however_often_the_installation_starts(tmp_path: Path) -> None:
    for _ in range(2):
        with started(tmp_path) as installation:
            owner = installation.person_of(TOKEN)
            assert (owner.handle, owner.role) == ("owner", OrganizationRole.OWNER)
            assert len(installation.directory.accounts) == 1


def test_what_was_revoked_stays_revoked(tmp_path: Path) -> None:
    with started(tmp_path) as installation:
        [token] = installation.directory.tokens_of(installation.person_of(TOKEN).id)
        installation.as_system(RevokeToken(token=token.id))
    with started(tmp_path) as installation, pytest.raises(Unauthenticated):
        installation.person_of(TOKEN)


@pytest.mark.parametrize("gone", ["demoted", "erased"])
def test_who_was_the_first_owner_and_is_none_any_more_is_given_nothing(tmp_path: Path, gone: str) -> None:
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING) as installation:
        people = [NewPerson(handle=handle, role=OrganizationRole.OWNER) for handle in ("owner", "another")]
        first = installation.as_system(RegisterPeople(people=people)).value["people"][0]["person"]
        if gone == "demoted":
            installation.as_system(ChangeOrganizationRole(person=first, role=OrganizationRole.MEMBER))
        else:
            installation.as_system(ErasePerson(person=first, handle="owner"))
    with started(tmp_path) as installation, pytest.raises(Unauthenticated):
        installation.person_of(TOKEN)
