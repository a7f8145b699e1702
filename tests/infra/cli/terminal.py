"""The command line as tests use it: in this process, or as people do, in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from annolog.infra.cli import console
from annolog.infra.cli.main import app

ROOT = Path(__file__).parents[3]
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="yes"/><Choice value="no"/></Choices></View>'
)
# Nothing of the machine that runs the tests may decide what they do.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("ANNOLOG_")}


def annolog(*arguments: object, stdin: str | bytes | None = None, **environment: str) -> Result:
    """Run a command in this process, as wide as `COLUMNS` says; a defect is raised, not swallowed."""
    console.out.width = int(environment.get("COLUMNS", "160"))
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*arguments: object, **more: Any) -> Any:
    """What a command prints with --json. It has to succeed."""
    result = annolog(*arguments, "--json", **more)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@contextmanager
def started(*arguments: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, that is over afterwards."""
    command = [sys.executable, "-m", "annolog", *(str(argument) for argument in arguments)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**CLEAN, "PYTHONUNBUFFERED": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def finished(*arguments: object, patience: float = 60, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command in a process of its own. What takes longer than that hangs."""
    with started(*arguments, **environment) as process:
        output, errors = process.communicate(timeout=patience)
    return process.returncode, output, errors
