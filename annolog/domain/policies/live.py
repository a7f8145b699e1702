"""The policy that a project's settings name. Others than those of the house are installed as plug-ins."""

from __future__ import annotations

from collections.abc import Callable

from annolog.domain.policies.agreement import Agreement
from annolog.domain.policies.confidence import Confidence
from annolog.domain.policies.policy import Policy
from annolog.domain.project.settings import AGREEMENT, CONFIDENCE, ReassignmentSettings

Make = Callable[[float | None], Policy]

# By name: what makes a policy of the parameter in the settings. Filled once, when a process begins.
PLUG_INS: dict[str, Make] = {}


def policy_of(rule: ReassignmentSettings) -> Policy:
    """The policy in force; `LookupError` if it is a plug-in that is no longer installed."""
    if rule.policy == AGREEMENT:
        return Agreement(rule.threshold)
    if rule.policy == CONFIDENCE:
        return Confidence(rule.confidence)
    if rule.policy not in PLUG_INS:
        raise LookupError(f"the policy {rule.policy!r} is not installed in this process")
    return PLUG_INS[rule.policy](rule.parameter)


def known_policies() -> tuple[str, ...]:
    """The names that settings may use."""
    return (AGREEMENT, CONFIDENCE, *sorted(PLUG_INS))
