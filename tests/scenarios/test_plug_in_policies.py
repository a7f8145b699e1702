"""A policy of one's own is a Python package with an entry point; projects name it like those of the house."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annolog.domain.policies.live import PLUG_INS
from annolog.domain.refusals import InvalidInput
from annolog.domain.task.events import AgreementReached, SlotAdded
from annolog.infra.plug_ins import load_policies
from tests.scenarios.test_confidence import PEOPLE, first_answers, fit, happened
from tests.world import World

MODULE = '''
"""Asks until so many people have answered, whatever they say."""

import numpy as np

from annolog.domain.policies.fixed import Fixed


class Company(Fixed):
    name = "company"
    version = 7

    def needs(self, tasks):
        return np.where(tasks.answers < self.answers, 1.0, 0.0)


def company(parameter):
    return Company(int(parameter))
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package as pip would leave it."""
    (tmp_path / "company_policy.py").write_text(MODULE, "utf-8")
    metadata = tmp_path / "company_policy-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: company-policy\nVersion: 1.0\n", "utf-8")
    broken = "broken = company_policy:nothing_of_that_name\n"
    (metadata / "entry_points.txt").write_text(
        f"[annolog.policies]\ncompany = company_policy:company\n{broken}", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_policies() == ["company"]
    yield
    PLUG_INS.clear()


def test_a_policy_that_is_installed_decides(world: World, installed: None) -> None:
    rule = {"enabled": True, "policy": "company", "parameter": 3, "maximum_additional": 3, "preference_seconds": 0}
    world.set_up(tasks=30, annotators=PEOPLE, assignment={"overlap": 2}, reassignment=rule)
    first_answers(world, 1, 30)
    fit(world)
    added = happened(world, SlotAdded)
    assert len(added) == 30
    assert {(event.reason, event.evidence.policy, event.evidence.policy_version) for event in added} == {
        ("company", "company", 7)
    }
    world.work("eve")
    world.settle()
    assert len(happened(world, AgreementReached)) == 1


def test_one_that_is_not_installed_is_refused_by_name(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(InvalidInput, match="there is no policy 'company'; there are agreement, confidence"):
        world.change("reassignment", policy="company")
