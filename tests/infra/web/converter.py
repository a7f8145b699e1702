"""The official SDK's converter, in an environment of its own: it holds numpy below the one that Annolog runs with."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from uv import find_uv_bin

from tests.infra.web.site import ROOT

REQUIREMENTS = ROOT / "requirements-converter.txt"
PROGRAM = Path(__file__).with_name("converting.py")
KEPT = Path.home() / ".cache" / "annolog"


@cache
def interpreter() -> Path:
    """The Python that has the converter, installed once for each state of the requirements, pinned by hash."""
    state = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    place = KEPT / f"converter-{state}"
    if not place.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        # Beside its place, so that whoever comes at the same time finds it whole or not at all.
        fresh = Path(tempfile.mkdtemp(prefix="converter-", dir=KEPT))
        _uv("venv", "--relocatable", "--allow-existing", "--python", sys.executable, str(fresh))
        _uv("pip", "sync", "--require-hashes", "--python", str(fresh / "bin" / "python"), str(REQUIREMENTS))
        try:
            fresh.rename(place)
        except OSError:
            shutil.rmtree(fresh)
    return place / "bin" / "python"


def _uv(*arguments: str) -> None:
    done = subprocess.run([find_uv_bin(), *arguments], check=False, capture_output=True, text=True)
    assert not done.returncode, f"the converter could not be installed:\n{done.stderr}"


@dataclass(frozen=True)
class Converted:
    """What came of an export, a folder a format."""

    folder: Path

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def matching(self, pattern: str) -> str:
        """The one file whose name fits: the converter puts a number of its own before some."""
        [found] = self.folder.glob(pattern)
        return found.read_text(encoding="utf-8")

    def json(self, path: str) -> Any:
        return json.loads(self.text(path))

    def rows(self, path: str) -> list[dict[str, str]]:
        return list(csv.DictReader(self.text(path).splitlines(keepends=True)))


def converted(config: str, tasks: list[Any], folder: Path, *formats: str) -> Converted:
    """Tasks as the converter makes something else of them; it must not have complained of anything."""
    (folder / "config.xml").write_text(config, encoding="utf-8")
    (folder / "export.json").write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    command = [interpreter(), "-W", "error", PROGRAM, folder / "export.json", folder / "config.xml", folder, *formats]
    # Nothing of the tests' own environment belongs in the other one.
    environment = {"PATH": os.defpath, "HOME": str(folder), "MPLBACKEND": "agg"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert not done.returncode, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert done.stderr == ""
    return Converted(folder)
