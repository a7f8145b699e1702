"""`annolog serve` and `annolog demo`, as processes of their own."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.infra.cli.terminal import annolog, answer, finished, started


def shown_way_in(process: subprocess.Popen[str]) -> tuple[str, str, str]:
    """The secret, the address to join at, and the address that is served, as a new installation prints them."""
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Nobody owns this installation yet.")
    told = re.fullmatch(r" +annolog join (\S+) --url (\S+)\n", process.stdout.readline())
    served = re.search(r"http://\S+", process.stdout.readline())
    assert told is not None
    assert served is not None
    return told[1], told[2], served[0]


def test_whoever_started_a_new_installation_joins_it_once_as_its_owner(tmp_path: Path) -> None:
    with started("serve", "--port", 0, "--data-dir", tmp_path) as process:
        secret, url, served = shown_way_in(process)
        assert url == served
        assert httpx.get(f"{url}/docs").status_code == 200
        joined = answer("join", secret, "--url", url, "--handle", "ada", "--no-password")
        created = answer("project", "create", "--title", "x", "--url", url, "--token", joined["secret"])
        people = answer("people", "list", "--url", url, "--token", joined["secret"])["people"]
        assert [(person["handle"], person["role"]) for person in people] == [("ada", "owner")]
        refused = annolog("join", secret, "--url", url, "--handle", "eve", "--no-password")
        assert (refused.exit_code, refused.stderr.partition(":")[0]) == (1, "invitation-ended")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    with started("serve", "--port", 0, "--data-dir", tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Annolog serves")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in errors) == (130, False)
    assert answer("project", "show", created["project"], "--data-dir", tmp_path)["title"] == "x"


def test_an_installation_that_was_killed_before_anybody_came_is_owned_by_the_next_way_in_alone(tmp_path: Path) -> None:
    with started("serve", "--port", 0, "--data-dir", tmp_path) as process:
        first, _, _ = shown_way_in(process)
        process.kill()
        process.wait()
    with started("serve", "--port", 0, "--data-dir", tmp_path) as process:
        second, url, _ = shown_way_in(process)
        lost = annolog("join", first, "--url", url, "--handle", "eve", "--no-password")
        assert (lost.exit_code, lost.stderr.partition(":")[0]) == (1, "invitation-ended")
        owner = answer("join", second, "--url", url, "--handle", "ada", "--no-password")["secret"]
        process.kill()
        process.wait()
    assert answer("people", "list", "--data-dir", tmp_path)["people"][0]["role"] == "owner"
    with started("serve", "--port", 0, "--data-dir", tmp_path) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        assert answer("tokens", "list", "--url", found[0], "--token", owner)["tokens"]


def test_a_token_that_was_given_is_the_owners_and_is_not_shown(tmp_path: Path) -> None:
    with started("serve", "--port", 0, "--data-dir", tmp_path, ANNOLOG_BOOTSTRAP_TOKEN="given") as process:
        assert process.stdout is not None
        url = re.search(r"http://\S+", process.stdout.readline())
        assert url is not None
        assert answer("project", "list", "--url", url[0], "--token", "given") == {"projects": []}


def test_a_taken_port_is_said_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, errors = finished("serve", "--port", port, "--data-dir", tmp_path)
    assert (code, errors) == (1, f"cannot listen on http://127.0.0.1:{port}: Address already in use\n")


@pytest.mark.slow
def test_the_demo_runs_once_without_anybody_at_the_terminal(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # It is half a minute's work for a machine that does nothing else.
        code, output, errors = finished("demo", "--once", "--port", port, patience=300, ANNOLOG_DATA_DIR=str(tmp_path))
    assert (code, errors) == (0, "")
    assert "365 tasks were given to further people" in output
    assert "/docs" in output
    assert list(tmp_path.iterdir()) == []
