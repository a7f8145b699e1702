"""PostgreSQL 16 from the package pgserver, which brings the binaries: nothing has to be installed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tools.services.ground import Server, free_port, fresh_folder, unprivileged

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
}


def binaries() -> Path:
    """The folder of `postgres` and `initdb`, where the user that runs them can get at it."""
    spec = find_spec("pgserver")
    if spec is None or spec.origin is None:
        if tool := shutil.which("pg_config"):
            return Path(subprocess.run([tool, "--bindir"], check=True, capture_output=True, text=True).stdout.strip())
        raise RuntimeError(
            "there is neither the package pgserver (`make setup` brings it) nor a PostgreSQL of your own"
        )
    installed = Path(spec.origin).parent / "pginstall"
    owner = unprivileged()
    if owner is None or _runs(installed, owner.pw_uid):
        return installed / "bin"
    copy = Path(tempfile.gettempdir()) / f"annolog-postgresql-{owner.pw_uid}-{sys.version_info.minor}"
    if not _runs(copy, owner.pw_uid):
        fresh = fresh_folder("binaries")
        shutil.copytree(installed, fresh / "pginstall")
        fresh.chmod(0o755)
        shutil.rmtree(copy, ignore_errors=True)
        (fresh / "pginstall").rename(copy)
        fresh.rmdir()
    return copy / "bin"


def _runs(install: Path, user: int) -> bool:
    try:
        return (
            subprocess.run(
                [install / "bin" / "postgres", "--version"], user=user, capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


class PostgreSQL(Server):
    """A cluster of its own: durable, as in production."""

    def __init__(self, folder: Path | None = None, port: int | None = None) -> None:
        self.owner = unprivileged()
        super().__init__(folder or fresh_folder("postgresql", self.owner), port or free_port())
        self.bin = binaries()
        self.data = self.folder / "data"
        if not self.data.exists():
            options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
            subprocess.run(
                [self.bin / "initdb", "-D", self.data, *options],
                user=self.user(),
                cwd=self.folder,
                check=True,
                capture_output=True,
            )

    def user(self) -> int | None:
        """As whom it runs."""
        return None if self.owner is None else self.owner.pw_uid

    def command(self) -> Sequence[str]:
        """How it is started."""
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self.data)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.bin / "postgres"), "-D", str(self.data), *options]

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            self.run("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it: connections are cut, what is committed is safe."""
        super().stop(how)

    def run(self, sql: str, database: str = "postgres") -> None:
        """Run a statement outside any transaction."""
        with psycopg.connect(self.address(database), autocommit=True, connect_timeout=2) as connection:
            connection.execute(sql)

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database that is empty, or a copy of another that nobody is connected to; its URL for SQLAlchemy."""
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Throw a database away, whoever is connected."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def address(self, database: str) -> str:
        """Where psycopg finds a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def url(self, database: str, port: int | None = None) -> str:
        """Where SQLAlchemy finds a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{port or self.port}/{database}"
