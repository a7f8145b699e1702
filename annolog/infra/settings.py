"""What an installation may be told: from the environment (`ANNOLOG_*`), then a TOML file, then these defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from sqlalchemy import URL

from annolog.infra.databases import database_url
from annolog.projections.engine.parking import ParkingRules, WhenParked

LOG_FILE = "log.db"
READ_FILE = "read.db"
KEYS_FILE = "keys.db"

MEGABYTE = 1024 * 1024


class InstallationSettings(BaseSettings):
    """Where data lives, and where and how the server listens."""

    model_config = SettingsConfigDict(env_prefix="ANNOLOG_", toml_file="annolog.toml", extra="ignore")

    data_dir: Path = Field(default=Path("annolog-data"), description="Folder of the embedded databases.")
    log_url: SecretStr | None = Field(
        default=None, description="SQLAlchemy URL of the log; otherwise a file in data_dir."
    )
    read_url: SecretStr | None = Field(
        default=None, description="The same for the read models; otherwise beside a log on PostgreSQL, or a file too."
    )
    keys_url: SecretStr | None = Field(
        default=None,
        description="The same for the keys of personal data; otherwise beside the log.",
    )
    master_key: SecretStr | None = Field(default=None, description="Wraps those keys: 32 random bytes in base64.")
    master_key_file: Path | None = Field(default=None, description="Instead: a file that holds it.")
    previous_master_key: SecretStr | None = Field(default=None, description="The one before, while it is replaced.")
    previous_master_key_file: Path | None = Field(default=None, description="Instead: a file that holds that.")
    kafka_bootstrap: str | None = Field(default=None, description="Kafka's brokers, as host:port,host:port.")
    kafka_topic: str = Field(default="annolog.events", pattern=r"^[a-zA-Z0-9._-]{1,200}$")
    kafka_partitions: int = Field(default=12, ge=1, le=1000, description="Of the topic; fixed once it exists.")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    bootstrap_token: SecretStr | None = Field(default=None, description="The token of the first owner.")
    most_body_bytes: int = Field(default=10 * MEGABYTE, description="Largest request body, imports excepted.")
    most_import_bytes: int = Field(default=512 * MEGABYTE, description="Largest import.")
    sweep_seconds: float = Field(default=1.0, gt=0, description="How often reservations that ran out are ended.")
    fit_seconds: float = Field(
        default=5.0, ge=0, description="How often models of people's answers are looked at; 0 for never."
    )
    kafka_options: dict[str, Any] = Field(
        default_factory=dict, description="Given to every client of Kafka, such as security_protocol; as JSON."
    )
    when_parked: WhenParked = Field(
        default=WhenParked.WAIT, description="What later events of a project do when one cannot be folded."
    )
    most_parked: int = Field(
        default=1_000, ge=1, description="Events that a read model or a reaction may park before it stands still."
    )
    most_lag: int = Field(
        default=1_000_000, ge=1, description="Events that read models may be behind before commands are refused."
    )
    log_format: Literal["console", "json"] = Field(default="console", description="Of the lines on standard error.")
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    traces: Literal["none", "otlp", "console"] = Field(default="none", description="Where OpenTelemetry traces go.")
    trace_share: float = Field(default=1.0, ge=0, le=1, description="Share of all traces that are looked at.")
    webhooks_to_private_addresses: bool = Field(
        default=False, description="Whether webhooks may send to this machine and to private networks."
    )
    webhook_retry_seconds: float = Field(
        default=1.0, gt=0, le=300, description="From a webhook's first failure to the next try; then twice as long."
    )
    wait_seconds: float = Field(default=5.0, gt=0, description="Longest wait of a query for a position.")

    @property
    def place(self) -> str:
        """Where everything is kept, to be shown: without a password."""
        return str(self.data_dir) if self.log_url is None else self.log_database.render_as_string(hide_password=True)

    @property
    def parking(self) -> ParkingRules:
        """What read models do with events that cannot be folded."""
        return ParkingRules(self.when_parked, self.most_parked)

    @property
    def log_database(self) -> URL:
        """Where the log is."""
        if self.log_url is None:
            return database_url(str(self.data_dir / LOG_FILE), "data_dir")
        return database_url(self.log_url.get_secret_value(), "ANNOLOG_LOG_URL")

    @property
    def read_database(self) -> URL:
        """Where the read models are."""
        if self.read_url is not None:
            return database_url(self.read_url.get_secret_value(), "ANNOLOG_READ_URL")
        log = self.log_database
        return (
            log if log.get_backend_name() == "postgresql" else database_url(str(self.data_dir / READ_FILE), "data_dir")
        )

    @property
    def keys_database(self) -> URL:
        """Where the keys of personal data are."""
        if self.keys_url is not None:
            return database_url(self.keys_url.get_secret_value(), "ANNOLOG_KEYS_URL")
        log = self.log_database
        return (
            log if log.get_backend_name() == "postgresql" else database_url(str(self.data_dir / KEYS_FILE), "data_dir")
        )

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
