"""Links by which people come in."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from annolog.commands.inviting import AcceptInvitation, InvitePerson, RevokeInvitation
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.people.sessions import Method, must_be_good
from annolog.domain.people.state import Invitation
from annolog.domain.refusals import Fault, Forbidden, InvalidInput, InvitationEnded, NotFound
from annolog.infra.composition import Installation
from annolog.infra.digests import digest_of
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.browser import in_nobodys_name, sign_in
from annolog.infra.http.caller import Caller, Calling, answered
from annolog.infra.http.identity_bodies import Acceptance, NewInvitation
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.rates import vouch
from annolog.infra.http.reading import presented
from annolog.infra.identity.passwords import hashed

router = APIRouter(prefix="/v1/invitations", tags=["people"], route_class=StrictRoute)
USUALLY = timedelta(days=7)


@router.post(
    "", status_code=201, summary="Invite", response_model=Answered, responses=documented(Forbidden, InvalidInput)
)
async def invite(body: NewInvitation, caller: Calling) -> Response:
    """Have a link by which one person may come in. Its `secret` is shown this once; whoever has it may come in."""
    secret = secrets.token_urlsafe(32)
    command = InvitePerson(
        digest=digest_of(secret),
        expires_at=body.expires_at or caller.installation.clock() + USUALLY,
        role=body.role,
        custom_role=body.custom_role,
        workspaces=body.workspaces,
        approval=body.approval,
    )
    answer = await caller.send(command)
    if answer.repeated:
        return answered(answer, 201)
    return answered(type(answer)(answer.position, {**answer.value, "secret": secret}), 201)


@router.get("", summary="List invitations", responses=documented(Forbidden))
async def list_invitations(caller: Calling) -> Response:
    """The organization's invitations, also those that let nobody in any more, by id."""
    rights.require(Permission.INVITE_PEOPLE, caller.person)
    found = caller.installation.directory.invitations.values()
    own = sorted(
        (one for one in found if one.organization == caller.person.organization.id),
        key=lambda invitation: invitation.id,
    )
    return presented(caller.installation, {"invitations": [_shown(one, caller) for one in own]})


@router.delete(
    "/{invitation}",
    summary="Take an invitation back",
    response_model=Answered,
    responses=documented(Forbidden, NotFound),
)
async def revoke(invitation: Id, caller: Calling) -> Response:
    """Let the link let nobody in."""
    return await caller.answer(RevokeInvitation(invitation=invitation))


@router.post(
    "/accept",
    status_code=201,
    summary="Come in by an invitation",
    response_model=Answered,
    responses=documented(InvitationEnded, InvalidInput),
)
async def accept(body: Acceptance, request: Request) -> Response:
    """Come in by a link, once. Who has to be approved can sign in when they are. Asks for no token."""
    installation: Installation = request.app.state.installation
    password = body.password.get_secret_value() if body.password is not None else None
    if password is None and body.token is None:
        message = "give a password to sign in by, or a label for a token"
        raise InvalidInput(f"/password: {message}", faults=[Fault("/password", message)])
    hash = None
    if password is not None:
        must_be_good(password, body.handle)
        hash = await to_thread.run_sync(partial(hashed, password), limiter=request.app.state.hashing)
    token = f"annolog_{secrets.token_urlsafe(32)}" if body.token is not None else None
    command = AcceptInvitation(
        digest=digest_of(body.secret.get_secret_value()),
        handle=body.handle,
        hash=None if hash is None else SecretStr(hash),
        token_digest=digest_of(token) if token is not None else None,
        label=body.token or "",
    )
    answer = await in_nobodys_name(request, command)
    vouch(request.scope)
    told = {**answer.value} if token is None else {**answer.value, "secret": token}
    response = answered(type(answer)(answer.position, told), 201)
    person = installation.directory.person(told["person"])
    if hash is not None and person is not None and person.is_active:
        await sign_in(request, response, person, Method.INVITATION)
    return response


def _shown(invitation: Invitation, caller: Caller) -> dict[str, Any]:
    return {
        "invitation": invitation.id,
        "role": invitation.role.value,
        "custom_role": invitation.custom_role or None,
        "workspaces": {workspace: role.value for workspace, role in sorted(invitation.workspaces.items())},
        "approval": invitation.approval,
        "expires_at": invitation.expires_at.isoformat(),
        "open": invitation.holds(caller.installation.clock()),
        "person": invitation.person,
    }
