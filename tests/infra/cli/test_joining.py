"""`annolog join` as people meet it: at a terminal that does not show what they type."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic

from annolog.infra.composition import NOTHING, Installation
from annolog.infra.identity.by_password import by_password
from annolog.infra.settings import InstallationSettings
from tests.infra.cli.terminal import CLEAN, ROOT, answer

PASSWORD = "correct horse battery staple"


def typed(command: list[str], lines: dict[str, str], patience: float = 60) -> tuple[int, str]:
    """Run a command at a terminal and type each line once what stands before it is asked; all that was to be seen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**CLEAN, "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, waiting, end = "", dict(lines), monotonic() + patience
    try:
        while monotonic() < end:
            if not select.select([ours], [], [], 0.1)[0]:
                continue
            try:
                more = os.read(ours, 4096).decode()
            except OSError:
                break  # That is how a terminal ends.
            if not more:
                break
            seen += more
            for question in [question for question in waiting if question in seen]:
                os.write(ours, waiting.pop(question).encode() + b"\n")
        return process.wait(max(0.1, end - monotonic())), seen
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_handle_and_password_are_asked_for_and_the_password_is_not_seen(tmp_path: Path) -> None:
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING):
        pass
    secret = answer("people", "invite", "--role", "owner", "--data-dir", tmp_path)["secret"]
    command = [sys.executable, "-m", "annolog", "join", secret, "--data-dir", str(tmp_path)]
    # Only the blank after a question for a secret says that the terminal has stopped showing what is typed.
    asked = {"for ever): ": "ada", "Password: ": PASSWORD, "Repeat for confirmation: ": PASSWORD}
    code, seen = typed(command, asked)
    assert code == 0, seen
    assert PASSWORD not in seen
    assert "known as ada" in seen
    token = next(word for word in seen.split() if word.startswith("annolog_"))
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING) as installation:
        assert installation.person_of(token).handle == "ada"
        assert by_password(installation, "ada", PASSWORD, None).person == installation.person_of(token)
