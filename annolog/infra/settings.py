"""What an installation may be told: from the environment (`ANNOLOG_*`), then a TOML file, then these defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

MEGABYTE = 1024 * 1024


class InstallationSettings(BaseSettings):
    """Where data lives, and where and how the server listens."""

    model_config = SettingsConfigDict(env_prefix="ANNOLOG_", toml_file="annolog.toml", extra="ignore")

    data_dir: Path = Field(default=Path("annolog-data"), description="Folder of the embedded databases.")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    bootstrap_token: SecretStr | None = Field(default=None, description="The token of the first owner.")
    most_body_bytes: int = Field(default=10 * MEGABYTE, description="Largest request body, imports excepted.")
    most_import_bytes: int = Field(default=512 * MEGABYTE, description="Largest import.")
    sweep_seconds: float = Field(default=1.0, gt=0, description="How often reservations that ran out are ended.")
    wait_seconds: float = Field(default=5.0, gt=0, description="Longest wait of a query for a position.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))
