"""A sandbox whose metric does what the annotation says, so that one process can be asked to do many things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from annolog.domain.agreement.custom import CustomMetric, Failed, FailureReason, Scored, Verdict
from annolog.infra.sandbox import Limits, SandboxedMetric
from annolog.infra.sandbox.system_calls import architecture

OBEDIENT = '''
def refused(attempt):
    """0 where the kernel says EPERM, 1 where the attempt comes through."""
    try:
        attempt()
    except OSError as error:
        return 0 if error.errno == 1 else 1
    return 1

def obey(code):
    scope = {"refused": refused}
    exec(code, scope)
    return scope["value"]

def agreement(annotation_1, annotation_2, per_label=False):
    if "labels" in annotation_1 and per_label:
        return obey(annotation_1["labels"])
    return obey(annotation_1["code"]) if "code" in annotation_1 else 0.5

def group_agreement(annotations):
    return obey(annotations[0]["code"])
'''

# Numpy is loaded only for a file that speaks of it. It holds ctypes, so with it there is a way to any system call.
WITH_NUMPY = "import numpy\n" + OBEDIENT.replace('{"refused": refused}', '{"refused": refused, "numpy": numpy}')

needs_sandbox = pytest.mark.skipif(architecture() is None, reason="there is no sandbox on this machine")

Run = Callable[[str], Verdict]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxedMetric]:
    with SandboxedMetric(CustomMetric("obedient", OBEDIENT), Limits(seconds=10)) as found:
        yield found


@pytest.fixture(scope="module")
def sandbox_with_numpy() -> Iterator[SandboxedMetric]:
    with SandboxedMetric(CustomMetric("obedient", WITH_NUMPY), Limits(seconds=10)) as found:
        yield found


@pytest.fixture
def run(sandbox: SandboxedMetric) -> Run:
    """Does what the code says and answers with its `value`; and each time the next job must have its score."""
    return runner_in(sandbox)


@pytest.fixture
def run_with_numpy(sandbox_with_numpy: SandboxedMetric) -> Run:
    """The same in a process that holds numpy."""
    return runner_in(sandbox_with_numpy)


def runner_in(sandbox: SandboxedMetric) -> Run:
    def run_code(code: str) -> Verdict:
        verdict, following = sandbox.pairs([({"code": dedent(code)}, {}), ({}, {})])
        assert following == Scored(0.5)
        return verdict

    return run_code


def failed(verdict: Verdict, reason: FailureReason) -> str:
    """The message of a failure for this reason."""
    assert isinstance(verdict, Failed), verdict
    assert verdict.reason is reason, verdict
    return verdict.message


def group_scores(source: str, jobs: int = 1, limits: Limits | None = None) -> list[Verdict]:
    """What a file says to so many tasks without annotations."""
    with SandboxedMetric(CustomMetric("mine", source), limits) as sandbox:
        return sandbox.group([[]] * jobs)
