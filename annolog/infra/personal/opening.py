"""The vault of an installation, by its settings."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from annolog.commands.ports import Clock
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.databases import Database
from annolog.infra.personal.keyring import SETTING, Keyring, master_key
from annolog.infra.personal.vault import SqlVault
from annolog.infra.settings import InstallationSettings


def open_vault(settings: InstallationSettings, database: Database, clock: Clock) -> SqlVault:
    """The vault in a database whose tables are there; refused where its keys cannot be unwrapped."""
    keyring = Keyring(
        _given(settings.master_key, settings.master_key_file, SETTING),
        _given(settings.previous_master_key, settings.previous_master_key_file, "ANNOLOG_PREVIOUS_MASTER_KEY"),
    )
    return SqlVault(database, keyring, clock)


def _given(value: SecretStr | None, file: Path | None, setting: str) -> bytes | None:
    if value is not None and file is not None:
        message = f"is given twice: by itself and as {setting}_FILE"
        raise InvalidInput(f"{setting} {message}", faults=[Fault(setting, message)])
    if value is not None:
        return master_key(value.get_secret_value(), setting)
    return None if file is None else master_key(file.read_text(), f"{setting}_FILE")
