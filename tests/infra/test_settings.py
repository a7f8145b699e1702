"""Settings: lists with commas, secrets from files of their own and from nowhere else, and words for what is wrong."""

from __future__ import annotations

import json
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from annolog.domain.refusals import InvalidInput
from annolog.infra.secret_sources import secrets_of
from annolog.infra.settings import InstallationSettings
from tests.infra.cli.terminal import annolog

SECRETS = [name for name, _ in secrets_of(InstallationSettings)]


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in InstallationSettings.model_fields:
        for suffix in ("", "_FILE"):
            monkeypatch.delenv(f"ANNOLOG_{name.upper()}{suffix}", raising=False)
    monkeypatch.chdir(tmp_path)


def a_file(folder: Path, content: str | bytes) -> str:
    path = folder / "secret"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_the_secrets_are_known() -> None:
    assert {"log_url", "read_url", "bootstrap_token", "kafka_options"} <= set(SECRETS)
    assert "host" not in SECRETS


@pytest.mark.parametrize("name", [name for name in SECRETS if name != "kafka_options"])
def test_every_secret_may_be_in_a_file(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"ANNOLOG_{name.upper()}_FILE", a_file(tmp_path, " se cret=\n"))
    value = getattr(InstallationSettings(), name)
    assert isinstance(value, SecretStr)
    assert value.get_secret_value() == " se cret="


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n"])
def test_the_end_of_the_line_is_not_part_of_the_secret(
    ending: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANNOLOG_BOOTSTRAP_TOKEN_FILE", a_file(tmp_path, f"token{ending}"))
    token = InstallationSettings().bootstrap_token
    assert token is not None
    assert token.get_secret_value() == "token"


def test_options_with_passwords_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    options = {"sasl_plain_password": "hidden", "security_protocol": "SASL_SSL"}
    monkeypatch.setenv("ANNOLOG_KAFKA_OPTIONS_FILE", a_file(tmp_path, json.dumps(options)))
    assert InstallationSettings().kafka_options == options
    monkeypatch.setenv("ANNOLOG_KAFKA_OPTIONS_FILE", a_file(tmp_path, '{"sasl_plain_password": "hidden"'))
    with pytest.raises(InvalidInput, match="ANNOLOG_KAFKA_OPTIONS_FILE") as refused:
        InstallationSettings()
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("content", ["", "\n", "  \n", b"\xff\xfe"])
def test_a_file_without_a_secret_is_refused_by_name(
    content: str | bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANNOLOG_LOG_URL_FILE", a_file(tmp_path, content))
    with pytest.raises(InvalidInput, match="ANNOLOG_LOG_URL_FILE"):
        InstallationSettings()


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_file_that_cannot_be_read_is_refused_by_name(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOLOG_LOG_URL_FILE", place)
    with pytest.raises(InvalidInput, match=f"ANNOLOG_LOG_URL_FILE: {place} cannot be read"):
        InstallationSettings()


def test_a_secret_that_is_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANNOLOG_BOOTSTRAP_TOKEN_FILE", a_file(tmp_path, "one"))
    monkeypatch.setenv("annolog_bootstrap_token", "two")
    with pytest.raises(InvalidInput, match="ANNOLOG_BOOTSTRAP_TOKEN is given as well"):
        InstallationSettings()
    # What a compose file passes on though nobody has set it is not given.
    monkeypatch.setenv("annolog_bootstrap_token", "")
    token = InstallationSettings().bootstrap_token
    assert token is not None
    assert token.get_secret_value() == "one"


def test_what_is_no_secret_is_in_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANNOLOG_KAFKA_TOPIC_FILE", a_file(tmp_path, "other"))
    assert InstallationSettings().kafka_topic == "annolog.events"


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('bootstrap_token = "hidden"', "bootstrap_token"),
        ('log_url = "postgresql://me:hidden@db/log"', "log_url"),
        ('kafka_options = {sasl_plain_password = "hidden"}', "kafka_options.sasl_plain_password"),
    ],
)
def test_a_secret_in_the_toml_file_is_refused_by_name_and_not_shown(toml: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "annolog.toml").write_text(f"port = 9000\n{toml}\n")
    with pytest.raises(InvalidInput, match=named) as refused:
        InstallationSettings()
    assert f"ANNOLOG_{named.partition('.')[0].upper()}_FILE" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_the_rest_may_be_in_the_toml_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = ["port = 9000", 'host = "0.0.0.0"', 'trusted_proxies = ["10.0.0.0/8", "::1"]']
    lines += ['allowed_origins = ["https://a.example"]', 'kafka_options = {security_protocol = "SSL"}']
    (tmp_path / "annolog.toml").write_text("\n".join(lines))
    monkeypatch.setenv("ANNOLOG_PORT", "9001")
    found = InstallationSettings()
    assert (found.port, found.host, found.kafka_options) == (9001, "0.0.0.0", {"security_protocol": "SSL"})
    assert found.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert found.allowed_origins == ("https://a.example",)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOLOG_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1,fd00::/8")
    monkeypatch.setenv("ANNOLOG_ALLOWED_ORIGINS", "https://A.example:443/, http://b.example:8080")
    found = InstallationSettings()
    assert [str(network) for network in found.trusted_proxies] == ["10.0.0.0/8", "192.0.2.1/32", "fd00::/8"]
    assert found.allowed_origins == ("https://a.example", "http://b.example:8080")
    monkeypatch.setenv("ANNOLOG_TRUSTED_PROXIES", "")
    assert InstallationSettings().trusted_proxies == ()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("trusted_proxies", "*"),
        ("trusted_proxies", "proxy.example"),
        ("trusted_proxies", "10.0.0.1/8"),
        ("allowed_origins", "labels.example"),
        ("allowed_origins", "https://labels.example/app"),
        ("allowed_origins", "https://*.example"),
        ("allowed_origins", "null"),
        ("public_url", "labels.example"),
        ("public_url", "https://labels.example/app"),
        ("public_url", "https://labels.example/?a=b"),
        ("public_url", "https://somebody@labels.example"),
        ("public_url", "javascript:alert(1)"),
        ("public_url", "*"),
        ("requests_per_minute_per_token", "-1"),
        ("proxy_headers", "all"),
    ],
)
def test_what_makes_no_sense_is_refused(setting: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ANNOLOG_{setting.upper()}", value)
    with pytest.raises(ValidationError, match=setting):
        InstallationSettings()


def test_the_command_line_says_in_words_which_setting_is_wrong(tmp_path: Path) -> None:
    wrong = annolog("status", "--data-dir", tmp_path, COLUMNS="200", ANNOLOG_TRUSTED_PROXIES="everybody")
    assert wrong.exit_code == 1
    assert "trusted_proxies" in wrong.output
    nowhere = annolog("status", "--data-dir", tmp_path, COLUMNS="200", ANNOLOG_BOOTSTRAP_TOKEN_FILE="nowhere")
    assert nowhere.exit_code == 1
    assert "ANNOLOG_BOOTSTRAP_TOKEN_FILE" in nowhere.output


def test_every_origin_may_be_allowed_but_not_with_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOLOG_ALLOWED_ORIGINS", "*")
    found = InstallationSettings()
    assert (found.allowed_origins, found.origins_with_cookies) == (("*",), frozenset())
    monkeypatch.setenv("ANNOLOG_COOKIES_FROM_ALLOWED_ORIGINS", "true")
    with pytest.raises(InvalidInput, match="ANNOLOG_ALLOWED_ORIGINS"):
        InstallationSettings()
    monkeypatch.setenv("ANNOLOG_ALLOWED_ORIGINS", "https://a.example,*")
    with pytest.raises(InvalidInput, match="ANNOLOG_ALLOWED_ORIGINS"):
        InstallationSettings()
    monkeypatch.setenv("ANNOLOG_ALLOWED_ORIGINS", "https://a.example")
    assert InstallationSettings().origins_with_cookies == {"https://a.example"}
