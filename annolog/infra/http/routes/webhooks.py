"""Webhooks: where what happens in a project is sent, where that stands, and sending it again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field, SecretStr
from sqlalchemy import Connection

from annolog.commands.command import Answer
from annolog.commands.subscribing import ChangeWebhook, RegisterWebhook, RemoveWebhook, ResendWebhook
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.project.subscribing import found
from annolog.domain.refusals import Forbidden, NotFound, StaleVersion, WrongState
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Calling, answered
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.webhooks.deliveries import standings
from annolog.infra.webhooks.message import new_secret
from annolog.infra.webhooks.presenting import listed, stands

router = APIRouter(prefix="/v1/projects/{id}/webhooks", tags=["webhooks"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound)
MANAGING = documented(Forbidden, NotFound, StaleVersion, WrongState)


class NewWebhook(Body):
    """Where to send, and what."""

    url: str = Field(examples=["https://example.org/annolog"])
    event_types: list[str] = Field(
        default_factory=list,
        max_length=1_000,
        description="Names of event types; all there are if empty.",
        examples=[["TaskExhausted", "TaskInfeasible"]],
    )
    include_task_data: bool = Field(default=False, description="Also the data of tasks, where events hold it.")
    after: int | None = Field(
        default=None, ge=0, le=LARGEST_ID, description="Begin after this position of the log instead of now."
    )


class ChangedWebhook(Body):
    """What is to be different; what is left out stays."""

    url: str | None = None
    event_types: list[str] | None = Field(default=None, max_length=1_000)
    include_task_data: bool | None = None
    active: bool | None = Field(default=None, description="false waits; true goes on where it stood, at once.")
    new_secret: bool = Field(default=False, description="Sign with another secret, which is shown this once.")


class Resending(Body):
    """From where on."""

    after: int = Field(ge=0, le=LARGEST_ID, description="A position of the log: the first after it comes first.")


@router.get("", summary="List webhooks", responses=SEEING)
async def list_webhooks(id: Id, caller: Calling) -> Response:
    """The webhooks of a project. For managers; secrets are not shown again."""
    project = caller.project(id, Permission.MANAGE_WEBHOOKS)
    return presented(caller.installation, {"webhooks": listed(project)})


@router.post("", status_code=201, summary="Register a webhook", response_model=Answered, responses=MANAGING)
async def register(id: Id, body: NewWebhook, caller: Calling) -> Response:
    """Have what happens from now on, or after a position, sent to a URL. `secret` is shown this once."""
    secret = new_secret()
    command = RegisterWebhook(
        project=id,
        url=body.url,
        event_types=body.event_types,
        include_task_data=body.include_task_data,
        after=body.after,
        secret=SecretStr(secret),
    )
    return _with_secret(await caller.send(command), secret, 201)


@router.patch("/{webhook}", summary="Change a webhook", response_model=Answered, responses=MANAGING)
async def change(id: Id, webhook: Id, body: ChangedWebhook, caller: Calling) -> Response:
    """Change some of it, also for what waits to be sent. It is tried at once afterwards."""
    secret = new_secret() if body.new_secret else None
    command = ChangeWebhook(
        project=id,
        webhook=webhook,
        url=body.url,
        event_types=body.event_types,
        include_task_data=body.include_task_data,
        active=body.active,
        secret=None if secret is None else SecretStr(secret),
    )
    return _with_secret(await caller.send(command), secret, 200)


@router.delete("/{webhook}", summary="Remove a webhook", response_model=Answered, responses=MANAGING)
async def remove(id: Id, webhook: Id, caller: Calling) -> Response:
    """Send nothing more, also of what waits."""
    return await caller.answer(RemoveWebhook(project=id, webhook=webhook))


@router.get("/{webhook}/deliveries", summary="Where a webhook stands", responses=SEEING)
async def deliveries(id: Id, webhook: Id, caller: Calling) -> Response:
    """Up to where everything is delivered, how often the next event was tried in vain, and what came back last."""
    standing = found(caller.project(id, Permission.MANAGE_WEBHOOKS), webhook)

    def query(connection: Connection) -> dict[str, Any]:
        return stands(standing, standings(connection, id))

    return presented(caller.installation, await read(caller.installation, 0, query))


@router.post("/{webhook}/resend", summary="Send again", response_model=Answered, responses=MANAGING)
async def resend(id: Id, webhook: Id, body: Resending, caller: Calling) -> Response:
    """Deliver everything after a position once more, in order, with the ids it had before."""
    return await caller.answer(ResendWebhook(project=id, webhook=webhook, after=body.after))


def _with_secret(answer: Answer, secret: str | None, status: int) -> Response:
    """The first answer shows the secret; a repeated one cannot, for the secret was another."""
    if secret is None or answer.repeated:
        return answered(answer, status)
    return answered(Answer(answer.position, {**answer.value, "secret": secret}), status)
