"""What an installation may be told: from the environment (`ANNOLOG_*`), then a TOML file, then these defaults.

Secrets come from the environment or from a file each (`ANNOLOG_*_FILE`), never from the TOML file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import URL

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.databases import database_url
from annolog.infra.identity.providers import ProviderSettings
from annolog.infra.peers import Networks, OneOrigin, Origins
from annolog.infra.secret_sources import NoSecretsInToml, SecretFiles
from annolog.projections.engine.parking import ParkingRules, WhenParked

LOG_FILE = "log.db"
READ_FILE = "read.db"
KEYS_FILE = "keys.db"

MEGABYTE = 1024 * 1024
MOST_BODY_BYTES = 10 * MEGABYTE


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
    previous_master_key: SecretStr | None = Field(default=None, description="The one before, while it is replaced.")
    kafka_bootstrap: str | None = Field(default=None, description="Kafka's brokers, as host:port,host:port.")
    kafka_topic: str = Field(default="annolog.events", pattern=r"^[a-zA-Z0-9._-]{1,200}$")
    kafka_partitions: int = Field(default=12, ge=1, le=1000, description="Of the topic; fixed once it exists.")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    bootstrap_token: SecretStr | None = Field(default=None, description="The token of the first owner.")
    most_body_bytes: int = Field(default=MOST_BODY_BYTES, description="Largest request body, imports excepted.")
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
    public_url: OneOrigin = Field(
        default=None, description="Where browsers find this, as https://labels.example; otherwise as they ask for it."
    )
    session_idle_minutes: float = Field(
        default=480, gt=0, description="How long somebody stays signed in while nothing is asked."
    )
    session_hours: float = Field(default=168, gt=0, description="How long somebody stays signed in at most.")
    failed_passwords_per_name: int = Field(
        default=10, ge=0, description="Within five minutes, by each process; then the name waits. 0 for any number."
    )
    failed_passwords_per_address: int = Field(
        default=100, ge=0, description="Within five minutes, by each process; then the address waits. 0 for any number."
    )
    providers: dict[str, ProviderSettings] = Field(
        default_factory=dict, description="Of single sign-on, by a name of yours; as JSON or as [providers.<name>]."
    )
    wait_seconds: float = Field(default=5.0, gt=0, description="Longest wait of a query for a position.")

    trusted_proxies: Networks = Field(
        default=(), description="Networks of the proxies before this, which say who the client is; with commas."
    )
    proxy_headers: Literal["x-forwarded", "forwarded"] = Field(
        default="x-forwarded", description="Whether they say it in X-Forwarded-For and -Proto, or in Forwarded."
    )
    allowed_origins: Origins = Field(
        default=(), description="Whose pages may use this API from a browser, as https://labels.example; with commas."
    )
    media_origins: Origins = Field(
        default=(), description="From where images, sounds and videos of tasks may come; any encrypted place if none."
    )
    full_editor_dir: Path | None = Field(
        default=None, description="Folder of Label Studio's editor; otherwise where `make editor` puts it."
    )
    cookies_from_allowed_origins: bool = Field(
        default=False, description="Whether those pages may also act for who is logged in here, without a token."
    )
    requests_per_minute_per_token: int = Field(default=6_000, ge=0, description="By each process; 0 for any number.")
    requests_per_minute_per_address: int = Field(default=12_000, ge=0, description="By each process; 0 for any number.")
    failed_tokens_per_minute_per_address: int = Field(
        default=60, ge=0, description="Requests without a valid token; then the address waits. 0 for any number."
    )

    @field_validator("cookies_from_allowed_origins")
    @classmethod
    def _not_from_everywhere(cls, cookies: bool, known: ValidationInfo) -> bool:
        if cookies and "*" in known.data.get("allowed_origins", ()):
            message = "with cookies, origins are named one by one: * would let any page act for who is logged in"
            raise InvalidInput(
                f"ANNOLOG_ALLOWED_ORIGINS: {message}", faults=[Fault("ANNOLOG_ALLOWED_ORIGINS", message)]
            )
        return cookies

    @property
    def origins_with_cookies(self) -> frozenset[str]:
        """Whose pages may act for who is logged in, beside our own."""
        return frozenset(self.allowed_origins if self.cookies_from_allowed_origins else ())

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
        """Arguments win over the environment, files with a secret each among it, the environment over the TOML file."""
        return (init_settings, SecretFiles(settings_cls), env_settings, NoSecretsInToml(settings_cls))
