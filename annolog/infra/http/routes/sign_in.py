"""Signing in and out, and passwords."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from annolog.commands.command import Command
from annolog.commands.signing_in import EndSession, EndSessions, RemovePassword
from annolog.domain.activity.events import SignInFailed, SignInFailure, SignInMethod, SignOutCause
from annolog.domain.people.sessions import must_be_good
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, TooManyRequests, Unauthenticated, WrongState
from annolog.infra.composition import Installation
from annolog.infra.digests import digest_of
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.browser import in_nobodys_name, sign_in, sign_out
from annolog.infra.http.caller import Caller, Calling, answered
from annolog.infra.http.client import client_of
from annolog.infra.http.identity_bodies import Credentials, NewPassword
from annolog.infra.http.origin import SESSION_COOKIE
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.identity.by_password import REFUSAL, Tried, by_password, change_password
from annolog.infra.personal.showing import pseudonymous

# Enough to tell somebody's sessions apart; of the digest of 256 random bits nothing can be made.
SHOWN_OF_DIGEST = 16
SessionName = Annotated[str, Path(max_length=100)]
router = APIRouter(prefix="/v1", tags=["people"], route_class=StrictRoute)


@router.post("/sign-in", summary="Sign in", responses=documented(TooManyRequests))
async def sign_in_by_password(body: Credentials, request: Request, response: Response) -> dict[str, Any]:
    """Come in by a password, in a browser: what follows rides on a cookie. Programs have tokens."""
    installation: Installation = request.app.state.installation
    address = client_of(request.scope).address
    try:
        request.app.state.throttle.try_once(body.name, address)
    except TooManyRequests:
        _note(installation, address, Tried(None, SignInFailure.THROTTLED))
        raise
    tried = await to_thread.run_sync(
        partial(by_password, installation, body.name, body.password.get_secret_value(), body.organization),
        limiter=request.app.state.hashing,
    )
    person = tried.person
    if person is None:
        _note(installation, address, tried)
        raise Unauthenticated(REFUSAL)
    request.app.state.throttle.was_right(body.name, address)
    await sign_in(request, response, person, SignInMethod.PASSWORD)
    return pseudonymous(person)


def _note(installation: Installation, address: str, tried: Tried) -> None:
    """Have it recorded that somebody did not come in."""
    assert tried.failure is not None
    meant = tried.meant
    failed = SignInFailed(
        organization=meant.organization.id if meant is not None else None,
        person=meant.id if meant is not None else None,
        address=address,
        method=SignInMethod.PASSWORD,
        reason=tried.failure,
    )
    installation.activity.sign_in_failed(failed)


@router.post("/sign-out", summary="Sign out", status_code=204, responses=documented())
async def sign_out_here(request: Request) -> Response:
    """End the session that the browser has. Without one there is nothing to end."""
    response = Response(status_code=204)
    await sign_out(request, response)
    return response


@router.post(
    "/me/password",
    summary="Change my password",
    response_model=Answered,
    responses=documented(Forbidden, InvalidInput, WrongState),
)
async def change_own_password(body: NewPassword, request: Request, caller: Calling) -> Response:
    """Sign in by another password from now on. The old one is asked for where there is one; every session ends."""
    person = caller.actor
    if caller.on_behalf_of is not None or person.limits is not None:
        raise Forbidden("A password is changed by the person themselves, with all they may.")
    new = body.new.get_secret_value()
    must_be_good(new, person.handle)
    old = body.old.get_secret_value() if body.old is not None else None
    name = f"password of {person.id}"
    address = client_of(request.scope).address
    request.app.state.throttle.try_once(name, address)
    command = await to_thread.run_sync(
        partial(change_password, caller.installation, person, old, new), limiter=request.app.state.hashing
    )
    request.app.state.throttle.was_right(name, address)
    answer = await in_nobodys_name(request, command)
    caller.installation.sessions.forget_all_of(person.id)
    return answered(answer)


@router.delete(
    "/people/{id}/password",
    summary="Remove a password",
    response_model=Answered,
    responses=documented(Forbidden, NotFound),
)
async def remove_password(id: Id, caller: Calling) -> Response:
    """Have somebody sign in by a password no longer. For administrators; every session of the person ends."""
    return await _ended(id, RemovePassword(person=id), caller)


@router.post(
    "/people/{id}/sign-out",
    summary="End sessions",
    response_model=Answered,
    responses=documented(Forbidden, NotFound),
)
async def sign_out_everywhere(id: Id, caller: Calling) -> Response:
    """End every session of a person, wherever it is: one's own, or for administrators somebody's."""
    return await _ended(id, EndSessions(person=id), caller)


@router.get("/me/sessions", summary="List my sessions", responses=documented())
async def list_own_sessions(request: Request, caller: Calling) -> Response:
    """Where one is signed in: how, since when, and when something was last asked. `here` is the session that asks."""
    found = await to_thread.run_sync(caller.installation.sessions.of, caller.person.id)
    token = request.cookies.get(SESSION_COOKIE)
    here = digest_of(token) if token else ""
    rows = [
        {
            "session": session.digest[:SHOWN_OF_DIGEST],
            "method": session.method.value,
            "provider": session.provider or None,
            "begun_at": session.begun_at.isoformat(),
            "seen_at": session.seen_at.isoformat(),
            "here": session.digest == here,
        }
        for session in found
    ]
    return presented(caller.installation, {"sessions": rows})


@router.delete(
    "/me/sessions/{session}",
    summary="End one of my sessions",
    response_model=Answered,
    responses=documented(NotFound),
)
async def end_own_session(session: SessionName, request: Request, caller: Calling) -> Response:
    """Let a browser that one has left somewhere speak for nobody."""
    person = caller.person
    among = await to_thread.run_sync(caller.installation.sessions.of, person.id)
    found = next((one for one in among if one.digest[:SHOWN_OF_DIGEST] == session), None)
    if found is None:
        raise NotFound(f"There is no session {session}.")
    answer = await in_nobodys_name(request, EndSession(digest=found.digest))
    caller.installation.sessions.forget_all_of(person.id)
    caller.installation.activity.signed_out(person, SignOutCause.PERSON, client_of(request.scope).address)
    return answered(answer)


async def _ended(person: int, command: Command, caller: Caller) -> Response:
    """Run a command that ends every session of a person, and have this process know it at once."""
    answer = await caller.send(command)
    caller.installation.sessions.forget_all_of(person)
    return answered(answer)
