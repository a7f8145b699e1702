"""The vault of an installation, by its settings."""

from __future__ import annotations

from pydantic import SecretStr

from annolog.commands.ports import Clock
from annolog.infra.databases import Database
from annolog.infra.personal.keyring import PREVIOUS, SETTING, Keyring, master_key
from annolog.infra.personal.vault import SqlVault
from annolog.infra.settings import InstallationSettings


def open_vault(settings: InstallationSettings, database: Database, clock: Clock) -> SqlVault:
    """The vault in a database whose tables are there; refused where its keys cannot be unwrapped."""
    keyring = Keyring(_given(settings.master_key, SETTING), _given(settings.previous_master_key, PREVIOUS))
    return SqlVault(database, keyring, clock)


def _given(value: SecretStr | None, setting: str) -> bytes | None:
    return None if value is None else master_key(value.get_secret_value(), setting)
