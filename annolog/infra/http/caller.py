"""Who calls, and how their commands go to the bus and their answers come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from uuid import UUID, uuid4

import orjson
from anyio import to_thread
from fastapi import Depends, Request, Response

from annolog.commands.command import Answer, Command, command_id
from annolog.commands.command import Request as CommandRequest
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.people.state import Person
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput, NotFound, Unauthenticated
from annolog.domain.task.state import Task
from annolog.infra.composition import Installation
from annolog.infra.http.asynchronous import AsyncBus
from annolog.infra.http.client import client_of
from annolog.infra.http.correlation import CORRELATION
from annolog.infra.http.noting import CALLER, is_of_note
from annolog.infra.http.origin import SESSION_COOKIE, TOKEN_SCHEMES
from annolog.infra.http.rates import vouch

STREAM = "/v1/events/stream"
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a valid token, maybe acting for somebody else."""

    installation: Installation
    bus: AsyncBus
    actor: Person
    # Asks once more who comes with this token or session; the latter reads the database.
    again: Callable[[], Person]
    on_behalf_of: int | None
    key: str | None
    expected_version: int | None
    correlation_id: UUID
    address: str = ""

    @property
    def person(self) -> Person:
        """Whose rights count: the person acted for, where the caller may act for others."""
        if self.on_behalf_of is None:
            return self.actor
        rights.require(Permission.ACT_FOR_OTHERS, self.actor)
        return rights.acted_for(self.installation.directory, self.actor, self.on_behalf_of)

    @property
    def person_now(self) -> Person:
        """The person with the role they have by now, for what goes on for hours; refused once nothing speaks for them,
        or whatever they came with holds no longer.
        """
        actor = self.again()
        if self.on_behalf_of is None:
            return actor
        rights.require(Permission.ACT_FOR_OTHERS, actor)
        return rights.acted_for(self.installation.directory, actor, self.on_behalf_of)

    def project(self, id: int, permission: Permission = Permission.SEE_PROJECT) -> Project:
        """The project, if the caller may do this in it."""
        found = self.installation.states.project(id)
        must_exist(found)
        rights.require(permission, self.person, found)
        return found

    def task(self, id: int, permission: Permission = Permission.SEE_PROJECT) -> tuple[Task, Project]:
        """The task and its project, if the caller may do this in it. Of which project a hidden one is, is not told."""
        found = self.installation.states.task(id)
        try:
            return found, self.project(found.project, permission)
        except NotFound:
            raise NotFound(f"There is no task {id}.") from None

    def id_for(self, part: str = "") -> UUID:
        """The command's id: derived from the caller's key, so that sending it again is the same command."""
        return uuid4() if self.key is None else command_id(self.actor.id, f"{self.key}{part}")

    async def send(self, command: Command, part: str = "", *, versioned: bool = True) -> Answer:
        """Run a command in the caller's name; raises what refuses it."""
        return await self._run(command, self.id_for(part), versioned=versioned)

    async def send_anew(self, command: Command) -> Answer:
        """Run a command that may be sent any number of times, since sending it again changes nothing."""
        return await self._run(command, uuid4(), versioned=False)

    async def _run(self, command: Command, id: UUID, *, versioned: bool) -> Answer:
        self.installation.must_keep_up()
        request = CommandRequest(
            command,
            id,
            self.actor.id,
            self.on_behalf_of,
            self.correlation_id,
            expected_version=self.expected_version if versioned else None,
            limits=self.actor.limits,
        )
        name = type(command).__name__
        with self.installation.observer.tracing.span(name, self.correlation_id, id=request.id):
            answer = await self.bus.run(request)
        if is_of_note(command) and not answer.repeated:
            self.installation.activity.located(id, self.actor, self.address)
        return answer

    async def answer(self, command: Command, status: int = 200) -> Response:
        """Run a command and answer with what it came to."""
        return answered(await self.send(command), status)


def answered(answer: Answer, status: int = 200) -> Response:
    """The answer to a command. `position` is what a later query may wait for."""
    headers = {"X-Position": str(answer.position)}
    if answer.repeated:
        headers["Idempotency-Replayed"] = "true"
    body = orjson.dumps({**answer.value, "position": answer.position})
    return Response(body, status, headers, "application/json")


async def caller_of(request: Request) -> Caller:
    """Read the headers that say who calls and how: a token, or the cookie of a browser in which somebody signed in.

    A coroutine though it hardly ever waits: a plain function would be run on a thread, at more cost than its work.
    """
    installation: Installation = request.app.state.installation
    headers = request.headers
    key = headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise _header("Idempotency-Key", f"has between 1 and {LONGEST_KEY} characters")
    address = client_of(request.scope).address
    again, token = _credential(installation, request)
    person = again() if token else await to_thread.run_sync(again)
    vouch(request.scope)
    if token and (known := installation.token_of(token)) is not None:
        installation.activity.token_used(known.id, person, address)
    caller = Caller(
        installation,
        request.app.state.bus,
        person,
        again,
        _number(headers.get("annolog-on-behalf-of"), "Annolog-On-Behalf-Of"),
        key,
        _number((headers.get("if-match") or "").strip().removeprefix("W/").strip('"').removeprefix("v"), "If-Match"),
        request.scope[CORRELATION],
        address,
    )
    request.scope[CALLER] = caller
    return caller


def _credential(installation: Installation, request: Request) -> tuple[Callable[[], Person], str]:
    """What tells who asks, and the token if it is one: a session takes a database."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in TOKEN_SCHEMES and token:
        return partial(installation.person_of, token.strip()), token.strip()
    session = request.cookies.get(SESSION_COOKIE)
    if not session:
        raise Unauthenticated("Send a token: Authorization: Bearer <token>, or sign in.")
    # What goes on by itself for hours is not somebody at work.
    return partial(installation.person_in, session, using=request.url.path != STREAM), ""


def _number(text: str | None, name: str) -> int | None:
    if not text or text == "*":
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:20]) <= LARGEST_ID:
        raise _header(name, "is a positive integer")
    return int(text)


def _header(name: str, message: str) -> InvalidInput:
    return InvalidInput(f"header {name} {message}", faults=[Fault(f"header/{name}", message)])


Calling = Annotated[Caller, Depends(caller_of)]
