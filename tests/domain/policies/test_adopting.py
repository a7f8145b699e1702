"""What a project has to be told so that a policy decides in it."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.domain.policies.adopting import adopted
from annolog.domain.policies.agreement import Agreement
from annolog.domain.policies.catalogue import POLICIES
from annolog.domain.policies.confidence import Confidence
from annolog.domain.policies.expert import Expert
from annolog.domain.policies.fixed import Fixed
from annolog.domain.policies.policy import Policy
from annolog.domain.project.settings import GROUPS
from annolog.domain.refusals import InvalidInput

THREE = {"overlap": 3, "coverage_percent": 100}
PILOT = {"overlap": 3, "coverage_percent": 25}
RULE = {"enabled": True, "policy": "agreement", "threshold": 0.6, "budget": None}
SURE = {"enabled": True, "policy": "confidence", "confidence": 0.9, "budget": None}


@pytest.mark.parametrize(
    ("policy", "budget", "changes"),
    [
        (Agreement(0.6), None, {"assignment": THREE, "reassignment": RULE}),
        (Agreement(0.6, limit=5), None, {"assignment": THREE, "reassignment": {**RULE, "maximum_additional": 2}}),
        (Confidence(0.9), None, {"assignment": PILOT, "reassignment": SURE}),
        (
            Confidence(0.9, limit=1),
            2.31,
            {"assignment": PILOT, "reassignment": {**SURE, "budget": 2.4, "maximum_additional": 0}},
        ),
        (
            Fixed(4),
            None,
            {"reassignment": {"enabled": False}, "assignment": {"overlap": 4, "coverage_percent": 100}},
        ),
    ],
)
def test_each_policy_has_its_settings(policy: Policy, budget: float | None, changes: dict[str, Any]) -> None:
    assert adopted(policy, budget) == changes


@pytest.mark.parametrize(("needed", "kept"), [(3.0, 3.0), (0.1 + 0.2 + 2, 2.3), (2.3000001, 2.4), (1.01, 1.1)])
def test_a_budget_is_rounded_up_to_a_tenth_and_never_down(needed: float, kept: float) -> None:
    assert adopted(Confidence(0.9), needed)["reassignment"]["budget"] == kept


def test_every_policy_that_is_simulated_can_take_over_with_settings_that_there_are() -> None:
    for entry in POLICIES.values():
        for group, changes in adopted(entry.make(1.0)).items():
            GROUPS[group].model_validate(changes)


def test_what_no_setting_says_is_refused() -> None:
    with pytest.raises(InvalidInput, match="keeps to no budget"):
        adopted(Agreement(0.5), 3.0)
    with pytest.raises(InvalidInput, match="rule\\+expert"):
        adopted(Expert(Agreement(0.5)))
