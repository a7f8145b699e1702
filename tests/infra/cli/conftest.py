"""What command line tests share: a folder in which a small crowd has worked, and a server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from annolog.infra.settings import InstallationSettings
from tests.infra.cli.terminal import answer
from tests.infra.replay.crowds import small_crowd
from tests.world import UNLIMITED

TOKEN = "annolog_of_the_owner"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No folder, server or token of whoever runs the tests."""
    for name in ("DATA_DIR", "URL", "TOKEN", "BOOTSTRAP_TOKEN", "PORT", "HOST"):
        monkeypatch.delenv(f"ANNOLOG_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def worked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worked")
    answer("replay", small_crowd(folder / "crowd"), "--data-dir", folder / "data", "--title", "small")
    return folder / "data"


@pytest.fixture
def worked(worked_once: Path, tmp_path: Path) -> Path:
    """A folder in which a small crowd has worked in project 1."""
    return Path(shutil.copytree(worked_once, tmp_path / "data"))


def settings_of(folder: Path) -> InstallationSettings:
    """A server's, over a folder."""
    # Models of consensus are fitted now and then: nothing that is to be the same every time may depend on it.
    given = {"data_dir": folder, "bootstrap_token": TOKEN, "fit_seconds": 0, **UNLIMITED}
    return InstallationSettings.model_validate(given)


@pytest.fixture
def served(worked: Path) -> Iterator[dict[str, str]]:
    """The environment that points at a running server of that folder."""
    with Installation(settings_of(worked)) as installation, running_server(installation) as url:
        yield {"ANNOLOG_URL": url, "ANNOLOG_TOKEN": TOKEN}


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, worked: Path) -> dict[str, Any]:
    """Where the command goes: both answer alike."""
    if request.param == "server":
        found: dict[str, Any] = request.getfixturevalue("served")
        return found
    return {"ANNOLOG_DATA_DIR": str(worked)}
