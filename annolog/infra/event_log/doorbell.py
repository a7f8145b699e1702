"""Wakes whoever follows the log. It says that there is something new, never what."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

Listener = Callable[[], None]


class Doorbell:
    """Calls every listener when it rings. Listeners must return at once: they set a flag, no more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> None:
        """Be called from now on."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def leave(self, listener: Listener) -> None:
        """Be called no more."""
        with self._lock:
            self._listeners = tuple(other for other in self._listeners if other != listener)

    def ring(self) -> None:
        """Call everybody."""
        for listener in self._listeners:
            listener()
