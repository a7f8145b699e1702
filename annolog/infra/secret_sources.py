"""Where secrets come from: the environment, or a file of their own that it names; not a file that gets copied about."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.telemetry.masking import SECRET_NAME

FILE = "_FILE"
# Options of others, with passwords among them.
HOLDING_SECRETS = frozenset({"kafka_options"})


def is_secret(name: str, field: FieldInfo) -> bool:
    """Whether a setting is, or may hold, what nobody else should know."""
    return name in HOLDING_SECRETS or _names_secret(field.annotation)


def secrets_of(settings: type[BaseSettings]) -> Iterator[tuple[str, FieldInfo]]:
    """Every setting that is a secret."""
    return ((name, field) for name, field in settings.model_fields.items() if is_secret(name, field))


def _names_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(_names_secret(part) for part in get_args(annotation))


def secret_in_file(setting: str, environment: Mapping[str, str]) -> str | None:
    """The secret in the file that `<setting>_FILE` names, None without one; refused if it is given by itself too."""
    place = environment.get(setting + FILE, "")
    if not place:
        return None
    if environment.get(setting):
        raise _refusal(setting + FILE, f"{setting} is given as well: one of the two is meant")
    return _content(Path(place), setting + FILE)


class SecretFiles(PydanticBaseSettingsSource):
    """Reads a secret `X` from the file that `ANNOLOG_X_FILE` names, as Docker and Kubernetes hand them over."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The secret in the file, None if no file is named."""
        environment = {name.upper(): value for name, value in os.environ.items()}
        setting = f"{self.config.get('env_prefix', '')}{field_name}".upper()
        secret = secret_in_file(setting, environment)
        return secret, field_name, secret is not None and field_name in HOLDING_SECRETS

    def __call__(self) -> dict[str, Any]:
        """All that is in files."""
        found: dict[str, Any] = {}
        for name, field in secrets_of(self.settings_cls):
            value, key, is_complex = self.get_field_value(field, name)
            if value is not None:
                found[key] = self._decoded(key, field, value) if is_complex else value
        return found

    def _decoded(self, name: str, field: FieldInfo, value: str) -> object:
        try:
            return self.decode_complex_value(name, field, value)
        except ValueError:
            # Without what was found there: it may be half a secret.
            setting = f"{self.config.get('env_prefix', '')}{name}".upper() + FILE
            raise _refusal(setting, "names a file that holds no JSON") from None


class NoSecretsInToml(TomlConfigSettingsSource):
    """Reads the TOML file, and refuses it with a secret inside: it lies beside code, is copied, and is shown around."""

    def __call__(self) -> dict[str, Any]:
        """What the file says."""
        found = super().__call__()
        prefix = str(self.config.get("env_prefix", ""))
        for name, _ in secrets_of(self.settings_cls):
            options = found.get(name)
            inside = [option for option in options if SECRET_NAME.search(option)] if isinstance(options, dict) else []
            if inside or (name in found and name not in HOLDING_SECRETS):
                place = f"{name}.{inside[0]}" if inside else name
                setting = f"{prefix}{name}".upper()
                message = f"is a secret: give it as {setting}, or in a file that {setting}{FILE} names"
                raise _refusal(place, f"in {self.config.get('toml_file')} {message}")
        return found


def _content(path: Path, setting: str) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) else "it is no text"
        raise _refusal(setting, f"{path} cannot be read: {reason}") from None
    secret = text.rstrip("\r\n")
    if not secret.strip():
        raise _refusal(setting, f"{path} is empty")
    return secret


def _refusal(setting: str, message: str) -> InvalidInput:
    return InvalidInput(f"{setting}: {message}", faults=[Fault(setting, message)])
