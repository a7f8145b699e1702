"""Policies of others, installed as Python packages."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points

from annolog.domain.policies.live import PLUG_INS, known_policies

logger = logging.getLogger(__name__)

GROUP = "annolog.policies"


def load_policies() -> list[str]:
    """Make the policies known that are installed under the entry point group `annolog.policies`; their names.

    Each entry point is a function of the parameter in the settings that gives a `Policy`. One that cannot be loaded is
    left out and logged. What happens meanwhile in projects that name it is set aside for the reaction that would judge
    it, which health says; it is judged when that is tried again (`annolog events retry`).
    """
    for entry in entry_points(group=GROUP):
        if entry.name in known_policies():
            continue
        try:
            PLUG_INS[entry.name] = entry.load()
        except Exception:
            logger.exception("policy not loaded", extra={"policy": entry.name})
    return sorted(PLUG_INS)
