"""`annolog serve` and `annolog demo`, as processes of their own."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.infra.cli.terminal import answer, finished, started


def test_a_new_installation_shows_its_owners_token_once_and_serves_with_it(tmp_path: Path) -> None:
    with started("serve", "--port", 0, "--data-dir", tmp_path) as process:
        assert process.stdout is not None
        token = process.stdout.readline().split()[-1]
        url = re.search(r"http://\S+", process.stdout.readline())
        assert url is not None
        assert httpx.get(f"{url[0]}/docs").status_code == 200
        created = answer("project", "create", "--title", "x", "--url", url[0], "--token", token)
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
