"""The program inside the sandbox: it locks itself up, then runs a foreign file, one job after another.

It stands alone and is started as a script, so that it holds nothing of the installation. What comes and goes are
frames: four bytes of length, then JSON. Once foreign code has run nothing in this process can be trusted, this program
included. The filter of system calls and the limits hold it, and whoever reads the answers believes nothing unchecked.
"""

from __future__ import annotations

import ctypes
import decimal
import gc
import importlib
import io
import json
import math
import os
import random
import resource
import signal
import struct
import sys
from numbers import Real
from types import CodeType, ModuleType, TracebackType

FILE = "metric.py"
MODULE = "custom_metric"
PAIRWISE, GROUPWISE = "agreement", "group_agreement"

MOST_ANSWER = 256 * 1024
MOST_LABELS = 1_000
MOST_MESSAGE = 500
# The exit code that says that memory ran out where nothing could be said any more.
NO_MEMORY = 77

# What a file may import; the rest are their parts that Python loads on first use, when it can read no more files.
OFFERED = (
    "abc array bisect cmath collections collections.abc contextlib copy dataclasses datetime decimal difflib enum "
    "fractions functools heapq itertools json math numbers operator random re statistics string struct textwrap "
    "types typing unicodedata"
)
LOADED_LATER = "_strptime calendar encodings.ascii encodings.latin_1 encodings.utf_16 traceback warnings"
NUMPY = "numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random"

NO_NEW_PRIVILEGES = 38
SET_FILTER, ALL_THREADS = 1, 1
OPEN_FILES = 16

SEED = 0
RECURSION = 1_000


class Nowhere(io.TextIOBase):
    """What foreign code prints to."""

    def write(self, text: str, /) -> int:
        """Forget it."""
        return len(text)


class WrongValue(Exception):
    """What the file returned is not what its contract says."""


def main() -> None:
    """Take the pipes, take the order, lock up, say so, and serve."""
    jobs, answers = take_pipes()
    try:
        order = json.loads(receive(jobs))
        lock_up(order)
        runner = Runner(order["source"])
    except Exception as error:  # noqa: BLE001 - whatever it is, without the lock nothing is run
        send(answers, {"unavailable": f"{type(error).__name__}: {error}"[:MOST_MESSAGE]})
        os._exit(1)
    send(answers, {"ready": True})
    try:
        while True:
            send(answers, runner.answer(receive(jobs)))
    except EOFError:
        os._exit(0)
    except MemoryError:
        os._exit(NO_MEMORY)


# ── pipes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def take_pipes() -> tuple[int, int]:
    """The pipes that jobs come from and answers go to; standard input, output and error lead nowhere from here on."""
    jobs, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return jobs, answers


def receive(pipe: int) -> bytes:
    """The next frame; EOFError when whoever sends them is gone."""
    (length,) = struct.unpack(">I", exactly(pipe, 4))
    return exactly(pipe, length)


def exactly(pipe: int, length: int) -> bytes:
    """So many bytes, not fewer."""
    parts, missing = [], length
    while missing:
        part = os.read(pipe, min(missing, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def send(pipe: int, answer: dict[str, object]) -> None:
    """One frame. An answer that is too long is a failure instead."""
    text = json.dumps(answer).encode()
    if len(text) > MOST_ANSWER:
        text = json.dumps({"job": answer.get("job"), **failure("value", "the answer is too long")}).encode()
    rest = memoryview(struct.pack(">I", len(text)) + text)
    while rest:
        rest = rest[os.write(pipe, rest) :]


# ── lock ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lock_up(order: dict[str, str | int]) -> None:
    """Give away everything but computing. It raises unless the kernel has accepted all of it."""
    seconds = int(order["seconds"])
    # Whoever started this process may be gone while foreign code sleeps or loops: then nobody else ends it. What was
    # ignored or blocked there is so here too.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.alarm(seconds)
    prefer_to_die()
    for limit, most in (
        (resource.RLIMIT_AS, int(order["memory_bytes"])),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.chdir("/")
    load_modules(str(order["source"]))
    os.environ.clear()
    filter_system_calls(bytes.fromhex(str(order["filter"])), int(order["seccomp"]))
    try:
        os.open("/", os.O_RDONLY)
    except PermissionError:
        return
    raise RuntimeError("the filter of system calls does not hold")


def prefer_to_die() -> None:
    """When the machine runs out of memory, let the kernel end this process rather than any other."""
    try:
        with open("/proc/self/oom_score_adj", "w") as score_of_this:  # noqa: PTH123 - pathlib takes longer to import
            score_of_this.write("1000")
    except OSError:
        pass


def load_modules(source: str) -> None:
    """Import now what cannot be read any more later. Numpy takes its time, so only a file that speaks of it has it."""
    for name in f"{OFFERED} {LOADED_LATER}".split():
        importlib.import_module(name)
    if "numpy" in source:
        try:
            for name in NUMPY.split():
                importlib.import_module(name)
        except ModuleNotFoundError:
            pass
    sys.path.clear()
    sys.path_importer_cache.clear()


def filter_system_calls(program: bytes, seccomp: int) -> None:
    """Hand the filter to the kernel, for every thread there is. From here on there is no way back."""
    libc = ctypes.CDLL(None, use_errno=True)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    word = ctypes.c_ulong
    if libc.prctl(NO_NEW_PRIVILEGES, word(1), word(0), word(0), word(0)) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
    filled = Program(len(program) // 8, program)
    if libc.syscall(ctypes.c_long(seccomp), word(SET_FILTER), word(ALL_THREADS), ctypes.byref(filled)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp(SECCOMP_SET_MODE_FILTER)")
    # Not a wall, only fewer accidents: what a file has no use for cannot simply be imported.
    for name in ("ctypes", "_ctypes", "resource"):
        sys.modules.pop(name, None)


# ── jobs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Runner:
    """Answers jobs with what a file says. The file is run anew for each, so none sees what another left in it."""

    def __init__(self, source: str) -> None:
        self._code: CodeType | None = None
        self._flaw: dict[str, object] = {}
        try:
            self._code = compile(source, FILE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError) as error:
            self._flaw = failure("crash", told(error))
        except MemoryError:
            self._flaw = failure("memory", "out of memory while the file was compiled")
        gc.collect()
        gc.freeze()

    def answer(self, frame: bytes) -> dict[str, object]:
        """The answer to one job: a score, or why there is none."""
        try:
            job = json.loads(frame)
            if self._code is None:
                return {"job": job["job"], **self._flaw}
            return {"job": job["job"], **self._scores(self._code, job, frame)}
        except RecursionError:
            return {"job": identity(frame), **failure("crash", "an annotation is nested too deeply")}

    def _scores(self, code: CodeType, job: dict[str, object], frame: bytes) -> dict[str, object]:
        module = ModuleType(MODULE)
        try:
            prepare(module)
            exec(code, module.__dict__)  # noqa: S102 - this is what the sandbox is for
            arguments = job["arguments"]
            assert isinstance(arguments, list)
            if job["call"] == GROUPWISE:
                return {"value": score(module.__dict__[GROUPWISE](arguments))}
            answer: dict[str, object] = {"value": score(module.__dict__[PAIRWISE](*arguments, per_label=False))}
            if job["per_label"]:
                # Read again: the first call may have changed what it was given.
                arguments = json.loads(frame)["arguments"]
                answer["per_label"] = scores(module.__dict__[PAIRWISE](*arguments, per_label=True))
            return answer
        except WrongValue as error:
            return failure("value", str(error))
        except MemoryError:
            return failure("memory", "out of memory")
        except BaseException as error:  # noqa: BLE001 - also SystemExit is the file's own failure
            return failure("crash", told(error))
        finally:
            # Functions and the module they are in hold each other; so they are gone at once.
            module.__dict__.clear()


def prepare(module: ModuleType) -> None:
    """The same start for every job: chance, output, precision, recursion."""
    sys.modules[MODULE] = module
    sys.stdout = sys.stderr = Nowhere()
    sys.setrecursionlimit(RECURSION)
    random.seed(SEED)
    decimal.setcontext(decimal.Context())
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(SEED)


def score(value: object) -> float:
    """A number that JSON can carry."""
    if type(value).__module__ == "numpy" and type(value).__name__ in {"bool", "bool_"}:
        return float(bool(value))
    if not isinstance(value, Real):
        raise WrongValue(f"a score must be a number from 0 to 1, not a value of type {type(value).__name__}"[:200])
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise WrongValue(f"a score must be a number from 0 to 1, not {found}")
    return found


def scores(value: object) -> dict[str, float]:
    """A number for each label."""
    if not isinstance(value, dict):
        kind = type(value).__name__[:100]
        raise WrongValue(f"{PAIRWISE} must return a dict of scores by label when per_label is true, not {kind}")
    if len(value) > MOST_LABELS:
        raise WrongValue(f"scores by label must be a dict of at most {MOST_LABELS} labels")
    if not all(type(label) is str and clean(label) == label for label in value):
        raise WrongValue("a label must be a text")
    return {label: score(found) for label, found in value.items()}


def failure(reason: str, message: str) -> dict[str, object]:
    """The part of an answer that says why there is no score."""
    return {"failed": reason, "message": message}


def told(error: BaseException) -> str:
    """An error in one line, with the line of the file it came from."""
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - even this is foreign code
        text = ""
    name = clean(type(error).__name__[:MOST_MESSAGE])
    said = f"{name}: {clean(text[:MOST_MESSAGE])}" if text else name
    line = error.lineno if isinstance(error, SyntaxError) else line_of(error.__traceback__)
    return (f"line {line}: {said}" if line else said)[:MOST_MESSAGE]


def line_of(trace: TracebackType | None) -> int | None:
    """The innermost line of the file that was being run."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def clean(text: str) -> str:
    """The text without what UTF-8 cannot express."""
    return text.encode("utf-8", "replace").decode()


def identity(frame: bytes) -> str:
    """The mark of a job that cannot be read as a whole. It stands at the beginning."""
    return frame[:64].split(b'"', 4)[3].decode()


if __name__ == "__main__":
    main()
