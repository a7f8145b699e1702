"""The page about custom metrics shows files that work, and says what can be imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annolog.domain.agreement.custom import CustomMetric, FailureReason, Scored
from annolog.infra.sandbox import Limits, SandboxedMetric, child
from tests.infra.sandbox.conftest import needs_sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "custom-metrics.md").read_text("utf-8")
PAIRWISE, GROUPWISE = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def boxes(*labels: str) -> dict[str, object]:
    return {"result": [{"type": "rectanglelabels", "value": {"rectanglelabels": [label]}} for label in labels]}


@needs_sandbox
def test_the_pairwise_example_scores_boxes() -> None:
    pairs = [(boxes("car", "car"), boxes("car", "bus", "bus", "bus")), (boxes(), boxes())]
    with SandboxedMetric(CustomMetric("boxes", PAIRWISE)) as sandbox:
        assert sandbox.pairs(pairs) == [Scored(0.5), Scored(1.0)]
        assert sandbox.pairs(pairs, per_label=True) == [Scored(0.5, {"car": 0.5, "bus": 0.0}), Scored(1.0, {})]


@needs_sandbox
def test_the_group_example_scores_tasks() -> None:
    tasks = [[boxes("car"), boxes("bus")], [boxes("car"), boxes("car", "car", "car")], [boxes(), boxes()]]
    with SandboxedMetric(CustomMetric("boxes", GROUPWISE)) as sandbox:
        assert sandbox.group(tasks) == [Scored(1.0), Scored(0.5), Scored(1.0)]


def test_the_page_names_what_is_offered() -> None:
    named = PAGE.split("<!-- offered -->")[1]
    assert re.findall(r"`([\w.]+)`", named) == child.OFFERED.split()


@needs_sandbox
@pytest.mark.parametrize("module", child.OFFERED.split())
def test_what_is_offered_is_there(sandbox: SandboxedMetric, module: str) -> None:
    assert sandbox.pairs([({"code": f"import {module}\nvalue = 1"}, {})]) == [Scored(1.0)]


def test_the_page_names_every_reason_and_the_limits() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE) == [reason.value for reason in FailureReason]
    assert f"{Limits().seconds:g} s a job" in PAGE
    assert f"{Limits().memory_bytes >> 20} MiB of address space" in PAGE
