"""What docker-compose.yml, Dockerfile and .env.example say is so, as far as can be told without a container."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from annolog.infra.cli.main import app
from annolog.infra.settings import InstallationSettings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
# Pages ask the API, and have no password of any database.
WITH_DATABASES = [name for name in OURS if name != "pages"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_every_part_runs_as_often_as_it_should() -> None:
    assert {name: service.get("deploy", {}).get("replicas", 1) for name, service in OURS.items()} == {
        "api": 2,
        "pages": 1,
        "relay": 2,
        "projector": 2,
        "reactor": 1,
    }


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_the_command_line_with_options_it_knows(name: str) -> None:
    command, *arguments = OURS[name]["command"]
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    known = {option for parameter in commands[command].params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= known


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one(name: str) -> None:
    fields = {f"ANNOLOG_{field.upper()}" for field in InstallationSettings.model_fields}
    assert {key for key in OURS[name]["environment"] if key.startswith("ANNOLOG_")} <= fields


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_pinned_and_unprivileged(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert re.search(r":\d+(\.\d+)+", service["image"])
    assert not service.get("privileged")
    assert service.get("user") not in ("root", "0")


def test_the_api_believes_the_pages_and_nobody_else() -> None:
    address = SERVICES["pages"]["networks"]["default"]["ipv4_address"]
    assert SERVICES["api"]["environment"]["ANNOLOG_TRUSTED_PROXIES"] == f"{address}/32"
    assert not [key for key in SERVICES["pages"]["environment"] if "PASSWORD" in key or "KEY" in key or "URL" in key]


@pytest.mark.parametrize("name", WITH_DATABASES)
def test_a_password_may_hold_any_character(name: str) -> None:
    """In a URL some would have to be encoded, which whoever fills in .env cannot know."""
    environment = OURS[name]["environment"]
    assert not [key for key in ("ANNOLOG_LOG_URL", "ANNOLOG_READ_URL", "ANNOLOG_KEYS_URL") if "$" in environment[key]]
    assert environment["PGPASSWORD"] == "${POSTGRES_PASSWORD}"


@pytest.mark.parametrize("name", WITH_DATABASES)
def test_keys_are_in_a_database_of_their_own_and_wrapped(name: str) -> None:
    environment = OURS[name]["environment"]
    databases = {environment[f"ANNOLOG_{what}_URL"].rpartition("/")[2] for what in ("LOG", "READ", "KEYS")}
    assert len(databases) == 3
    assert environment["ANNOLOG_MASTER_KEY"] == "${ANNOLOG_MASTER_KEY}"
    postgres = SERVICES["postgres"]
    [config] = postgres["configs"]
    made = re.findall(r"CREATE DATABASE (\w+) OWNER annolog;", COMPOSE["configs"][config["source"]]["content"])
    assert databases == {postgres["environment"]["POSTGRES_DB"], *made}


def test_what_holds_data_keeps_it() -> None:
    for name in ("postgres", "kafka"):
        [volume] = SERVICES[name]["volumes"]
        assert volume.partition(":")[0] in COMPOSE["volumes"]


def test_the_example_names_every_variable_and_no_secret() -> None:
    wanted = set(re.findall(r"\$\{(\w+)\}", (ROOT / "docker-compose.yml").read_text("utf-8")))
    lines = [line for line in (ROOT / ".env.example").read_text("utf-8").splitlines() if not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines if line)
    assert set(given) == wanted
    assert all("change-me" in value for name, value in given.items() if name != "KAFKA_CLUSTER_ID")


def test_the_image_is_run_by_nobody_in_particular_and_holds_no_tools() -> None:
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER \d+", last, re.MULTILINE)
    assert "requirements-build" not in last
    assert "/opt/build" not in last
    assert DOCKERFILE.count("--require-hashes") == 2
    files = [
        source for line in re.findall(r"^COPY (?!--from)(.+)", DOCKERFILE, re.MULTILINE) for source in line.split()[:-1]
    ]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert {Path(file).name for file in files} == allowed


def test_neither_the_image_nor_a_package_holds_the_editor_that_was_fetched_on_one_machine() -> None:
    place = "annolog/infra/web/static/label-studio"
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    # What is said later holds.
    assert ignored.index(place) > ignored.index("!annolog")
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert f"/{place}" in built["exclude"]
    assert f"/{place}/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
