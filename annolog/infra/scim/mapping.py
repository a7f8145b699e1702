"""What groups are worth, as it is shown."""

from __future__ import annotations

from typing import Any

from annolog.domain.people.state import Directory
from annolog.domain.provisioning.following import kept_owner


def described(directory: Directory, organization: int) -> dict[str, Any]:
    """The rules, and the groups that an identity provider made known, with how many people are in each.

    `kept_owner` is who would be less by their groups, and stays owner as long as nobody else is one.
    """
    provisioning = directory.organizations[organization].provisioning
    rules = [rule.model_dump(mode="json", exclude_none=True) for rule in provisioning.rules]
    groups = [{"group": group.name, "people": len(group.members)} for _, group in sorted(provisioning.groups.items())]
    return {"rules": rules, "groups": groups, "kept_owner": kept_owner(directory, organization)}
