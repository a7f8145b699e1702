"""What a project has to be told so that a policy decides in it."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, TypeAlias

from annolog.domain.policies.agreement import Agreement
from annolog.domain.policies.confidence import Confidence
from annolog.domain.policies.fixed import Fixed
from annolog.domain.policies.policy import Policy
from annolog.domain.project.settings import AssignmentSettings
from annolog.domain.refusals import Fault, InvalidInput

# By group of settings, what changes in it; in the order in which they are to change.
Changes: TypeAlias = "Mapping[str, Mapping[str, Any]]"

# Sums of shares that should be a tenth exactly come out a little above it.
ROUNDING = 1e-9


def adopted(policy: Policy, assignment: AssignmentSettings, budget: float | None = None) -> Changes:
    """The changes of settings by which the policy takes over; what is not named stays as it is.

    `budget` is how many labels a task the policy may take on average; the next tenth is set. The overlap stays, except
    that a fixed number of answers is one. The most answers of a policy become people beyond the overlap.
    """
    if budget is not None and not isinstance(policy, Confidence):
        message = f"the policy {policy.name} keeps to no budget"
        raise InvalidInput(message, faults=[Fault("/budget", message)])
    match policy:
        case Fixed():
            # First: with the old rule still on, the overlap might ask for more people than there are.
            return {"reassignment": {"enabled": False}, "assignment": {"overlap": policy.answers}}
        case Agreement():
            rule = {"policy": "agreement", "threshold": policy.threshold}
        case Confidence():
            rule = {"policy": "confidence", "confidence": policy.posterior}
            if budget is not None:
                rule["budget"] = ceil(budget * 10 - ROUNDING) / 10
        case _:
            message = f"there are no settings for the policy {policy.name}"
            raise InvalidInput(message, faults=[Fault("/policy", message)])
    further = {} if policy.most is None else {"maximum_additional": max(0, policy.most - assignment.overlap)}
    return {"reassignment": {"enabled": True, **rule, **further}}
