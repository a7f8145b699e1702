"""Connections end that say nothing, or never come to the end of what they say before the body."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from annolog.infra.http.limits import LONGEST_URL_BYTES, MOST_HEADER_BYTES

HEAD_SECONDS = 10.0
# Request line and headers with the signs between them. What is shorter than this and still too much is refused by
# `HeadLimit`, in words.
MOST_HEAD_BYTES = 2 * (LONGEST_URL_BYTES + MOST_HEADER_BYTES)

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class ImpatientProtocol(HttpToolsProtocol):
    """The server's own way to speak HTTP, which waits for ever for the end of a head of any length, with an end."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_head = True
        self._heads = 0
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and look whether a head has come to its end by now."""
        heads = self._heads
        super().data_received(data)
        # A piece in which a head begins may hold the end of a body before it, so it is not counted.
        if self._in_head and heads == self._heads and self._head_timer is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._end(TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._heads += 1
        self._await_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; what comes after the body is none of ours."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; how long the body may take is decided further in."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._stop_waiting()
        self._in_head, self._head_bytes = True, 0
        self._head_timer = self.loop.call_later(self.head_seconds, self._end, TOO_SLOW)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end(self, answer: bytes) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        # In the middle of another answer nothing can be said, and who never asked awaits none.
        if self._heads > 0 and not self._is_answering():
            self.transport.write(answer)
        self.transport.close()

    def _is_answering(self) -> bool:
        return bool(self.cycle) and not self.cycle.response_complete
