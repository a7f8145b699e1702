"""What a browser is given when somebody signs in, and how that is taken back."""

from __future__ import annotations

from uuid import uuid4

from anyio import to_thread
from fastapi import Request, Response

from annolog.commands.command import Answer, Command
from annolog.commands.command import Request as CommandRequest
from annolog.commands.scope import SYSTEM
from annolog.commands.signing_in import EndSession
from annolog.domain.activity.events import SignInMethod, SignOutCause
from annolog.domain.people.state import Person
from annolog.infra.composition import Installation
from annolog.infra.digests import digest_of
from annolog.infra.http.asynchronous import AsyncBus
from annolog.infra.http.client import client_of
from annolog.infra.http.correlation import CORRELATION
from annolog.infra.http.noting import is_of_note
from annolog.infra.http.origin import SESSION_COOKIE


def is_encrypted(request: Request) -> bool:
    """Whether cookies are for encrypted connections alone: as the browser is known to come, or as settings say."""
    installation: Installation = request.app.state.installation
    public = installation.settings.public_url or ""
    return client_of(request.scope).scheme == "https" or public.startswith("https:")


async def in_nobodys_name(request: Request, command: Command) -> Answer:
    """Run a command of the system's own, for somebody who is not in yet: the person whom the answer names, if any."""
    bus: AsyncBus = request.app.state.bus
    installation: Installation = request.app.state.installation
    id = uuid4()
    answer = await bus.run(CommandRequest(command, id, SYSTEM.id, correlation_id=request.scope[CORRELATION]))
    person = installation.directory.person(answer.value.get("person"))
    if is_of_note(command) and person is not None:
        installation.activity.located(id, person, client_of(request.scope).address)
    return answer


async def sign_in(
    request: Request,
    response: Response,
    person: Person,
    method: SignInMethod,
    provider: str = "",
    provider_session: str = "",
) -> None:
    """Begin a session, in a cookie that no page can read and no other site sends along with what it asks."""
    installation: Installation = request.app.state.installation
    await sign_out(request, response)
    token, command = installation.sessions.beginning(person.id, method, provider, provider_session)
    await in_nobodys_name(request, command)
    installation.activity.signed_in(person, method, client_of(request.scope).address, provider)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(installation.sessions.rules.absolute.total_seconds()),
        secure=is_encrypted(request),
        httponly=True,
        samesite="lax",
        path="/",
    )


async def sign_out(request: Request, response: Response) -> None:
    """End the session that the browser has, if it has one."""
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        installation: Installation = request.app.state.installation
        session = await to_thread.run_sync(installation.sessions.find, token)
        await in_nobodys_name(request, EndSession(digest=digest_of(token)))
        person = installation.directory.person(session.person) if session is not None else None
        if person is not None:
            installation.activity.signed_out(person, SignOutCause.PERSON, client_of(request.scope).address)
        installation.sessions.forget(token)
        response.delete_cookie(SESSION_COOKIE, path="/")
