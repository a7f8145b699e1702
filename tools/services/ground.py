"""What all servers stand on: folders, ports, processes."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep

START_SECONDS = 60.0
STOP_SECONDS = 20.0


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def listens(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs a server that refuses to be run by root; None if we are not root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("there is no user to run PostgreSQL as")


def fresh_folder(name: str, owner: pwd.struct_passwd | None = None) -> Path:
    """An empty folder of its own, belonging to the owner."""
    folder = Path(tempfile.mkdtemp(prefix=f"annolog-{name}-"))
    if owner is not None:
        shutil.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


class Server:
    """One server process that can be killed and started again on the same data."""

    start_seconds = START_SECONDS

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        """How it is started."""
        raise NotImplementedError

    def user(self) -> int | None:
        """As whom it runs."""
        return None

    def environment(self) -> Mapping[str, str] | None:
        """What it finds in its environment; None for what we find in ours."""
        return None

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command(),
                stdout=output,
                stderr=output,
                user=self.user(),
                cwd=self.folder,
                env=self.environment(),
                start_new_session=True,
            )
        deadline = monotonic() + self.start_seconds
        while not self.answers():
            if self.process.poll() is not None or monotonic() > deadline:
                raise RuntimeError(f"{type(self).__name__} did not start:\n{self.output()}")
            sleep(0.05)

    def answers(self) -> bool:
        """Whether it does its work."""
        return listens(self.port)

    def output(self) -> str:
        """The end of what it has said."""
        return (self.folder / "output").read_text(errors="replace")[-4_000:]

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Tell it to stop, and wait until it has; what is left of it then is ended."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """End it and its children at once, as a crash would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
            self.process = None

    def remove(self) -> None:
        """Stop it and throw away its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
