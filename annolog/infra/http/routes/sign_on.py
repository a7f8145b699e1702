"""Signing in by an identity provider: leaving for it, coming back, and ending the session there too."""

from __future__ import annotations

import logging
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import SecretStr

from annolog.commands.signing_on import EndSessionsThere, RecognizePerson
from annolog.domain.activity.events import SignInFailed, SignInFailure, SignInMethod
from annolog.domain.refusals import Fault, InvalidInput, NotFound, SignInRefused
from annolog.infra.composition import Installation
from annolog.infra.http.browser import in_nobodys_name, is_encrypted, sign_in, sign_out
from annolog.infra.http.client import client_of
from annolog.infra.http.noting import note_refusal
from annolog.infra.http.origin import PAGES_HEADER, PROVIDER_COOKIE, REFUSED_COOKIE
from annolog.infra.http.problems import documented
from annolog.infra.identity.openid import Answer
from annolog.infra.identity.sealed_state import LIFETIME, own_path
from annolog.infra.identity.signing_on import SignOn
from annolog.infra.peers import origin_of

logger = logging.getLogger(__name__)

PATH = "/v1/sign-on"
UNDER_WAY = "annolog_sign_on"
SIGN_IN = "/sign-in"
# Long enough to be led there, short enough not to be read again another time.
SAID_SECONDS = 15
MOST_LETTERS = 300
router = APIRouter(prefix=PATH, tags=["people"])
ProviderName = Annotated[str, Path(max_length=40)]
ReturnTo = Annotated[str, Query(max_length=1000, description="A path of ours to go to afterwards.")]


def _sign_on(request: Request) -> SignOn:
    found: SignOn = request.app.state.sign_on
    return found


def _own(request: Request, path: str) -> str:
    """An address of ours as the browser writes it."""
    installation: Installation = request.app.state.installation
    # Whoever writes another Host only misleads their own browser: the provider knows our addresses and refuses others.
    asked = origin_of(f"{client_of(request.scope).scheme}://{request.headers.get('host', '')}")
    place = installation.settings.public_url or asked
    if place is None:
        raise InvalidInput("header Host names no place", faults=[Fault("header/Host", "names no place")])
    return f"{place}{path}"


def _keep(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, secure=is_encrypted(request), httponly=True, samesite="lax", path=PATH
    )


@router.get("", summary="Providers to sign in by", responses=documented())
async def providers(request: Request) -> dict[str, Any]:
    """The identity providers that people may choose from."""
    found = [{"provider": one.name, "title": one.title} for one in _sign_on(request).providers]
    return {"providers": found}


@router.get(
    "/{provider}",
    summary="Leave for a provider",
    response_class=RedirectResponse,
    status_code=307,
    responses=documented(NotFound),
)
async def leave(provider: ProviderName, request: Request, return_to: ReturnTo = "/") -> Response:
    """Send the browser to the provider. What is needed when it comes back is with it, where only we read it."""
    callback = _own(request, f"/v1/sign-on/{provider}/callback")
    address, kept = await _sign_on(request).begin(provider, return_to, callback)
    response = RedirectResponse(address)
    _keep(request, response, UNDER_WAY, kept, int(LIFETIME.total_seconds()))
    return response


@router.get(
    "/{provider}/callback",
    summary="Come back from a provider",
    response_class=RedirectResponse,
    status_code=303,
    responses=documented(NotFound, SignInRefused),
)
async def come_back(provider: ProviderName, request: Request) -> Response:
    """See who came, let them in if they may, and go where they wanted. What was under way is worth nothing again.

    Where there are pages, a browser whose sign-in is refused goes back to the one to sign in on, which says why.
    """
    try:
        return await _come_back(provider, request)
    except SignInRefused as refusal:
        if not _shows_pages(request):
            raise
        note_refusal(request, refusal)
        response = RedirectResponse(SIGN_IN, status_code=303)
        response.set_cookie(
            REFUSED_COOKIE,
            quote(refusal.detail[:MOST_LETTERS], safe=""),
            max_age=SAID_SECONDS,
            secure=is_encrypted(request),
            httponly=True,
            samesite="lax",
            path=SIGN_IN,
        )
        response.delete_cookie(UNDER_WAY, path=PATH)
        return response


def _shows_pages(request: Request) -> bool:
    """Whether there are pages here, and who asks is one to look at them."""
    there = bool(getattr(request.app.state, "pages", False)) or PAGES_HEADER in request.headers
    return there and "text/html" in request.headers.get("accept", "")


async def _come_back(provider: str, request: Request) -> Response:
    sign_on = _sign_on(request)
    kept = sign_on.opened(request.cookies.get(UNDER_WAY), provider)
    installation: Installation = request.app.state.installation
    settings = sign_on.settings_of(provider)
    reason = SignInFailure.REFUSED_BY_PROVIDER
    try:
        claims = await sign_on.finish(kept, Answer.of(request.query_params))
        # From here on it is we who refuse.
        reason = SignInFailure.NOT_ALLOWED_THIS_WAY
        answer = await in_nobodys_name(
            request,
            RecognizePerson(
                provider=provider,
                organization=settings.organization,
                admits=settings.admits,
                subject=SecretStr(claims.subject),
                name=SecretStr(claims.name) if claims.name else None,
                email=SecretStr(claims.email) if claims.email and claims.email_verified else None,
                links_by_email=settings.links_by_email,
                groups=list(claims.groups),
            ),
        )
    except SignInRefused:
        failed = SignInFailed(
            organization=settings.organization,
            address=client_of(request.scope).address,
            method=SignInMethod.SIGN_ON,
            reason=reason,
            provider=provider,
        )
        installation.activity.sign_in_failed(failed)
        raise
    person = installation.directory.person(answer.value["person"])
    assert person is not None
    response = RedirectResponse(kept.return_to, status_code=303)
    await sign_in(request, response, person, SignInMethod.SIGN_ON, provider, claims.session or "")
    response.delete_cookie(UNDER_WAY, path=PATH)
    there = sign_on.sealed_token(provider, claims.id_token)
    if there is not None:
        seconds = int(installation.sessions.rules.absolute.total_seconds())
        _keep(request, response, PROVIDER_COOKIE, there, seconds)
    else:
        # What is there already may be somebody else's.
        response.delete_cookie(PROVIDER_COOKIE, path=PATH)
    return response


@router.post(
    "/sign-out",
    summary="Sign out here and there",
    response_class=RedirectResponse,
    status_code=303,
    responses=documented(),
)
async def sign_out_there(request: Request, return_to: ReturnTo = "/") -> Response:
    """End the session here, and at the provider where it offers that and can be reached."""
    path = own_path(return_to)
    response = RedirectResponse(path, status_code=303)
    await sign_out(request, response)
    address = await _end_there(request, path)
    if address is not None:
        response.headers["location"] = address
    if PROVIDER_COOKIE in request.cookies:
        # Only then has one of our pages asked: others are answered too, but have nothing taken away.
        response.delete_cookie(PROVIDER_COOKIE, path=PATH)
    return response


async def _end_there(request: Request, path: str) -> str | None:
    try:
        return await _sign_on(request).end_session_url(request.cookies.get(PROVIDER_COOKIE), _own(request, path))
    except SignInRefused as trouble:
        # Whoever leaves is out here, whatever their provider is up to.
        logger.warning("the session at the provider goes on", extra={"cause": trouble.detail})
        return None


@router.post(
    "/{provider}/ended",
    summary="A provider ended a session",
    status_code=200,
    responses=documented(NotFound, SignInRefused),
)
async def ended(
    provider: ProviderName, request: Request, logout_token: Annotated[str, Form(max_length=20_000)]
) -> Response:
    """What providers send behind the browser's back (OpenID Connect Back-Channel Logout): whose session ended there is
    out here too, in every browser.
    """
    sign_on = _sign_on(request)
    logged_out = await sign_on.logged_out(provider, logout_token)
    command = EndSessionsThere(
        provider=provider,
        organization=sign_on.settings_of(provider).organization,
        begun_by=logged_out.begun_by,
        session=logged_out.session,
        subject=None if logged_out.subject is None else SecretStr(logged_out.subject),
    )
    await in_nobodys_name(request, command)
    return Response(status_code=200)
