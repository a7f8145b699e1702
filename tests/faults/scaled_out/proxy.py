"""A network that can be made to stand still, or to lose every connection."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from threading import Event, Thread
from time import monotonic, sleep

from tools.services.ground import free_port


class StallingProxy:
    """Passes on what comes in on a port of its own, except while it is stalled: then nothing moves, nothing breaks.

    `cut` breaks what is connected at that moment, and lets whoever comes back in again.
    """

    def __init__(self, target: int, port: int | None = None) -> None:
        self.port = port or free_port()
        self._target = target
        self._flowing = Event()
        self._flowing.set()
        self._connected: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    def busy(self, connections: int, seconds: float) -> None:
        """Wait until so many are connected: who was cut off comes back after a rest that grows."""
        begun = monotonic()
        while len(self._connected) // 2 < connections:
            assert monotonic() - begun < seconds, f"{len(self._connected) // 2} connected after {seconds} seconds"
            sleep(0.05)

    def cut(self) -> int:
        """Break every connection in the middle of whatever it carries; how many those were."""
        ends = list(self._connected)
        for end in ends:
            with suppress(OSError):
                # What was not passed on is lost, and the other side is told by a reset.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
        return len(ends) // 2

    def close(self) -> None:
        self._flowing.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                inner, _ = self._listener.accept()
                Thread(target=self._connect, args=(inner,), daemon=True).start()

    def _connect(self, inner: socket.socket) -> None:
        self._flowing.wait()
        try:
            outer = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            inner.close()
            return
        back = Thread(target=self._pump, args=(outer, inner), daemon=True)
        self._connected |= {inner, outer}
        back.start()
        self._pump(inner, outer)
        back.join()
        self._connected -= {inner, outer}
        inner.close()
        outer.close()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65_536):
                self._flowing.wait()
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
