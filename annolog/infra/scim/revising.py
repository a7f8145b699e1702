"""Changes of users and of groups, made on what there is when they are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Response
from scim2_models import Context, Resource

from annolog.commands.command import Command
from annolog.domain.refusals import StaleVersion
from annolog.infra.scim.answers import answered, parameters_of
from annolog.infra.scim.caller import Client

Model = TypeVar("Model", bound=Resource[Any])

# How often a change is made anew on what another one left, before the client is told.
TRIES = 5


async def revised(
    client: Client,
    shown: Callable[[], Awaitable[tuple[Model, str]]],
    asked: Callable[[Model, str], Command],
    context: Context,
) -> Response:
    """Change what there is now; if somebody else does meanwhile, change what they left.

    `shown` is what there is with its version, `asked` the command that changes it, if it is still at a version.
    """
    expected = client.expected
    for left in reversed(range(TRIES)):
        before, version = await shown()
        parameters = parameters_of(client.request, type(before))
        command = asked(before, expected or version)
        try:
            await client.send(command)
            break
        except StaleVersion:
            if expected is not None or not left:
                raise
    found, _ = await shown()
    return answered(found, context, 200, parameters)
