"""A sandbox whose metric does what the annotation says, so that one process can be asked to do many things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from annolog.domain.agreement.custom import CustomMetric, Failed, FailureReason, Scored, Verdict
from annolog.infra.sandbox import Limits, SandboxedMetric
from annolog.infra.sandbox.system_calls import architecture

# Numpy is spoken of, so it is there; and with it a way to ctypes.
OBEDIENT = '''
import numpy

def refused(attempt):
    """0 where the kernel says EPERM, 1 where the attempt comes through."""
    try:
        attempt()
    except OSError as error:
        return 0 if error.errno == 1 else 1
    return 1

def obey(code):
    scope = {"refused": refused, "numpy": numpy}
    exec(code, scope)
    return scope["value"]

def agreement(annotation_1, annotation_2, per_label=False):
    if "labels" in annotation_1 and per_label:
        return obey(annotation_1["labels"])
    return obey(annotation_1["code"]) if "code" in annotation_1 else 0.5

def group_agreement(annotations):
    return obey(annotations[0]["code"])
'''

Run = Callable[[str], Verdict]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no sandbox, only what does not need one can be tested."""
    if architecture() is None:
        for item in items:
            if "sandbox" in getattr(item, "fixturenames", ()) or "run" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason="there is no sandbox on this machine"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxedMetric]:
    with SandboxedMetric(CustomMetric("obedient", OBEDIENT), Limits(seconds=10)) as found:
        yield found


@pytest.fixture
def run(sandbox: SandboxedMetric) -> Run:
    """Does what the code says and answers with its `value`; and each time the next job must have its score."""

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
