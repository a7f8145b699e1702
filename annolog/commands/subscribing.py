"""What may be asked about the webhooks of a project. Their secrets are kept beside the log, never in it."""

from __future__ import annotations

from pydantic import Field, SecretStr

from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand, managed
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID, IdKind, project_stream
from annolog.domain.project import subscribing
from annolog.domain.project.events import ProjectEvent
from annolog.domain.project.state import Project


class RegisterWebhook(ProjectCommand):
    """Have what happens in a project sent to a URL, from now on or from a position of the log on."""

    url: str
    event_types: list[str] = Field(default_factory=list, max_length=1_000)
    include_task_data: bool = False
    after: int | None = Field(default=None, ge=0, le=LARGEST_ID)
    secret: SecretStr


class ChangeWebhook(ProjectCommand):
    """Change some of a webhook; what is not given stays. To make it active again has it tried at once."""

    webhook: int
    url: str | None = None
    event_types: list[str] | None = Field(default=None, max_length=1_000)
    include_task_data: bool | None = None
    active: bool | None = None
    secret: SecretStr | None = None


class RemoveWebhook(ProjectCommand):
    """Send nothing more."""

    webhook: int


class ResendWebhook(ProjectCommand):
    """Send everything after a position of the log once more. What was not reached yet comes anyway."""

    webhook: int
    after: int = Field(ge=0, le=LARGEST_ID)


class DisableWebhook(ProjectCommand):
    """Give a webhook up. Sent by the service that delivers."""

    webhook: int
    reason: str = Field(max_length=2_000)


def _decided(project: Project, webhook: int, events: list[ProjectEvent]) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id, "webhook": webhook})


@handles(RegisterWebhook)
def register(command: RegisterWebhook, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope, Permission.MANAGE_WEBHOOKS)
    webhook = scope.id(IdKind.WEBHOOK)
    secret = command.secret.get_secret_value()
    events = subscribing.register(
        project,
        webhook,
        command.url,
        command.event_types,
        secret,
        include_task_data=command.include_task_data,
        after=command.after,
        to_private=scope.to_private_addresses,
    )
    scope.webhook_secrets[webhook] = secret
    return _decided(project, webhook, events)


@handles(ChangeWebhook)
def change(command: ChangeWebhook, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope, Permission.MANAGE_WEBHOOKS)
    secret = None if command.secret is None else command.secret.get_secret_value()
    events = subscribing.change(
        project,
        command.webhook,
        url=command.url,
        event_types=command.event_types,
        include_task_data=command.include_task_data,
        active=command.active,
        secret=secret,
        to_private=scope.to_private_addresses,
    )
    if secret is not None:
        scope.webhook_secrets[command.webhook] = secret
    return _decided(project, command.webhook, events)


@handles(RemoveWebhook)
def remove(command: RemoveWebhook, scope: Scope) -> Decision:
    """For managers. Its secret is forgotten."""
    project = managed(command, scope, Permission.MANAGE_WEBHOOKS)
    events = subscribing.remove(project, command.webhook)
    scope.webhook_secrets[command.webhook] = None
    return _decided(project, command.webhook, events)


@handles(ResendWebhook)
def resend(command: ResendWebhook, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope, Permission.MANAGE_WEBHOOKS)
    return _decided(project, command.webhook, subscribing.rewind(project, command.webhook, command.after))


@handles(DisableWebhook)
def disable(command: DisableWebhook, scope: Scope) -> Decision:
    """What was removed or disabled meanwhile is left alone."""
    scope.must_be_system()
    project = scope.project(command.project, Permission.MANAGE_WEBHOOKS)
    return _decided(project, command.webhook, subscribing.disable(project, command.webhook, command.reason))
