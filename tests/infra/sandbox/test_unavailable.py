"""Where foreign code cannot be locked up it is not run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from annolog.domain.agreement.custom import FailureReason
from annolog.infra.sandbox import Limits, process
from annolog.infra.sandbox.system_calls import filter_program
from tests.infra.sandbox.conftest import failed, group_scores, needs_sandbox

MARKING = "open({mark!r}, 'w').close()\ndef group_agreement(annotations): return 1"


@needs_sandbox
@pytest.mark.parametrize(
    ("name", "instead", "message"),
    [
        ("architecture", lambda: None, "custom metrics run on Linux on x86_64 and aarch64 only"),
        ("filter_program", lambda *_: b"", "the sandbox did not start: OSError: [Errno 22] seccomp"),
        # A filter that allows everything is seen through; so is one that ends the process at its next call.
        ("filter_program", lambda *_: bytes.fromhex("060000000000ff7f"), "the filter of system calls does not hold"),
        ("filter_program", lambda *_: bytes.fromhex("0600000000000080"), "the sandbox did not start: the process was"),
        ("OPTIONS", ("-c", "raise SystemExit(9)"), "the process ended itself with exit code 9"),
        ("OPTIONS", ("-c", "import time; time.sleep(60)"), "the sandbox did not start: took longer than"),
        ("OPTIONS", ("-c", "print('no frame at all')"), "the sandbox did not start: the answer is too long"),
    ],
)
def test_without_a_lock_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, instead: object, message: str
) -> None:
    mark = tmp_path / "mark"
    monkeypatch.setattr(process, name, instead)
    limits = Limits(start_seconds=1.0 if "sleep" in str(instead) else 30.0)
    started = monotonic()
    verdicts = group_scores(MARKING.format(mark=str(mark)), 3, limits)
    assert len(verdicts) == 3
    for verdict in verdicts:
        assert message in failed(verdict, FailureReason.UNAVAILABLE)
    assert monotonic() - started < 10
    assert not mark.exists()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_only_linux_has_the_lock(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr("annolog.infra.sandbox.system_calls.sys.platform", platform)
    monkeypatch.setattr(process, "_start", never)
    (verdict,) = group_scores("def group_agreement(annotations): return 1")
    failed(verdict, FailureReason.UNAVAILABLE)


def test_a_machine_of_another_kind_has_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    monkeypatch.setattr(process, "_start", never)
    (verdict,) = group_scores("def group_agreement(annotations): return 1")
    failed(verdict, FailureReason.UNAVAILABLE)


def never() -> None:
    raise AssertionError("no process may be started")


@needs_sandbox
def test_a_filter_for_another_process_leaves_no_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., bytes] = filter_program
    monkeypatch.setattr(process, "filter_program", lambda architecture, pid: right(architecture, pid + 1))
    source = "import os\ndef group_agreement(annotations): os.abort()"
    message = failed(group_scores(source)[0], FailureReason.CRASH)
    assert message.startswith("the process was ended by SIG")
    assert "SIGABRT" not in message


@needs_sandbox
def test_too_little_memory_to_start_is_told() -> None:
    (verdict,) = group_scores("def group_agreement(annotations): return 1", 1, Limits(memory_bytes=8 << 20))
    assert "the sandbox did not start" in failed(verdict, FailureReason.UNAVAILABLE)
