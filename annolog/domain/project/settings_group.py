"""What every group of settings has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class SettingsGroup(BaseModel):
    """One group of settings: frozen, and strict about names, so that a misspelt setting is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
