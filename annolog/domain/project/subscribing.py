"""What may be done with the webhooks of a project."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.project.events import (
    ProjectEvent,
    WebhookChanged,
    WebhookDisabled,
    WebhookRegistered,
    WebhookRemoved,
    WebhookRewound,
)
from annolog.domain.project.state import Project
from annolog.domain.project.targets import check_target
from annolog.domain.project.webhook import Webhook
from annolog.domain.refusals import Fault, InvalidInput, NotFound, WrongState

MOST_WEBHOOKS = 20
# Secrets as https://www.standardwebhooks.com has them: this, then 24 to 64 bytes in base64.
SECRET_PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)


def register(
    project: Project,
    webhook: int,
    url: str,
    event_types: Sequence[str],
    secret: str,
    *,
    include_task_data: bool = False,
    after: int | None = None,
    to_private: bool = False,
) -> list[ProjectEvent]:
    """Have what happens sent to a URL."""
    check_target(url, to_private=to_private)
    types_exist(event_types)
    key_of(secret)
    if len(project.webhooks) >= MOST_WEBHOOKS:
        raise WrongState(f"A project has at most {MOST_WEBHOOKS} webhooks.")
    return [
        WebhookRegistered(
            project=project.id,
            webhook=webhook,
            url=url,
            event_types=sorted(set(event_types)),
            include_task_data=include_task_data,
            after=after,
            secret_fingerprint=fingerprint_of(secret),
        )
    ]


def change(
    project: Project,
    webhook: int,
    *,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    include_task_data: bool | None = None,
    active: bool | None = None,
    secret: str | None = None,
    to_private: bool = False,
) -> list[ProjectEvent]:
    """Change some of a webhook; what is not given stays. The event holds all of it."""
    old = found(project, webhook)
    if url is not None:
        check_target(url, to_private=to_private)
    if event_types is not None:
        types_exist(event_types)
    if secret is not None:
        key_of(secret)
    new = Webhook(
        webhook,
        old.url if url is None else url,
        old.event_types if event_types is None else frozenset(event_types),
        old.include_task_data if include_task_data is None else include_task_data,
        old.secret_fingerprint if secret is None else fingerprint_of(secret),
        old.active if active is None else active,
        old.reason if active is None else "",
    )
    if new == old:
        return []
    return [
        WebhookChanged(
            project=project.id,
            webhook=webhook,
            url=new.url,
            event_types=sorted(new.event_types),
            include_task_data=new.include_task_data,
            active=new.active,
            secret_fingerprint=new.secret_fingerprint,
        )
    ]


def remove(project: Project, webhook: int) -> list[ProjectEvent]:
    """Send nothing more."""
    found(project, webhook)
    return [WebhookRemoved(project=project.id, webhook=webhook)]


def rewind(project: Project, webhook: int, after: int) -> list[ProjectEvent]:
    """Send everything after a position once more."""
    found(project, webhook)
    return [WebhookRewound(project=project.id, webhook=webhook, after=after)]


def disable(project: Project, webhook: int, reason: str) -> list[ProjectEvent]:
    """Give a webhook up. One that is gone, or not active, is left alone."""
    standing = project.webhooks.get(webhook)
    if standing is None or not standing.active:
        return []
    return [WebhookDisabled(project=project.id, webhook=webhook, reason=reason)]


def found(project: Project, webhook: int) -> Webhook:
    """The webhook; refused if the project has none of this id."""
    standing = project.webhooks.get(webhook)
    if standing is None:
        raise NotFound(f"Project {project.id} has no webhook {webhook}.")
    return standing


def types_exist(event_types: Sequence[str]) -> None:
    """Refuse types of events that there are not, each by its place."""
    faults = [
        Fault(f"/event_types/{place}", f"there is no event type {name!r}")
        for place, name in enumerate(event_types)
        if name not in EVENT_TYPES
    ]
    if faults:
        raise InvalidInput(f"{faults[0].pointer}: {faults[0].message}", faults=faults)


def key_of(secret: str) -> bytes:
    """The key that a secret holds; refused if it is none."""
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(SECRET_PREFIX) or len(key) not in SECRET_BYTES:
        message = f"must be {SECRET_PREFIX} and {SECRET_BYTES.start} to {SECRET_BYTES.stop - 1} bytes in base64"
        raise InvalidInput(f"/secret: {message}", faults=[Fault("/secret", message)])
    return key


def fingerprint_of(secret: str) -> str:
    """By what a secret is told from another in events, which do not hold it."""
    return sha256(secret.encode()).hexdigest()[:16]
