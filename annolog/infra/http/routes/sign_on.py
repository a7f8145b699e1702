"""Signing in by an identity provider: leaving for it, coming back, and ending the session there too."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import SecretStr

from annolog.commands.signing_on import EndSessionsThere, RecognizePerson
from annolog.domain.activity.events import SignInMethod
from annolog.domain.refusals import NotFound, SignInRefused
from annolog.infra.composition import Installation
from annolog.infra.http.browser import in_nobodys_name, sign_in, sign_out
from annolog.infra.http.client import client_of
from annolog.infra.http.problems import documented
from annolog.infra.http.rates import vouch
from annolog.infra.identity.openid import Answer
from annolog.infra.identity.signing_on import SignOn

router = APIRouter(prefix="/v1/sign-on", tags=["people"])
UNDER_WAY = "annolog_sign_on"
THERE = "annolog_signed_on"
ONCE = timedelta(minutes=10)
ProviderName = Annotated[str, Path(max_length=40)]
ReturnTo = Annotated[str, Query(max_length=1000, description="A path of ours to go to afterwards.")]


def _sign_on(request: Request) -> SignOn:
    found: SignOn = request.app.state.sign_on
    return found


def _own(request: Request, path: str) -> str:
    """An address of ours as the browser writes it."""
    installation: Installation = request.app.state.installation
    configured = installation.settings.public_url
    place = configured or f"{client_of(request.scope).scheme}://{request.headers.get('host', '')}"
    return f"{place.rstrip('/')}{path}"


def _keep(request: Request, response: Response, name: str, value: str, seconds: int, path: str) -> None:
    secure = client_of(request.scope).scheme == "https"
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax", path=path)


@router.get("", summary="Providers to sign in by")
async def providers(request: Request) -> dict[str, Any]:
    """The identity providers that people may choose from."""
    vouch(request.scope)
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
    _keep(request, response, UNDER_WAY, kept, int(ONCE.total_seconds()), "/v1/sign-on")
    vouch(request.scope)
    return response


@router.get(
    "/{provider}/callback",
    summary="Come back from a provider",
    response_class=RedirectResponse,
    status_code=303,
    responses=documented(NotFound, SignInRefused),
)
async def come_back(provider: ProviderName, request: Request) -> Response:
    """See who came, let them in if they may, and go where they wanted. What was under way is worth nothing again."""
    sign_on = _sign_on(request)
    kept = sign_on.opened(request.cookies.get(UNDER_WAY), provider)
    claims = await sign_on.finish(kept, Answer.of(request.query_params))
    settings = sign_on.settings_of(provider)
    answer = await in_nobodys_name(
        request,
        RecognizePerson(
            provider=provider,
            organization=settings.organization,
            admits=settings.admits,
            subject=SecretStr(claims.subject),
            name=SecretStr(claims.name) if claims.name else None,
            email=SecretStr(claims.email) if claims.email else None,
            vouched=claims.email_verified and settings.links_by_email,
            groups=list(claims.groups),
        ),
    )
    installation: Installation = request.app.state.installation
    person = installation.directory.person(answer.value["person"])
    assert person is not None
    response = RedirectResponse(kept.return_to, status_code=303)
    await sign_in(request, response, person, SignInMethod.SIGN_ON, provider, claims.session or "")
    response.delete_cookie(UNDER_WAY, path="/v1/sign-on")
    there = sign_on.sealed_token(provider, claims.id_token)
    if there is not None:
        seconds = int(installation.sessions.rules.absolute.total_seconds())
        _keep(request, response, THERE, there, seconds, "/v1/sign-on")
    vouch(request.scope)
    return response


@router.post("/sign-out", summary="Sign out here and there", response_class=RedirectResponse, status_code=303)
async def sign_out_there(request: Request, return_to: ReturnTo = "/") -> Response:
    """End the session here, and at the provider where it offers that."""
    sign_on = _sign_on(request)
    address = await sign_on.end_session_url(request.cookies.get(THERE), _own(request, return_to))
    response = RedirectResponse(address or _own(request, return_to), status_code=303)
    await sign_out(request, response)
    response.delete_cookie(THERE, path="/v1/sign-on")
    vouch(request.scope)
    return response


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
        session=logged_out.session,
        subject=None if logged_out.subject is None else SecretStr(logged_out.subject),
    )
    await in_nobodys_name(request, command)
    vouch(request.scope)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})
