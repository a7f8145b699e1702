"""One id for everything that a request leads to: in answers, log lines, events and traces."""

from __future__ import annotations

from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid4

from annolog.infra.telemetry.logs import correlated
from annolog.infra.telemetry.tracing import Tracing, correlation_of

HEADER = b"x-correlation-id"
CORRELATION = "annolog.correlation"


class Correlation:
    """Takes the id from a `traceparent` header, or makes one, and tells it in `X-Correlation-Id`."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)
        correlation: UUID = correlation_of(parent) or uuid4()
        scope[CORRELATION] = correlation
        shown = str(correlation).encode()

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, shown)]
            await send(message)

        attributes = {"http.request.method": scope["method"], "url.path": scope["path"]}
        with (
            correlated(correlation),
            self._tracing.span(f"HTTP {scope['method']}", correlation, attributes, parent=parent),
        ):
            await self._app(scope, receive, tell)
