"""Webhooks and where they stand, as the API and the command line show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from annolog.domain.project.state import Project
from annolog.domain.project.webhook import Webhook
from annolog.services.delivering import Standing


def listed(project: Project) -> list[dict[str, Any]]:
    """The webhooks of a project by id, without their secrets."""
    return [shown(project.webhooks[id]) for id in sorted(project.webhooks)]


def shown(webhook: Webhook) -> dict[str, Any]:
    """A webhook, without its secret."""
    return {
        "webhook": webhook.id,
        "url": webhook.url,
        "event_types": sorted(webhook.event_types),
        "include_task_data": webhook.include_task_data,
        "active": webhook.active,
        "reason": webhook.reason,
        "secret_fingerprint": webhook.secret_fingerprint,
    }


def stands(webhook: Webhook, standings: Sequence[Standing]) -> dict[str, Any]:
    """Where a webhook stands; before anybody has looked at it, nowhere."""
    found = next((one for one in standings if one.webhook == webhook.id), Standing(webhook.id, 0, 0))
    members = {name: value for name, value in asdict(found).items() if name != "project"}
    return {**members, "active": webhook.active, "reason": webhook.reason}
