"""What operators type: how everything is, what is parked, and the processes of a scaled-out installation."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Timer
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from annolog.infra import databases
from tests import servers
from tests.infra.cli.terminal import annolog, answer, started

TOKEN = "annolog_of_the_owner"


def set_aside(folder: Path, position: int = 40) -> None:
    """As if the progress of a project could not take an event: it and all after it have not been folded."""
    with closing(sqlite3.connect(folder / "read.db")) as connection, connection:
        row = ("progress", position, "project-1", "task-1", "AnnotationSubmitted", "ValueError: odd", 0, 1, 10**15)
        connection.execute("INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def test_status_shows_every_reader_and_succeeds_when_all_is_well(worked: Path) -> None:
    found = answer("status", "--data-dir", worked)
    names = {reader["name"] for reader in found["readers"]}
    assert {"assignment_queue", "agreement", "performance", "progress", "board", "reaction.reassignment"} <= names
    assert (found["lag"], found["parked"], found["late"]) == (0, 0, [])
    assert "current" in annolog("status", "--data-dir", worked).stdout


def test_status_fails_when_something_is_further_behind_than_asked(worked: Path) -> None:
    with closing(sqlite3.connect(worked / "read.db")) as connection, connection:
        connection.execute("UPDATE bookmark SET position = position - 30 WHERE reader = 'board'")
    assert annolog("status", "--data-dir", worked, "--most-lag", 30).exit_code == 0
    result = annolog("status", "--data-dir", worked, "--most-lag", 29, "--json")
    assert (result.exit_code, json.loads(result.stdout)["late"]) == (1, ["board"])
    assert "board is more than 29 events behind" in annolog("status", "--data-dir", worked, "--most-lag", 29).stderr


def test_a_command_tries_again_while_a_server_keeps_the_database_busy(
    worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 100)
    set_aside(worked)
    for command in (("projections", "verify", "progress"), ("events", "retry", 40)):
        with closing(sqlite3.connect(worked / "read.db", isolation_level=None, check_same_thread=False)) as busy:
            busy.execute("BEGIN IMMEDIATE")
            ending = Timer(0.4, busy.rollback)
            ending.start()
            assert annolog(*command, "--data-dir", worked).exit_code == 0
            ending.join()


def test_status_moves_and_makes_nothing(worked: Path) -> None:
    with closing(sqlite3.connect(worked / "read.db")) as connection, connection:
        connection.execute("UPDATE bookmark SET version = 0 WHERE reader = 'board'")
        connection.execute("DELETE FROM bookmark WHERE reader LIKE 'reaction.%'")
    before = contents(worked)
    with closing(sqlite3.connect(worked / "log.db")) as writer:
        # Nor does it wait for whoever writes.
        writer.execute("BEGIN IMMEDIATE")
        found = answer("status", "--data-dir", worked, ANNOLOG_BOOTSTRAP_TOKEN="annolog_unknown")
        answer("projections", "status", "--data-dir", worked)
        answer("events", "parked", "--data-dir", worked)
    assert contents(worked) == before
    standings = {reader["name"]: reader["standing"] for reader in found["readers"]}
    assert standings["board"] == "renewing"


def contents(folder: Path) -> list[str]:
    found: list[str] = []
    for name in ("log.db", "read.db"):
        with closing(sqlite3.connect(folder / name)) as connection:
            found += connection.iterdump()
    return found


def test_what_never_ran_is_as_far_behind_as_the_log_is_long(worked: Path) -> None:
    with closing(sqlite3.connect(worked / "read.db")) as connection, connection:
        connection.execute("DELETE FROM bookmark WHERE reader LIKE 'reaction.%'")
    with closing(sqlite3.connect(worked / "log.db")) as connection, connection:
        connection.execute("UPDATE event SET recorded_at = recorded_at - 60000000")
    kafka = {"ANNOLOG_KAFKA_BOOTSTRAP": "127.0.0.1:9"}
    result = annolog("status", "--data-dir", worked, "--most-lag", 10, "--json", **kafka)
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {"relay", "reaction.reassignment", "reaction.standing"} <= set(found["late"])
    assert any("relay" in reason and "has never moved" in reason for reason in found["reasons"])


def test_a_program_that_is_older_than_the_databases_says_so(worked: Path) -> None:
    with closing(sqlite3.connect(worked / "log.db")) as connection, connection:
        connection.execute("UPDATE revision_log SET version_num = '9999'")
    for command in (("status",), ("projections", "verify"), ("serve", "--port", "0")):
        result = annolog(*command, "--data-dir", worked)
        assert result.exit_code == 1
        assert "9999" in result.stderr
        assert "newer" in result.stderr


def test_status_of_databases_that_are_still_to_be_upgraded_says_so_and_upgrades_nothing(worked: Path) -> None:
    with closing(sqlite3.connect(worked / "read.db")) as connection, connection:
        connection.execute("UPDATE revision_read SET version_num = '0002'")
    result = annolog("status", "--data-dir", worked, "--json")
    assert result.exit_code == 1
    assert "revision 0002" in json.loads(result.stdout)["trouble"]
    with closing(sqlite3.connect(worked / "read.db")) as connection:
        assert connection.execute("SELECT version_num FROM revision_read").fetchall() == [("0002",)]


def test_what_is_parked_is_listed_and_fails_the_status(worked: Path) -> None:
    assert answer("events", "parked", "--data-dir", worked) == {"parked": []}
    assert annolog("events", "parked", "--data-dir", worked).stdout == "nothing is parked\n"
    set_aside(worked)
    assert annolog("status", "--data-dir", worked).exit_code == 1
    result = annolog("events", "parked", "--data-dir", worked, "--json")
    [parked] = json.loads(result.stdout)["parked"]
    assert (result.exit_code, parked["reader"], parked["position"], parked["waits"]) == (1, "progress", 40, False)
    for columns in ("40", "80", "160"):
        assert "progress" in annolog("events", "parked", "--data-dir", worked, COLUMNS=columns).stdout


def test_a_retry_names_what_it_did_and_refuses_what_is_not_parked(worked: Path) -> None:
    set_aside(worked)
    refused = annolog("events", "retry", 41, "--data-dir", worked, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["code"]) == (1, "invalid-input")
    assert answer("events", "retry", 40, "--data-dir", worked) == {"retried": 1, "done": 1, "parked": []}
    assert answer("events", "parked", "--data-dir", worked) == {"parked": []}


def test_a_relay_without_kafka_says_what_is_missing(tmp_path: Path) -> None:
    result = annolog("relay", "--data-dir", tmp_path)
    assert result.exit_code == 1
    assert "ANNOLOG_KAFKA_BOOTSTRAP" in result.stderr or "needs a Kafka" in result.stderr


def test_kafka_without_postgresql_says_what_is_missing(tmp_path: Path) -> None:
    result = annolog("projector", "--data-dir", tmp_path, ANNOLOG_KAFKA_BOOTSTRAP="127.0.0.1:9")
    assert result.exit_code == 1
    assert "ANNOLOG_LOG_URL" in result.stderr


@pytest.mark.parametrize("url", ["mysql://host/database", "postgresql//forgotten-colon", "://"])
def test_an_address_that_is_none_is_refused_by_the_setting_it_came_from(tmp_path: Path, url: str) -> None:
    result = annolog("status", ANNOLOG_LOG_URL=url, ANNOLOG_DATA_DIR=str(tmp_path))
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://somebody:secret-word@127.0.0.1:9/nothing"
    result = annolog("status", ANNOLOG_LOG_URL=url, ANNOLOG_DATA_DIR=str(tmp_path))
    assert result.exit_code == 1
    assert "secret-word" not in result.output
    assert "127.0.0.1" in result.stderr
    told = annolog("status", "--json", ANNOLOG_LOG_URL=url, ANNOLOG_DATA_DIR=str(tmp_path))
    assert told.exit_code == 1
    assert "127.0.0.1" in json.loads(told.stdout)["trouble"]
    assert "secret-word" not in told.output


@pytest.mark.services
@pytest.mark.slow
def test_four_processes_are_an_installation_and_end_in_order_when_told_to() -> None:
    with servers.database() as log, servers.database() as read, ExitStack() as stack:
        environment = {
            "ANNOLOG_LOG_URL": log,
            "ANNOLOG_READ_URL": read,
            "ANNOLOG_KAFKA_BOOTSTRAP": servers.kafka().bootstrap,
            "ANNOLOG_KAFKA_TOPIC": f"processes-{log[-8:]}",
            "ANNOLOG_BOOTSTRAP_TOKEN": TOKEN,
        }
        processes = {
            name: stack.enter_context(started(name, "--port", 0, **environment))
            for name in ("api", "relay", "projector", "reactor")
        }
        urls = {name: address_in(process.stdout.readline()) for name, process in processes.items()}  # type: ignore[union-attr]
        created = httpx.post(
            f"{urls['api']}/v1/projects",
            headers={"Authorization": f"Bearer {TOKEN}"},
            json={"title": "seen everywhere"},
            timeout=30,
        )
        position = created.json()["position"]
        for url in urls.values():
            assert httpx.get(f"{url}/livez").status_code == 200
        settled(urls["api"], position)
        assert "annolog_relayed_events_total" in httpx.get(f"{urls['relay']}/metrics").text
        # Readers hear of an event as soon as Kafka has it; the relay writes down afterwards that it sent it.
        status = nobody_behind(environment)
        assert {reader["name"] for reader in status["readers"]} >= {"relay", "agreement", "reaction.overlap"}
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        assert {name: process.wait(30) for name, process in processes.items()} == dict.fromkeys(processes, 0)


def address_in(line: str) -> str:
    return next(word for word in line.split() if word.startswith("http://")).removesuffix("/readyz")


def nobody_behind(environment: dict[str, str]) -> Any:
    """What status says as soon as it succeeds, which it does when no reader lags at all."""
    deadline = monotonic() + 30
    while True:
        result = annolog("status", "--most-lag", 0, "--json", **environment)
        if result.exit_code == 0:
            return json.loads(result.stdout)
        assert monotonic() < deadline, result.output


def settled(url: str, position: int) -> dict[str, Any]:
    deadline = monotonic() + 30
    while True:
        found: dict[str, Any] = httpx.get(f"{url}/readyz", timeout=10).json()
        if min(found["read_models"], found["reactions"]) >= position:
            return found
        assert monotonic() < deadline, found
        sleep(0.1)
