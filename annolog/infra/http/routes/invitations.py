"""Links by which people come in."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from annolog.commands.inviting import RevokeInvitation
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.activity.events import SignInMethod
from annolog.domain.people.invitations import must_hold
from annolog.domain.people.state import Invitation
from annolog.domain.refusals import Forbidden, InvalidInput, InvitationEnded, NotFound
from annolog.infra.composition import Installation
from annolog.infra.digests import digest_of
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.browser import in_nobodys_name, sign_in
from annolog.infra.http.caller import Calling, answered
from annolog.infra.http.identity_bodies import Acceptance, NewInvitation
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.rates import vouch
from annolog.infra.http.reading import presented
from annolog.infra.identity.ways_in import accepting, inviting

router = APIRouter(prefix="/v1/invitations", tags=["people"], route_class=StrictRoute)


@router.post(
    "", status_code=201, summary="Invite", response_model=Answered, responses=documented(Forbidden, InvalidInput)
)
async def invite(body: NewInvitation, caller: Calling) -> Response:
    """Have a link by which one person may come in. Its `secret` is shown this once; whoever has it may come in."""
    command, secret = inviting(body.model_dump())
    answer = await caller.send(command)
    if answer.repeated:
        return answered(answer, 201)
    return answered(type(answer)(answer.position, {**answer.value, "secret": secret}), 201)


@router.get("", summary="List invitations", responses=documented(Forbidden))
async def list_invitations(caller: Calling) -> Response:
    """The organization's invitations, also those that let nobody in any more, by id."""
    rights.require(Permission.INVITE_PEOPLE, caller.person)
    own = caller.installation.directory.invitations_of(caller.person.organization.id)
    now = caller.installation.clock()
    return presented(caller.installation, {"invitations": [shown(one, now) for one in own]})


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
    secret = body.secret.get_secret_value()
    # Nobody without an invitation has passwords hashed: it is work.
    must_hold(installation.directory, digest_of(secret), installation.clock())
    command, token = await to_thread.run_sync(
        partial(accepting, secret, body.handle, password, body.token),
        limiter=request.app.state.hashing,
    )
    answer = await in_nobodys_name(request, command)
    vouch(request.scope)
    told = {**answer.value} if token is None else {**answer.value, "secret": token}
    response = answered(type(answer)(answer.position, told), 201)
    person = installation.directory.person(told["person"])
    if password is not None and person is not None and person.is_active:
        await sign_in(request, response, person, SignInMethod.INVITATION)
    return response


def shown(invitation: Invitation, now: datetime) -> dict[str, Any]:
    """An invitation as it is listed; its secret is known to nobody here."""
    return {
        "invitation": invitation.id,
        "role": invitation.role.value,
        "custom_role": invitation.custom_role or None,
        "workspaces": {workspace: role.value for workspace, role in sorted(invitation.workspaces.items())},
        "approval": invitation.approval,
        "expires_at": invitation.expires_at.isoformat(),
        "open": invitation.holds(now),
        "person": invitation.person,
    }
