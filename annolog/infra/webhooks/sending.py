"""Hands events to receivers over HTTP, to no address that the installation does not allow."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import httpx

from annolog.domain.project.targets import is_private
from annolog.domain.project.webhook import Webhook
from annolog.domain.recorded import Recorded
from annolog.infra.webhooks.message import body_of, headers_of
from annolog.infra.withholding import Withholding
from annolog.services.delivering import MOST_AT_ONCE, Reply

# For one request with everything about it, from looking the name up to the last byte that is read.
LIMIT_SECONDS = 10.0
# Of what a receiver that refuses says, so much is kept; the rest of an answer is not even read.
MOST_ANSWER_BYTES = 300
# Names whose connections are kept open.
MOST_NAMES = 256


class NotAllowed(Exception):
    """The name leads to an address that nothing is sent to."""


class HttpSender:
    """Sends over connections that are kept open, one event a request. It belongs to the event loop that enters it."""

    def __init__(
        self,
        source: str,
        clock: Callable[[], datetime],
        withholding: Withholding,
        *,
        to_private_addresses: bool,
        limit_seconds: float = LIMIT_SECONDS,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._source = source
        self._clock = clock
        self._withholding = withholding
        self._to_private = to_private_addresses
        self._limit = limit_seconds
        self._trusted = trusted
        self._clients: OrderedDict[bytes, httpx.AsyncClient] = OrderedDict()
        # A look-up cannot be broken off: those of names that nobody answers for must leave room for others.
        self._look_ups = ThreadPoolExecutor(MOST_AT_ONCE, "webhooks-look-up")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._look_ups.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            await client.aclose()

    async def send(self, webhook: Webhook, secret: str, recorded: Recorded) -> Reply:
        """What came back, within the time limit; without a status if nothing did, or nothing could be sent."""
        # On a thread, since the log is asked what is sensitive.
        body = await asyncio.to_thread(
            body_of, recorded, self._source, self._withholding, include_task_data=webhook.include_task_data
        )
        headers = headers_of(str(recorded.id), self._clock(), body, secret)
        try:
            # The client's own limits are for one step each: a receiver that trickles would be waited for without end.
            async with asyncio.timeout(self._limit):
                return await self._post(httpx.URL(webhook.url), dict(headers), body)
        except TimeoutError:
            return Reply(None, f"no answer within {self._limit:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, NotAllowed, OSError, UnicodeError) as trouble:
            return Reply(None, f"{type(trouble).__name__}: {trouble}".removesuffix(": "))

    async def _post(self, url: httpx.URL, headers: dict[str, str], body: bytes) -> Reply:
        address = await self._address_of(url)
        client = await self._client_for(url)
        # Sent to the very address that was checked: looked up again the name might lead somewhere else.
        request = client.build_request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers={**headers, "host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")} if url.scheme == "https" else {},
        )
        response = await client.send(request, stream=True)
        try:
            said = b"" if response.is_success else await _beginning(response)
        finally:
            await response.aclose()
        words = "".join(c if c.isprintable() else " " for c in said.decode("utf-8", "replace")).strip()
        error = "" if response.is_success else f"HTTP {response.status_code}{f': {words}' if words else ''}"
        return Reply(response.status_code, error, _seconds(response.headers.get("retry-after", "")))

    async def _address_of(self, url: httpx.URL) -> str:
        """The first address of a name, if all of its addresses are allowed."""
        port = url.port or (443 if url.scheme == "https" else 80)
        look_up = partial(socket.getaddrinfo, url.host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._look_ups, look_up)
        addresses = [str(info[4][0]) for info in found]
        for address in addresses:
            if not self._to_private and is_private(ip_address(address.partition("%")[0])):
                raise NotAllowed(f"{url.host} is at {address}, which is not on the open network")
        return addresses[0]

    async def _client_for(self, url: httpx.URL) -> httpx.AsyncClient:
        """A client for each name that has to prove who it is, and one for all others.

        Connections are kept by address: one on which a name has proved to be itself would otherwise be used for
        another name at the same address, which has proved nothing.
        """
        name = url.raw_host if url.scheme == "https" else b""
        if name not in self._clients:
            self._clients[name] = self._opened()
        self._clients.move_to_end(name)
        client = self._clients[name]
        if len(self._clients) > MOST_NAMES:
            _, oldest = self._clients.popitem(last=False)
            await oldest.aclose()
        return client

    def _opened(self) -> httpx.AsyncClient:
        """A client: no redirections, which would pass the check of addresses by, and no proxy of the environment."""
        if self._trusted is None:
            self._trusted = httpx.create_ssl_context(trust_env=False)
        limits = httpx.Limits(max_connections=2 * MOST_AT_ONCE, max_keepalive_connections=MOST_AT_ONCE)
        return httpx.AsyncClient(
            verify=self._trusted, follow_redirects=False, trust_env=False, timeout=self._limit, limits=limits
        )


async def _beginning(response: httpx.Response) -> bytes:
    found = b""
    async for piece in response.aiter_bytes(MOST_ANSWER_BYTES):
        found += piece
        if len(found) >= MOST_ANSWER_BYTES:
            break
    return found[:MOST_ANSWER_BYTES]


def _seconds(text: str) -> float:
    """How long a receiver asks to be left alone; dates are not looked at."""
    return float(text[:6]) if text.isascii() and text.isdigit() else 0.0
