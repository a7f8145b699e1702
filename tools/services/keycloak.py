"""Keycloak from Maven Central: an identity provider of its own, with one realm of invented people."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from zipfile import ZipFile

from tools.services.ground import Server, free_port, fresh_folder
from tools.services.realm import ADMIN, ADMIN_PASSWORD, REALM, realm

VERSION = "26.3.0"
DISTRIBUTION = Path.home() / ".cache" / "annolog" / f"keycloak-{VERSION}"
FETCH = (
    "mvn",
    "-q",
    "-B",
    "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
    f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip",
    "-DoutputDirectory=.",
)
# Short-lived and small: quick to start matters more than quick when warm.
JAVA_OPTIONS = "-Xms64m -Xmx384m -XX:MaxMetaspaceSize=256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
START_SECONDS = 180.0


@cache
def distribution() -> Path:
    """The folder with the server, fetched once and made ready to start: that takes as long as a start itself."""
    if not DISTRIBUTION.exists():
        for tool in ("mvn", "java"):
            if shutil.which(tool) is None:
                raise RuntimeError(f"{tool} is needed for Keycloak: apt-get install maven openjdk-17-jre-headless")
        folder = fresh_folder("keycloak-distribution")
        _run(FETCH, folder, "fetched")
        with ZipFile(folder / f"keycloak-quarkus-dist-{VERSION}.zip") as packed:
            packed.extractall(folder)
        unpacked = folder / f"keycloak-{VERSION}"
        _run(_script(unpacked, "-Dkc.config.build-and-exit=true"), folder, "made ready")
        DISTRIBUTION.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place first, then there at once: who starts it meanwhile finds all of it or nothing.
        beside = DISTRIBUTION.with_name(f"{DISTRIBUTION.name}-{os.getpid()}")
        shutil.move(unpacked, beside)
        if DISTRIBUTION.exists():
            shutil.rmtree(beside)
        else:
            beside.rename(DISTRIBUTION)
        shutil.rmtree(folder)
    return DISTRIBUTION


def _run(command: Sequence[str], folder: Path, what: str) -> None:
    environment = {**os.environ, "JAVA_OPTS": JAVA_OPTIONS}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Keycloak could not be {what}:\n{done.stdout}{done.stderr}")


def _script(home: Path, *arguments: str) -> list[str]:
    # The zip's permissions are not kept when it is unpacked, so the shell is named.
    return ["sh", str(home / "bin" / "kc.sh"), "start-dev", "--cache=local", *arguments]


class Keycloak(Server):
    """A provider of its own: what it learns is in its folder, what it runs on is shared."""

    start_seconds = START_SECONDS

    def __init__(self, folder: Path | None = None, port: int | None = None) -> None:
        super().__init__(folder or fresh_folder("keycloak"), port or free_port())
        self.home = self.folder / "home"
        if not self.home.exists():
            imported = self.home / "data" / "import"
            imported.mkdir(parents=True)
            (imported / f"{REALM}-realm.json").write_text(json.dumps(realm()))
            for name in ("conf", "lib", "providers", "themes"):
                (self.home / name).symlink_to(distribution() / name)

    def command(self) -> Sequence[str]:
        """How it is started."""
        return _script(
            distribution(),
            "--import-realm",
            "--http-host=127.0.0.1",
            f"--http-port={self.port}",
            f"--http-management-port={free_port()}",
            f"-Dkc.home.dir={self.home}",
        )

    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment."""
        return {
            **os.environ,
            "JAVA_OPTS": JAVA_OPTIONS,
            "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
            "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN_PASSWORD,
        }

    def answers(self) -> bool:
        """Whether the realm is there."""
        try:
            with urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=5):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            return False

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        """By which name it signs."""
        return f"{self.url}/realms/{REALM}"
