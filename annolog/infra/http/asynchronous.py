"""The bus for an event loop: no thread waits, and a whole batch wakes the loop once."""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Lock

from annolog.commands.bus import CommandBus, Outcome
from annolog.commands.command import Answer, Request

Delivery = tuple["asyncio.Future[Answer]", Outcome]


class AsyncBus:
    """Sends commands from one event loop. Make it inside the loop that uses it."""

    def __init__(self, bus: CommandBus) -> None:
        self._bus = bus
        self._loop = asyncio.get_running_loop()
        self._delivered: deque[Delivery] = deque()
        self._lock = Lock()
        self._scheduled = False

    async def run(self, request: Request) -> Answer:
        """Run a command; raises what refuses it."""
        future: asyncio.Future[Answer] = self._loop.create_future()
        self._bus.enqueue(request, lambda outcome: self._deliver((future, outcome)))
        return await future

    def _deliver(self, delivery: Delivery) -> None:
        """Called on the writer's thread, once for each command of a batch."""
        with self._lock:
            self._delivered.append(delivery)
            if self._scheduled:
                return
            self._scheduled = True
        self._loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        with self._lock:
            delivered, self._delivered = self._delivered, deque()
            self._scheduled = False
        for future, outcome in delivered:
            if future.cancelled():
                continue
            if isinstance(outcome, Answer):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)
