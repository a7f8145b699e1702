"""What foreign code cannot reach, even with everything Python has. Each attempt is made in a real child process."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from annolog.domain.agreement.custom import CustomMetric, FailureReason, Scored
from annolog.infra.sandbox import SandboxedMetric
from annolog.infra.sandbox.system_calls import architecture
from tests.infra.sandbox.conftest import Run, failed, needs_sandbox

pytestmark = needs_sandbox

REFUSED, CAME_THROUGH = Scored(0.0), Scored(1.0)
WITH_LIBC = """
    ctypes = numpy._core._internal.ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    def call(number, *arguments):
        ctypes.set_errno(0)
        found = libc.syscall(ctypes.c_long(number), *(ctypes.c_ulong(argument) for argument in arguments))
        return found, ctypes.get_errno()
"""


def test_an_attempt_that_comes_through_would_be_seen(run: Run) -> None:
    assert run("value = refused(lambda: None)") == CAME_THROUGH


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "attempt",
    [
        "open(path).read()",
        "__import__('io').FileIO(path)",
        "os.open(path, os.O_RDONLY)",
        "os.stat(path)",
        "os.listdir(os.path.dirname(path))",
        "os.readlink('/proc/self/exe')",
        "os.open('/dev/null', os.O_RDONLY)",
        "os.memfd_create('x')",
        "os.pipe()",
        "os.dup(0)",
        "os.getcwd()",
    ],
)
def test_no_file_is_read(run: Run, tmp_path: Path, attempt: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    assert run(f"import os\npath = {str(secret)!r}\nvalue = refused(lambda: {attempt})") == REFUSED


def test_nor_with_modules_that_are_not_there(run: Run) -> None:
    assert "pathlib" in failed(run("import pathlib"), FailureReason.CRASH)
    assert "shutil" in failed(run("import shutil"), FailureReason.CRASH)


@pytest.mark.parametrize(
    "attempt",
    [
        "open(path, 'w')",
        "open(path, 'a')",
        "os.open(path, os.O_WRONLY | os.O_TRUNC)",
        "os.open(path + '.new', os.O_CREAT | os.O_RDWR)",
        "os.unlink(path)",
        "os.rename(path, path + '.new')",
        "os.link(path, path + '.new')",
        "os.symlink(path, path + '.new')",
        "os.mkdir(path + '.new')",
        "os.chmod(path, 0)",
        "os.truncate(path, 0)",
        "os.mkfifo(path + '.new')",
        "os.chdir(os.path.dirname(path))",
    ],
)
def test_no_file_is_changed(run: Run, tmp_path: Path, attempt: str) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    mode = mine.stat().st_mode
    assert run(f"import os\npath = {str(mine)!r}\nvalue = refused(lambda: {attempt})") == REFUSED
    assert (mine.read_text(), mine.stat().st_mode) == ("mine", mode)
    assert list(tmp_path.iterdir()) == [mine]


# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "attempt",
    [
        "os.fork()",
        "os.forkpty()",
        "os.execv(program, [program, '-c', code])",
        "os.posix_spawn(program, [program, '-c', code], {})",
    ],
)
def test_no_process_is_started(run: Run, tmp_path: Path, attempt: str) -> None:
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w')"
    program = f"import os\nprogram, code = {sys.executable!r}, {code!r}\n"
    verdict = run(f"{program}value = refused(lambda: {attempt})")
    assert verdict == REFUSED
    assert not mark.exists()


def test_no_command_is_run(run: Run, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"""
        import os
        value = 0 if os.system("touch {mark}") != 0 else 1
    """
    assert run(code) == REFUSED
    assert not mark.exists()
    assert "subprocess" in failed(run("import subprocess"), FailureReason.CRASH)


def test_no_thread_is_started(run: Run) -> None:
    message = failed(run("import _thread\n_thread.start_new_thread(print, ())"), FailureReason.CRASH)
    assert "can't start new thread" in message


def test_no_other_process_is_ended(run: Run) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        assert run(f"import os, signal\nvalue = refused(lambda: os.kill({victim.pid}, signal.SIGKILL))") == REFUSED
        assert run(f"import os\nvalue = refused(lambda: os.killpg({os.getpgid(0)}, 0))") == REFUSED
        assert run(f"import os\nvalue = refused(lambda: os.kill({os.getpid()}, 0))") == REFUSED
        assert run("import os\nvalue = refused(lambda: os.kill(os.getppid(), 0))") == REFUSED
        assert victim.poll() is None
        victim.kill()


# ── network ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_connection_arrives(run_with_numpy: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.3)
        port = listening.getsockname()[1]
        code = f"import socket\nvalue = refused(lambda: socket.create_connection(('127.0.0.1', {port})))"
        assert "No module named" in failed(run_with_numpy(code), FailureReason.CRASH)
        libc = f"""
            place = ({port}).to_bytes(2, "big") + bytes([127, 0, 0, 1])
            address = ctypes.create_string_buffer(bytes([2, 0]) + place + bytes(8))
            value = 0
            for descriptor in [libc.socket(2, 1, 0), *range(40)]:
                if libc.connect(descriptor, address, 16) == 0 or ctypes.get_errno() != 1:
                    value = 1
        """
        assert run_with_numpy(dedent(WITH_LIBC) + dedent(libc)) == REFUSED
        with pytest.raises(TimeoutError):
            listening.accept()


# ── system calls ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ctypes_cannot_simply_be_imported(run: Run) -> None:
    assert "ctypes" in failed(run("import ctypes"), FailureReason.CRASH)


def test_through_ctypes_every_other_system_call_is_refused(run_with_numpy: Run) -> None:
    found = architecture()
    assert found is not None
    # x86_64 kernels let calls by which they trace themselves pass any filter: uretprobe (335) and uprobe (336). From
    # anywhere but the kernel's own trampoline these end in SIGILL.
    allowed = sorted({*found.allowed.values(), 335, 336})
    code = f"""
        allowed = {allowed}
        through = [number for number in range(1_000) if number not in allowed and call(number) != (-1, 1)]
        through += [number for number in range(600) if call(number | 0x40000000) != (-1, 1)]
        value = len(through) / 2_000
    """
    assert run_with_numpy(dedent(WITH_LIBC) + dedent(code)) == REFUSED


def test_through_ctypes_a_system_call_that_is_allowed_works(run_with_numpy: Run) -> None:
    found = architecture()
    assert found is not None
    code = f"import os\nvalue = call({found.allowed['getpid']}) == (os.getpid(), 0)"
    assert run_with_numpy(dedent(WITH_LIBC) + code) == CAME_THROUGH


def test_no_memory_becomes_executable(run_with_numpy: Run) -> None:
    found = architecture()
    assert found is not None
    mmap, nowhere = found.allowed["mmap"], 2**64 - 1
    code = f"""
        writable = call({mmap}, 0, 4096, 3, 0x22, {nowhere}, 0)
        executable = call({mmap}, 0, 4096, 7, 0x22, {nowhere}, 0)
        made_so = call({found.allowed["mprotect"]}, writable[0], 4096, 5)
        value = 0 if writable[1] == 0 and executable == made_so == (-1, 1) else 1
    """
    assert run_with_numpy(dedent(WITH_LIBC) + dedent(code)) == REFUSED


def test_limits_and_alarm_stay_as_they_are(run_with_numpy: Run) -> None:
    assert run_with_numpy("import signal\nvalue = refused(lambda: signal.setitimer(signal.ITIMER_REAL, 0))") == REFUSED
    assert (
        run_with_numpy("import signal\nvalue = refused(lambda: signal.signal(signal.SIGALRM, signal.SIG_IGN))")
        == REFUSED
    )
    blocked = "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})"
    assert run_with_numpy(f"import signal\nvalue = refused(lambda: {blocked})") == REFUSED
    code = """
        prlimit, address_space = libc.prlimit, 9
        ctypes.set_errno(0)
        value = 0 if prlimit(0, address_space, ctypes.create_string_buffer(b"\\xff" * 16), None) == -1 else 1
    """
    assert run_with_numpy(dedent(WITH_LIBC) + dedent(code)) == REFUSED


# ── environment ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_environment_is_not_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOLOG_SECRET", "hunter2")
    source = """
import os
import numpy

def group_agreement(annotations):
    libc = numpy._core._internal.ctypes.CDLL(None)
    seen = len(os.environ) > 0 or os.getenv("ANNOLOG_SECRET") or libc.getenv(b"ANNOLOG_SECRET") != 0
    try:
        seen = seen or open("/proc/self/environ").read()
    except PermissionError:
        pass
    return 1 if seen else os.getpid() / 2**32
"""
    with SandboxedMetric(CustomMetric("curious", source)) as sandbox:
        (verdict,) = sandbox.group([[]])
        assert isinstance(verdict, Scored)
        pid = int(verdict.value * 2**32)
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        status = Path(f"/proc/{pid}/status").read_text()
        limits = Path(f"/proc/{pid}/limits").read_text()
        standing = Path(f"/proc/{pid}/cwd").readlink()
        open_files = {entry.readlink().name for entry in Path(f"/proc/{pid}/fd").iterdir()}
    assert b"hunter2" not in environment
    assert b"PYTHONHASHSEED=0" in environment
    assert b"numpy" not in command
    assert "NoNewPrivs:\t1\n" in status
    assert "Seccomp:\t2\n" in status
    assert "Max address space         536870912            536870912" in limits
    assert "Max file size             0                    0" in limits
    assert standing == Path("/")
    assert {name.split(":")[0] for name in open_files} == {"null", "pipe"}


def test_the_test_itself_can_see_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOLOG_SECRET", "hunter2")
    assert ctypes.CDLL(None).getenv(b"ANNOLOG_SECRET") != 0


def test_what_the_installation_consists_of_cannot_be_imported(run: Run) -> None:
    assert "annolog" in failed(run("import annolog"), FailureReason.CRASH)
    assert "sqlite3" in failed(run("import sqlite3"), FailureReason.CRASH)
