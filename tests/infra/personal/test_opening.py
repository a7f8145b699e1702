"""Where the keys are and what wraps them, as settings say it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import SecretStr

from annolog.commands.people import NewPerson, RegisterPeople
from annolog.domain.refusals import InvalidInput
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.personal.showing import named
from annolog.infra.settings import InstallationSettings

MASTER, OTHER = (b64encode(bytes([number] * 32)).decode() for number in (1, 2))


def names(settings: InstallationSettings) -> list[str | None]:
    with Installation(settings, parts=NOTHING) as installation:
        installation.as_system(RegisterPeople(people=[NewPerson(handle="ann", name="Ann")]))
        rows = named(installation.vault, list(installation.directory.accounts.values()))
        return [row["name"] for row in rows]


def test_the_master_key_comes_from_a_file_or_the_environment_and_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "master"
    file.write_text(f"{MASTER}\n")
    monkeypatch.setenv("ANNOLOG_MASTER_KEY_FILE", str(file))
    assert names(InstallationSettings(data_dir=tmp_path)) == ["Ann"]
    monkeypatch.delenv("ANNOLOG_MASTER_KEY_FILE")
    with pytest.raises(InvalidInput, match="ANNOLOG_MASTER_KEY"):
        names(InstallationSettings(data_dir=tmp_path))
    monkeypatch.setenv("ANNOLOG_MASTER_KEY", OTHER)
    monkeypatch.setenv("ANNOLOG_PREVIOUS_MASTER_KEY_FILE", str(file))
    assert names(InstallationSettings(data_dir=tmp_path)) == ["Ann"]
    monkeypatch.delenv("ANNOLOG_PREVIOUS_MASTER_KEY_FILE")
    assert names(InstallationSettings(data_dir=tmp_path)) == ["Ann"]


def test_no_process_starts_with_a_wrong_master_key_and_none_is_told(tmp_path: Path) -> None:
    right = InstallationSettings(data_dir=tmp_path, master_key=SecretStr(MASTER))
    assert names(right) == ["Ann"]
    for changes in ({"master_key": None}, {"master_key": SecretStr(OTHER)}):
        with pytest.raises(InvalidInput, match="ANNOLOG_MASTER_KEY") as refused:
            names(right.model_copy(update=changes))
        assert MASTER not in str(refused.value)
        assert OTHER not in str(refused.value)


def test_the_keys_may_be_somewhere_else(tmp_path: Path) -> None:
    elsewhere = tmp_path / "vault" / "apart.db"
    settings = InstallationSettings(data_dir=tmp_path / "data", keys_url=SecretStr(f"sqlite:///{elsewhere}"))
    assert names(settings) == ["Ann"]
    assert elsewhere.exists()
    assert not (tmp_path / "data" / "keys.db").exists()
    # Without them there is the pseudonym, and nothing breaks.
    assert names(settings.model_copy(update={"keys_url": None})) == [None]
