"""A webhook: where what happens in a project is sent, and which of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from annolog.domain.event import Event
from annolog.domain.project import events as happened


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook of a project. `reason` says why it is not active, where the system has given it up."""

    id: int
    url: str
    event_types: frozenset[str]
    include_task_data: bool
    secret_fingerprint: str
    active: bool = True
    reason: str = ""

    def wants(self, type_name: str) -> bool:
        """Whether events of this type are sent."""
        return not self.event_types or type_name in self.event_types


def after_event(webhooks: Mapping[int, Webhook], event: Event) -> dict[int, Webhook]:
    """A project's webhooks once `event` has happened. Total: an event it does not know changes nothing."""
    match event:
        case happened.WebhookRegistered() | happened.WebhookChanged():
            webhook = Webhook(
                event.webhook,
                event.url,
                frozenset(event.event_types),
                event.include_task_data,
                event.secret_fingerprint,
                active=event.active if isinstance(event, happened.WebhookChanged) else True,
            )
            return {**webhooks, webhook.id: webhook}
        case happened.WebhookRemoved(webhook=id):
            return {other: webhook for other, webhook in webhooks.items() if other != id}
        case happened.WebhookDisabled(webhook=id) if id in webhooks:
            return {**webhooks, id: replace(webhooks[id], active=False, reason=event.reason)}
        case _:
            return dict(webhooks)
