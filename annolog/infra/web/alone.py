"""Pages in a process of their own, before an API elsewhere: what is no page is passed on to it as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from annolog.domain.refusals import Unavailable
from annolog.infra.http.client import client_of
from annolog.infra.http.limits import HeadLimit
from annolog.infra.http.origin import PAGES_HEADER, OwnOrigin
from annolog.infra.http.problems import problem
from annolog.infra.http.shield import guarded
from annolog.infra.settings import InstallationSettings
from annolog.infra.web.door import Api, forgetful_client
from annolog.infra.web.mounting import NO_PAGES, attach

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# They are about one connection (RFC 9110, 7.6.1), and there are two.
OF_ONE_CONNECTION = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# Who comes is said by us: what a browser claims about that is not passed on.
SAID_BY_US = frozenset({"x-forwarded-for", "x-forwarded-proto", "forwarded", PAGES_HEADER})
# A stream of events says something every few seconds.
PATIENCE = httpx.Timeout(None, connect=5.0, read=60.0)


class AlonePages(FastAPI):
    """An application behind as much of the shield as pages need; the API has its own."""

    settings: InstallationSettings

    def build_middleware_stack(self) -> ASGIApp:
        """All of the application, shielded."""
        inner = HeadLimit(OwnOrigin(super().build_middleware_stack(), self.settings.origins_with_cookies))
        return guarded(inner, self.settings)


def create_pages(url: str, settings: InstallationSettings) -> FastAPI:
    """The pages of the API at this address."""
    far = forgetful_client(url, PATIENCE)
    api = Api(url=url)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await api.close()
        await far.aclose()

    app = AlonePages(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.settings = settings

    async def pass_on(request: Request) -> Response:
        return await passed_on(request, far, url)

    for place in NO_PAGES:
        app.router.routes.append(Route(place, pass_on, methods=METHODS))
        app.router.routes.append(Route(f"{place}/{{rest:path}}", pass_on, methods=METHODS))
    attach(app, api, settings.media_origins, settings.full_editor_dir, settings.most_body_bytes)
    return app


async def passed_on(request: Request, far: httpx.AsyncClient, url: str) -> Response:
    """What the API answers to a request, as it comes in."""
    client = client_of(request.scope)
    kept = [
        (name, value)
        for name, value in request.headers.raw
        if name.decode("latin-1") not in OF_ONE_CONNECTION | SAID_BY_US
    ]
    told = [
        (b"x-forwarded-for", client.address.encode()),
        (b"x-forwarded-proto", client.scheme.encode()),
        (PAGES_HEADER.encode(), b"1"),
    ]
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    content = request.stream() if has_body else None
    asked = far.build_request(request.method, target, headers=[*kept, *told], content=content)
    try:
        answer = await far.send(asked, stream=True)
    except httpx.HTTPError as trouble:
        refusal = Unavailable(f"The API at {url} cannot be reached: {trouble}", facts={"retry_after": 1})
        return problem(refusal, request.url.path)
    except ClientDisconnect:
        return Response(status_code=499)
    response = StreamingResponse(_pieces(answer), answer.status_code)
    response.raw_headers = [
        (name.lower(), value)
        for name, value in answer.headers.raw
        if name.decode("latin-1").lower() not in OF_ONE_CONNECTION
    ]
    return response


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()
