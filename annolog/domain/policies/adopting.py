"""What a project has to be told so that a policy decides in it."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, TypeAlias

from annolog.domain.policies.agreement import Agreement
from annolog.domain.policies.confidence import Confidence
from annolog.domain.policies.fixed import Fixed
from annolog.domain.policies.policy import Policy, Start
from annolog.domain.project.settings import AGREEMENT, CONFIDENCE
from annolog.domain.refusals import Fault, InvalidInput

# By group of settings, what changes in it; in the order in which they are to change.
Changes: TypeAlias = "Mapping[str, Mapping[str, Any]]"

# Sums of shares that should be a tenth exactly come out a little above it.
ROUNDING = 1e-9


def adopted(policy: Policy, budget: float | None = None) -> Changes:
    """The changes of settings by which the policy takes over as it was replayed, with the answers that every task gets
    first; what is not named stays as it is.

    `budget` is how many labels a task the policy may take on average; the next tenth is set, and none where it is None.
    The most answers of a policy become people beyond the overlap.
    """
    if budget is not None and not isinstance(policy, Confidence):
        message = f"the policy {policy.name} keeps to no budget"
        raise InvalidInput(message, faults=[Fault("/budget", message)])
    match policy:
        case Fixed():
            # First: with the old rule still on, the overlap might ask for more people than there are.
            return {"reassignment": {"enabled": False}, "assignment": _first(policy.start)}
        case Agreement():
            rule: dict[str, Any] = {"policy": AGREEMENT, "threshold": policy.threshold}
        case Confidence():
            rule = {"policy": CONFIDENCE, "confidence": policy.posterior}
        case _:
            message = f"there are no settings for the policy {policy.name}"
            raise InvalidInput(message, faults=[Fault("/policy", message)])
    rule["budget"] = None if budget is None else ceil(budget * 10 - ROUNDING) / 10
    first = _first(policy.start)
    further = {} if policy.most is None else {"maximum_additional": max(0, policy.most - first["overlap"])}
    return {"assignment": first, "reassignment": {"enabled": True, **rule, **further}}


def _first(start: Start) -> dict[str, int]:
    """A pilot is a share of tasks with a larger overlap; all others get one answer."""
    if start.pilot_share > 0:
        return {"overlap": start.pilot_answers, "coverage_percent": round(100 * start.pilot_share)}
    return {"overlap": start.answers, "coverage_percent": 100}
