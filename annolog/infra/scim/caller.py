"""Which identity provider calls, and what it reads and writes: everything in the one organization of its token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from pydantic import ValidationError
from scim2_models import BaseModel, Context, Error, InvalidSyntaxException, SCIMException

from annolog.commands.command import Answer, Command
from annolog.commands.profiles import Known
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.organization.state import Organization
from annolog.domain.people.state import Directory
from annolog.infra.http.caller import Caller, caller_of
from annolog.infra.http.noting import CALLER
from annolog.infra.scim.errors import PREFIX
from annolog.infra.scim.models import SERVICE, TOLERANT

IF_MATCH = b"if-match"


@dataclass(frozen=True, slots=True)
class Client:
    """An identity provider that may provision."""

    request: Request
    caller: Caller

    @property
    def directory(self) -> Directory:
        """Everybody there is."""
        return self.caller.installation.directory

    @property
    def organization(self) -> Organization:
        """Its organization, as it is now."""
        return self.directory.organizations[self.caller.person.organization.id]

    def known(self, organization: Organization) -> Known:
        """Whom it answers for, by what it said. Opens what is sealed: not for event loops."""
        return self.caller.installation.bus.profiles.of(organization)

    @property
    def base(self) -> str:
        """Where everything is found."""
        return f"{str(self.request.base_url).rstrip('/')}{PREFIX}"

    @property
    def expected(self) -> str | None:
        """The version that a change is to be made on, if the client says one."""
        return _tag(self.request.headers.get("if-match"))

    def has(self, version: str) -> bool:
        """Whether the client has this version already."""
        return _tag(self.request.headers.get("if-none-match")) == version

    async def said(self) -> Any:
        """What was sent, read strictly."""
        try:
            return orjson.loads(await self.request.body())
        except orjson.JSONDecodeError as wrong:
            raise InvalidSyntaxException(detail=f"The body is not JSON: {wrong}") from None

    async def send(self, command: Command) -> Answer:
        """Run a command in the client's name. Sent again it finds that it is no news."""
        return await self.caller.send_anew(command)


def _tag(header: str | None) -> str | None:
    text = (header or "").strip()
    return None if text in ("", "*") else text.removeprefix("W/").strip('"')


def parsed(model: Any, said: Any, context: Context) -> Any:
    """What was sent as the model has it; refused in SCIM's words, the first fault told."""
    try:
        with SERVICE:
            return model.model_validate(said, scim_ctx=context, scim_policy=TOLERANT)
    except ValidationError as wrong:
        raise SCIMException.from_error(Error.from_validation_errors(wrong)[0]) from None


def dumped(model: BaseModel, context: Context, parameters: Any = None) -> Any:
    """A model as it is sent, with the attributes that were asked for."""
    return model.model_dump(scim_ctx=context, response_parameters=parameters)


async def client_of(request: Request) -> Client:
    """Read who calls. Versions are no numbers here, so `If-Match` is not what it is elsewhere."""
    headers = [(name, value) for name, value in request.scope["headers"] if name != IF_MATCH]
    caller = await caller_of(Request({**request.scope, "headers": headers}))
    # On the request that refusals are noted of, and not on the copy.
    request.scope[CALLER] = caller
    rights.require(Permission.PROVISION, caller.person)
    return Client(request, caller)


Calling = Annotated[Client, Depends(client_of)]
