"""Providers as they are set: which are refused, and where their secrets come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from annolog.domain.refusals import InvalidInput
from annolog.infra.identity.providers import USUAL, ProviderSettings, providers_of
from annolog.infra.settings import InstallationSettings

ACME: dict[str, Any] = {"issuer": "https://id.acme.example/realms/a", "client_id": "annolog"}


def test_providers_come_from_the_environment_as_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    both = {"acme": {**ACME, "title": "Acme"}, "other-one": {**ACME, "claims": {"groups": "roles"}}}
    monkeypatch.setenv("ANNOLOG_PROVIDERS", json.dumps(both))
    found = providers_of(InstallationSettings().providers, {})
    assert {name: one.title for name, one in found.items()} == {"acme": "Acme", "other-one": "other-one"}
    assert found["other-one"].settings.claims.groups == "roles"
    assert (found["acme"].settings.claims.groups, found["acme"].settings.algorithms) == ("groups", USUAL)


def test_providers_come_from_the_file_of_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("annolog.toml").write_text('[providers.acme]\nissuer = "https://id.acme.example"\nclient_id = "x"\n')
    assert providers_of(InstallationSettings().providers, {})["acme"].settings.issuer == "https://id.acme.example"


def test_an_installation_without_providers_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert providers_of(InstallationSettings().providers, {}) == {}


def test_secrets_come_from_the_environment_or_a_file_and_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    settings = {name: ProviderSettings(**ACME) for name in ("acme", "other-one", "public")}
    found = providers_of(
        settings,
        {"ANNOLOG_PROVIDER_ACME_SECRET": "from outside", "ANNOLOG_PROVIDER_OTHER_ONE_SECRET_FILE": str(file)},
    )
    assert {name: one.secret for name, one in found.items()} == {
        "acme": "from outside",
        "other-one": "from a file",
        "public": None,
    }
    assert "from outside" not in repr(found)
    assert "from a file" not in repr(found)


def test_a_secret_does_not_belong_into_settings() -> None:
    with pytest.raises(ValidationError):
        ProviderSettings(**ACME, client_secret="x")


def test_a_secret_that_is_said_twice_or_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("\n")
    settings = {"acme": ProviderSettings(**ACME)}
    name = "ANNOLOG_PROVIDER_ACME_SECRET"
    with pytest.raises(InvalidInput, match="is given as well"):
        providers_of(settings, {name: "x", f"{name}_FILE": str(file)})
    with pytest.raises(InvalidInput, match="empty"):
        providers_of(settings, {f"{name}_FILE": str(file)})
    with pytest.raises(InvalidInput, match="cannot be read"):
        providers_of(settings, {f"{name}_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize("name", ["", "Acme", "1", "a_b", "a b", "-a", "a" * 41, "a\n"])
def test_a_name_that_makes_no_variable_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="no name"):
        providers_of({name: ProviderSettings(**ACME)}, {})


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://id.acme.example"},
        {"issuer": "http://127.0.0.1.acme.example"},
        {"issuer": "ftp://id.acme.example"},
        {"issuer": "https://"},
        {"issuer": "https://id.acme.example?tenant=a"},
        {"issuer": "https://id.acme.example#a"},
        {"scopes": ["profile"]},
        {"algorithms": []},
        {"algorithms": ["none"]},
        {"algorithms": ["RS256", "HS256"]},
        {"client_id": ""},
    ],
)
def test_a_provider_that_could_not_be_trusted_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ProviderSettings(**{**ACME, **changed})


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080/realms/a", "http://localhost:8080", "http://[::1]:8080"])
def test_on_this_machine_a_provider_needs_no_tls(issuer: str) -> None:
    assert ProviderSettings(issuer=issuer, client_id="x").issuer == issuer
