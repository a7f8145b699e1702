"""One process that runs one file: started, asked one job at a time, and killed when it does not behave."""

from __future__ import annotations

import json
import math
import os
import secrets
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import orjson

from annolog.domain.agreement.custom import MOST_MESSAGE, Failed, FailureReason, Verdict, verdict_on
from annolog.infra.sandbox.system_calls import architecture, filter_program

CHILD = Path(__file__).with_name("child.py")
MOST_JOB = 64 * 1024 * 1024
MOST_ANSWER = 256 * 1024
# The child's exit code when not even an answer found room in its memory.
NO_MEMORY = 77
# How long a process that closed its pipe may take to be gone, so that its exit code can be told.
DYING_SECONDS = 0.5
# How much longer than any job a process lives by itself, should nobody be left to kill it.
ALARM_SECONDS = 5

# `-I` would make Python pass over PYTHONHASHSEED, and with it sets of texts would come in another order each time. The
# environment holds nothing that is not written here, so `-P` (no script's folder) and `-s` (no user's packages) are as
# much; `-B` writes no bytecode.
OPTIONS = ("-P", "-s", "-B", "-X", "utf8")
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# Some Pythons find their own library only by this.
KEPT = ("LD_LIBRARY_PATH",)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may use: seconds of wall-clock time a job, and bytes of address space.

    A process has `start_seconds` to get ready, and after `lifetime_seconds` another one takes its place.
    """

    seconds: float = 2.0
    memory_bytes: int = 512 * 1024 * 1024
    start_seconds: float = 30.0
    lifetime_seconds: float = 300.0


class Unavailable(Exception):
    """Foreign code cannot be locked up here, so it is not run."""


class Lost(Exception):
    """The process gave no answer that can be used, and is of no use any more."""

    def __init__(self, reason: FailureReason, message: str) -> None:
        super().__init__(message)
        self.failed = Failed(reason, message)


class SandboxProcess:
    """A child process that has locked itself up around one file. `jobs` counts what it was asked."""

    def __init__(self, source: str, limits: Limits) -> None:
        found = architecture()
        if found is None or not sys.executable:
            raise Unavailable("custom metrics run on Linux on x86_64 and aarch64 only")
        self._limits = limits
        self.jobs = 0
        self._born = monotonic()
        self._process = _start()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._jobs, self._answers = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._jobs, False)
        os.set_blocking(self._answers, False)
        order = {
            "source": source,
            "filter": filter_program(found, self._process.pid).hex(),
            "seccomp": found.seccomp,
            "memory_bytes": limits.memory_bytes,
            "seconds": math.ceil(limits.start_seconds + limits.lifetime_seconds + limits.seconds) + ALARM_SECONDS,
        }
        try:
            answer = self._exchange(orjson.dumps(order), limits.start_seconds)
        except Lost as lost:
            self.close()
            raise Unavailable(f"the sandbox did not start: {lost}") from None
        except BaseException:
            self.close()
            raise
        if answer.get("ready") is not True:
            self.close()
            raise Unavailable(f"the sandbox did not start: {_plain(answer.get('unavailable'))}")

    @property
    def aged(self) -> bool:
        """Whether it has served its time: its alarm comes after that, and must not come in the middle of a job."""
        return monotonic() - self._born > self._limits.lifetime_seconds

    def ask(self, call: str, arguments: Sequence[object], *, per_label: bool = False) -> Verdict:
        """What the file says to one job; `Lost` when it says nothing that can be used."""
        # Nobody knows the mark of a job before it is sent, so no answer can be laid in store for it.
        mark = secrets.token_hex(8)
        try:
            job = _json({"job": mark, "call": call, "per_label": per_label, "arguments": arguments})
        except RecursionError:
            return Failed(FailureReason.CRASH, "an annotation is nested too deeply")
        if len(job) > MOST_JOB:
            return Failed(FailureReason.MEMORY, f"the annotations have more than {MOST_JOB:,} bytes")
        self.jobs += 1
        answer = self._exchange(job, self._limits.seconds)
        if answer.get("job") != mark:
            raise Lost(FailureReason.CRASH, "the answer belongs to no question")
        if "failed" in answer:
            return _failed(answer)
        if per_label and answer.get("per_label") is None:
            raise Lost(FailureReason.CRASH, "the answer has no scores by label")
        return verdict_on(answer.get("value"), answer["per_label"] if per_label else None)

    def close(self) -> None:
        """Kill it, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    # ── frames ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _exchange(self, frame: bytes, seconds: float) -> Mapping[str, Any]:
        """Send one frame and take one, within so many seconds."""
        deadline = monotonic() + seconds
        try:
            self._write(struct.pack(">I", len(frame)) + frame, deadline)
            (length,) = struct.unpack(">I", self._read(4, deadline))
            if length > MOST_ANSWER:
                raise Lost(FailureReason.CRASH, "the answer is too long")
            answer = orjson.loads(self._read(length, deadline))
        except TimeoutError:
            raise Lost(FailureReason.TIME, f"took longer than {seconds:g} s") from None
        except (BrokenPipeError, EOFError):
            raise self._ended() from None
        except orjson.JSONDecodeError:
            raise Lost(FailureReason.CRASH, "the answer cannot be read") from None
        if not isinstance(answer, dict):
            raise Lost(FailureReason.CRASH, "the answer cannot be read")
        return answer

    def _write(self, frame: bytes, deadline: float) -> None:
        rest = memoryview(frame)
        while rest:
            try:
                rest = rest[os.write(self._jobs, rest) :]
            except BlockingIOError:
                _wait(self._jobs, select.POLLOUT, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        found = bytearray()
        while len(found) < length:
            _wait(self._answers, select.POLLIN, deadline)
            part = os.read(self._answers, length - len(found))
            if not part:
                raise EOFError
            found += part
        return bytes(found)

    def _ended(self) -> Lost:
        """What can be said of a process that closed its pipes."""
        try:
            code = self._process.wait(DYING_SECONDS)
        except subprocess.TimeoutExpired:
            return Lost(FailureReason.CRASH, "the process closed its pipes")
        if code == NO_MEMORY:
            return Lost(FailureReason.MEMORY, "out of memory")
        if code < 0:
            return Lost(FailureReason.CRASH, f"the process was ended by {_signal(-code)}")
        return Lost(FailureReason.CRASH, f"the process ended itself with exit code {code}")


def _start() -> subprocess.Popen[bytes]:
    environment = ENVIRONMENT | {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter with our own script
            [sys.executable, *OPTIONS, str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(f"the sandbox did not start: {error}") from None


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    left = deadline - monotonic()
    if left <= 0 or not poll.poll(left * 1_000):
        raise TimeoutError


def _json(job: Mapping[str, object]) -> bytes:
    """The frame of a job. JSON knows numbers and texts that orjson refuses."""
    try:
        return orjson.dumps(job)
    except orjson.JSONEncodeError:
        return json.dumps(job).encode()


def _failed(answer: Mapping[str, Any]) -> Failed:
    """A failure as the child tells it. Only some reasons are its to tell."""
    reason = answer["failed"]
    if not isinstance(reason, str) or reason not in {"crash", "memory", "value"}:
        raise Lost(FailureReason.CRASH, "the answer cannot be read")
    return Failed(FailureReason(reason), _plain(answer.get("message")))


def _plain(message: object) -> str:
    """A message of bounded length in one line, whatever foreign code made of it."""
    text = message[:MOST_MESSAGE] if isinstance(message, str) else ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split()) or "no reason given"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
