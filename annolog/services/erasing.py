"""Destroys the keys of people who were erased: after the fact is recorded, and until every one of them is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

from annolog.commands.vault import Vault
from annolog.domain.people.state import Directory
from annolog.domain.refusals import Unavailable

logger = logging.getLogger(__name__)


class KeyDestruction:
    """Looks at who was erased when it starts and every moment afterwards.

    A process that dies between the event and the key leaves work, not a way back: nothing opens what is sealed of
    somebody who was erased, whether the key is there or not. Keys that come back with an old backup go again.
    """

    def __init__(self, directory: Callable[[], Directory], vault: Vault, every_seconds: float) -> None:
        self._directory = directory
        self._vault = vault
        self._every = every_seconds
        # Known to be gone, scrubbed and all, since this process began.
        self._gone: frozenset[int] = frozenset()
        self._one_at_a_time = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None
        self.trouble: str | None = None

    def start(self) -> None:
        """Look on a thread of its own."""
        self._thread = Thread(target=self._run, name="key-destruction", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def sweep(self) -> int:
        """Destroy the keys of everybody erased that are not known to be gone; how many people that were."""
        with self._one_at_a_time:
            erased = self._directory().erased
            left = sorted(erased - self._gone)
            self._vault.forget(left)
            self._gone = erased
        if left:
            logger.info("keys destroyed", extra={"people": left})
        return len(left)

    def _run(self) -> None:
        while True:
            try:
                self.sweep()
                self.trouble = None
            except Unavailable as refusal:
                self.trouble = f"keys of erased people are not destroyed yet: {refusal.detail}"
                logger.warning("key destruction waits", extra={"cause": refusal.detail})
            except Exception as trouble:
                self.trouble = f"keys of erased people are not destroyed: {trouble!r}"
                logger.exception("key destruction failed")
            if self._stopping.wait(self._every):
                return
