"""What groups are worth, as it is shown."""

from __future__ import annotations

from typing import Any

from annolog.domain.provisioning.state import Provisioning


def described(provisioning: Provisioning) -> dict[str, Any]:
    """The rules, and the groups that an identity provider made known, with how many people are in each."""
    rules = [rule.model_dump(mode="json", exclude_none=True) for rule in provisioning.rules]
    groups = [{"group": group.name, "people": len(group.members)} for _, group in sorted(provisioning.groups.items())]
    return {"rules": rules, "groups": groups}
