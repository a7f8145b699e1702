"""Whatever a file does, it fails for that job alone, within its time, and the next job has its score."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from annolog.domain.agreement.custom import CustomMetric, Failed, FailureReason, Scored
from annolog.infra.sandbox import Limits, SandboxedMetric, process
from tests.infra.sandbox.conftest import OBEDIENT, Run, failed, needs_sandbox

pytestmark = needs_sandbox

# ── endings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; sys.exit()", "SystemExit"),
        ("import sys; sys.exit('enough')", "SystemExit: enough"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise BaseException", "BaseException"),
        ("import os; os._exit(0)", "the process ended itself with exit code 0"),
        ("import os; os._exit(3)", "the process ended itself with exit code 3"),
        ("import os; os.abort()", "the process was ended by SIGABRT"),
        ("def deep(): deep()\ndeep()", "RecursionError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("{}['label']", "KeyError: 'label'"),
        ("raise ValueError('a\\nb\\x00c \\ud800 ' + 'x' * 10**6)", "ValueError: a b c ? xxx"),
        ("class Odd(Exception):\n    def __str__(self): raise Odd\nraise Odd", "Odd"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_an_ending_is_a_crash(run: Run, code: str, message: str) -> None:
    said = failed(run(code), FailureReason.CRASH)
    assert message in said
    assert len(said) <= 500


def test_what_numpy_brings_fails_in_the_same_way(run_with_numpy: Run) -> None:
    crash = run_with_numpy("numpy._core._internal.ctypes.string_at(0)")
    assert failed(crash, FailureReason.CRASH) == "the process was ended by SIGSEGV"
    failed(run_with_numpy("value = numpy.ones((100_000, 100_000))"), FailureReason.MEMORY)
    failed(run_with_numpy("value = numpy.float64('nan')"), FailureReason.VALUE)
    failed(run_with_numpy("value = numpy.ones(3)"), FailureReason.VALUE)


def test_an_error_names_the_line_of_the_file() -> None:
    source = "def group_agreement(annotations):\n    return inner(annotations)\n\ndef inner(x):\n    return x['y']\n"
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
        message = failed(sandbox.group([[]])[0], FailureReason.CRASH)
    assert message == "line 5: TypeError: list indices must be integers or slices, not str"


def test_a_file_that_fails_before_its_function_is_called_fails_each_job() -> None:
    source = "import math\nmath.no_such_function\ndef group_agreement(annotations): return 1"
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
        for verdict in sandbox.group([[], []]):
            assert failed(verdict, FailureReason.CRASH).startswith("line 2: AttributeError: ")


def test_a_file_that_takes_its_function_away_fails() -> None:
    source = "def group_agreement(annotations): return 1\ndel group_agreement"
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
        assert failed(sandbox.group([[]])[0], FailureReason.CRASH) == "KeyError: 'group_agreement'"


# ── time and memory ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def impatient() -> Iterator[SandboxedMetric]:
    with SandboxedMetric(CustomMetric("obedient", OBEDIENT), Limits(seconds=0.5)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time; time.sleep(60)",
        "import _thread\nlock = _thread.allocate_lock(); lock.acquire(); lock.acquire()",
        "try:\n    while True: pass\nfinally:\n    while True: pass",
        "class Slow:\n    def __float__(self): return self.__float__()\nimport time; time.sleep(60)",
    ],
)
def test_what_takes_too_long_is_killed(impatient: SandboxedMetric, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    start = process._start
    started: list[subprocess.Popen[bytes]] = []

    def noted() -> subprocess.Popen[bytes]:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(process, "_start", noted)
    first, second, third = impatient.pairs([({}, {}), ({"code": code}, {}), ({}, {})])
    assert failed(second, FailureReason.TIME) == "took longer than 0.5 s"
    assert first == third == Scored(0.5)
    # One process for the first two jobs, one for the third: time that was used up is not given a second time.
    assert [found.returncode for found in started] == [-signal.SIGKILL, None]


@pytest.mark.parametrize(
    "code",
    [
        "value = [bytearray(1 << 20) for _ in range(10_000)]",
        "value = bytearray(1 << 40)",
        "value = 'x' * (1 << 33)",
        "global kept\nkept = []\nwhile True: kept.append(bytes(1 << 16))",
        "raise MemoryError",
    ],
)
def test_what_needs_too_much_memory_fails(run: Run, code: str) -> None:
    assert failed(run(code), FailureReason.MEMORY) == "out of memory"


def test_recursion_without_a_limit_fails(impatient: SandboxedMetric) -> None:
    code = "import sys\nsys.setrecursionlimit(10**9)\ndef deep(x): return deep(x) + 1\nvalue = deep(0)"
    deep, following = impatient.pairs([({"code": code}, {}), ({}, {})])
    assert isinstance(deep, Failed)
    assert deep.reason in {FailureReason.MEMORY, FailureReason.CRASH, FailureReason.TIME}
    assert following == Scored(0.5)


def test_memory_that_an_earlier_job_took_does_not_count(run: Run) -> None:
    # As an attribute of a module it stays, in a way that a variable of the file does not.
    assert run("import math\nmath.kept = bytearray(200 << 20)\nvalue = 1") == Scored(1.0)
    assert run("bytearray(200 << 20)\nvalue = 1") == Scored(1.0)


# ── values and output ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("value = float('nan')", "a score must be a number from 0 to 1, not nan"),
        ("value = float('inf')", "a score must be a number from 0 to 1, not inf"),
        ("value = 2.0", "a score must be a number from 0 to 1, not 2"),
        ("value = -1", "a score must be a number from 0 to 1, not -1"),
        ("value = 10 ** 400", "a score must be a number from 0 to 1, not inf"),
        ("value = '0.5'", "a score must be a number from 0 to 1, not a value of type str"),
        ("value = None", "a score must be a number from 0 to 1, not a value of type NoneType"),
        ("value = {'a': 0.5}", "a score must be a number from 0 to 1, not a value of type dict"),
        ("value = dict.fromkeys(range(10 ** 6))", "a score must be a number from 0 to 1, not a value of type dict"),
        ("value = (x for x in ())", "a score must be a number from 0 to 1, not a value of type generator"),
    ],
)
def test_what_is_no_score_is_told(run: Run, code: str, message: str) -> None:
    assert failed(run(code), FailureReason.VALUE) == message


@pytest.mark.parametrize(
    "labels",
    [
        "value = 0.5",
        "value = {'a': 2.0}",
        "value = {'a': float('nan')}",
        "value = {1: 0.5}",
        "value = {'\\ud800': 0.5}",
        "value = {'x' * 600: 0.5}",
        "value = {str(number): 0.5 for number in range(10 ** 5)}",
        "value = {'x' * 10 ** 6: 0.5}",
    ],
)
def test_what_are_no_scores_by_label_fails(sandbox: SandboxedMetric, labels: str) -> None:
    first, second = sandbox.pairs([({"labels": labels}, {}), ({"labels": "value = {'a': 1}"}, {})], per_label=True)
    failed(first, FailureReason.VALUE)
    assert second == Scored(0.5, {"a": 1.0})


@pytest.mark.parametrize(
    "code",
    [
        "print('x' * 100)\nvalue = 1",
        "for _ in range(1_000): print('x' * 100_000)\nvalue = 1",
        "import sys\nsys.stderr.write('x'); sys.stdout.flush(); sys.stdout.close(); value = 1",
        "import sys\nsys.stdout = None; value = 1",
        "import os\nos.write(1, b'x' * 10_000); os.write(2, b'x'); value = 1",
        "import os\nrefused(lambda: os.close(1)); value = 1",
        "import os\nvalue = os.read(0, 10) == b''",
        "import os\nvalue = 1 - refused(lambda: os.closerange(0, 100) or os.dup2(0, 1))",
    ],
)
def test_standard_input_and_output_lead_nowhere(run: Run, code: str) -> None:
    assert run(code) == Scored(1.0)
    assert run("print('still there')\nvalue = 1") == Scored(1.0)


# ── answers that are not the runner's ────────────────────────────────────────────────────────────────────────────────

PIPES = """
import json, os, struct, sys
frame = sys._getframe()
while "job" not in frame.f_locals or "frame" not in frame.f_locals: frame = frame.f_back
mark = frame.f_locals["job"]["job"]
def say(data):
    for pipe in range(3, 16):
        try: os.write(pipe, data)
        except OSError: pass
def answer(content):
    text = json.dumps(content).encode()
    say(struct.pack(">I", len(text)) + text)
"""


@pytest.mark.parametrize(
    "code",
    [
        "say(b'x' * 10)",
        "say(struct.pack('>I', 2**32 - 1) + b'x' * 100)",
        "say(struct.pack('>I', 3) + b'\\xff\\xff\\xff')",
        "say(struct.pack('>I', 0))",
        "answer([])",
        "answer({})",
        "answer({'job': 'another', 'value': 1.0})",
        "answer({'job': mark, 'failed': 'unavailable', 'message': 'x'})",
        "answer({'job': mark, 'failed': ['crash'], 'message': 'x'})",
        "answer({'ready': True})",
        "while True: say(b'x' * 1000)",
    ],
)
def test_a_forged_answer_that_cannot_be_one_is_a_crash(run: Run, code: str) -> None:
    failed(run(f"{PIPES}\n{code}\nvalue = 0.25"), FailureReason.CRASH)


@pytest.mark.parametrize(
    "code",
    [
        "answer({'job': mark, 'value': 1.0, 'per_label': None})",
        "answer({'job': mark, 'value': 1.0}); answer({'job': mark, 'value': 0.75})",
        "answer({'job': mark, 'value': 1.0}); say(b'garbage')",
        "answer({'job': mark, 'value': 1.0}); os._exit(0)",
    ],
)
def test_a_forged_answer_is_a_lie_about_its_own_score_alone(run: Run, code: str) -> None:
    assert run(f"{PIPES}\n{code}\nvalue = 0.25") == Scored(1.0)


def test_a_forged_answer_is_checked_like_any_other(run: Run) -> None:
    for value in ("2.0", "'x'", "True and {}", "None"):
        failed(run(f"{PIPES}\nanswer({{'job': mark, 'value': {value}}})\nvalue = 0.25"), FailureReason.VALUE)
    verdict = run(f"{PIPES}\nanswer({{'job': mark, 'failed': 'crash', 'message': 'a\\n\\x1b' * 1000}})\nvalue = 0.25")
    message = failed(verdict, FailureReason.CRASH)
    assert len(message) <= 500
    assert message.isprintable()


def test_scores_by_label_cannot_be_left_out(sandbox: SandboxedMetric) -> None:
    code = f"{PIPES}\nanswer({{'job': mark, 'value': 1.0}})\nvalue = 0.25"
    lie, following = sandbox.pairs(
        [({"code": code, "labels": "value = {}"}, {}), ({"labels": "value = {}"}, {})], per_label=True
    )
    failed(lie, FailureReason.CRASH)
    assert following == Scored(0.5, {})


# ── jobs that are hard to send ───────────────────────────────────────────────────────────────────────────────────────


def test_an_annotation_of_many_megabytes_arrives(sandbox: SandboxedMetric) -> None:
    large = {"text": "x" * 20_000_000}
    assert sandbox.pairs([(large, {})]) == [Scored(0.5)]


def test_an_annotation_beyond_all_measure_fails_alone(
    sandbox: SandboxedMetric, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MOST_JOB", 1_000)
    first, second = sandbox.pairs([({"text": "x" * 1_001}, {}), ({}, {})])
    assert failed(first, FailureReason.MEMORY) == "the annotations have more than 1,000 bytes"
    assert second == Scored(0.5)


@pytest.mark.slow
def test_annotations_that_fill_the_memory_fail_alone() -> None:
    source = "def agreement(a, b, per_label=False): return 0.5"
    # 60 MB on the way, and several times as much as numbers of Python.
    many = {"result": [1_000] * 12_000_000}
    with SandboxedMetric(CustomMetric("mine", source), Limits(seconds=20)) as sandbox:
        first, second = sandbox.pairs([(many, {}), ({}, {})])
    failed(first, FailureReason.MEMORY)
    assert second == Scored(0.5)


@pytest.mark.parametrize("most", [1_000, 10_000])
def test_an_annotation_nested_too_deeply_fails_alone(sandbox: SandboxedMetric, most: int) -> None:
    deep: dict[str, object] = {}
    for _ in range(600):
        deep = {"x": [deep]}
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(most)
    try:
        first, second = sandbox.pairs([(deep, {}), ({}, {})])
    finally:
        sys.setrecursionlimit(before)
    assert failed(first, FailureReason.CRASH) == "an annotation is nested too deeply"
    assert second == Scored(0.5)


# ── the parent is gone ───────────────────────────────────────────────────────────────────────────────────────────────

ORPHANING = """
import sys
from annolog.domain.agreement.custom import CustomMetric
from annolog.infra.sandbox import Limits, SandboxedMetric
source = "import os\\ndef group_agreement(annotations): return os.getpid() / 2**32"
with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
    print(int(sandbox.group([[]])[0].value * 2**32), flush=True)
    input()
"""


def is_gone(pid: int) -> bool:
    """Whether a process is no more, or waits only for somebody to take note of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.fault
def test_a_sandbox_whose_parent_is_killed_ends() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", ORPHANING]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not is_gone(pid)
        os.kill(parent.pid, signal.SIGKILL)
    deadline = monotonic() + 10
    while not is_gone(pid) and monotonic() < deadline:
        sleep(0.02)
    assert is_gone(pid)


@pytest.mark.fault
@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "while True: pass"])
def test_a_sandbox_that_nobody_kills_ends_by_itself(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    limits = Limits(seconds=20, start_seconds=10, lifetime_seconds=100)
    monkeypatch.setattr(process, "ALARM_SECONDS", -129)
    with SandboxedMetric(CustomMetric("obedient", OBEDIENT), limits) as sandbox:
        (verdict,) = sandbox.pairs([({"code": code}, {})])
    assert failed(verdict, FailureReason.CRASH).startswith("the process was ended by SIG")
