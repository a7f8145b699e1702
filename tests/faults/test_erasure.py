"""A process dies between an erasure and the destruction of the key: nothing is shown, and the key goes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from annolog.commands.personal import ErasePerson
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.personal.showing import named
from annolog.infra.settings import InstallationSettings

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parents[2]
LIFE = """
import os, signal, sys
from pathlib import Path
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.personal import ErasePerson
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings

installation = Installation(InstallationSettings(data_dir=Path(sys.argv[1])), parts=NOTHING)
people = [NewPerson(handle="ann", name="Ann"), NewPerson(handle="bob", name="Bob")]
installation.as_system(RegisterPeople(people=people))
print(installation.vault._keys([1])[1].hex(), flush=True)
if sys.argv[2] == "erased":
    installation.as_system(ErasePerson(person=1, handle="ann"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def life_and_death(folder: Path, until: str) -> bytes:
    """Live until somebody was registered, or erased, then die on the spot; the key."""
    command = [sys.executable, "-c", LIFE, str(folder), until]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return bytes.fromhex(done.stdout)


def in_files(key: bytes, folder: Path) -> bool:
    return any(key in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def wait_until_gone(installation: Installation, person: int) -> None:
    deadline = monotonic() + 10
    while installation.vault.forgotten_at(person) is None:
        assert monotonic() < deadline
        sleep(0.02)


def test_a_key_that_outlived_its_person_opens_nothing_and_is_destroyed_when_somebody_comes_back(
    tmp_path: Path,
) -> None:
    key, settings = life_and_death(tmp_path, "erased"), InstallationSettings(data_dir=tmp_path, sweep_seconds=0.05)
    assert in_files(key, tmp_path)
    with Installation(settings, parts=NOTHING) as looking:
        assert [row["name"] for row in named(looking.vault, list(looking.directory.accounts.values()))] == [
            None,
            "Bob",
        ]
        assert looking.vault.forgotten_at(1) is None
    with Installation(settings) as installation:
        wait_until_gone(installation, 1)
        installation.key_destruction.sweep()
        assert not in_files(key, tmp_path)
        assert named(installation.vault, [installation.directory.accounts[2]])[0]["name"] == "Bob"


def test_a_key_that_comes_back_with_an_old_backup_is_destroyed_again(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    key = life_and_death(data, "registered")
    shutil.copytree(data, backup)
    settings = InstallationSettings(data_dir=data, sweep_seconds=0.05)
    with Installation(settings) as installation:
        installation.as_system(ErasePerson(person=1, handle="ann"))
        wait_until_gone(installation, 1)
        installation.key_destruction.sweep()
    assert not in_files(key, data)
    for file in backup.glob("keys.db*"):
        shutil.copy(file, data / file.name)
    assert in_files(key, data)
    with Installation(settings) as installation:
        wait_until_gone(installation, 1)
        installation.key_destruction.sweep()
    assert not in_files(key, data)
