"""Delivers webhooks in this process, on a thread of its own: of all processes on one log exactly one does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread

import psycopg

from annolog.infra.backbone.leadership import leadership
from annolog.infra.databases import Database
from annolog.infra.event_log.log import SqlEventLog
from annolog.infra.settings import InstallationSettings
from annolog.infra.webhooks.deliveries import SqlDeliveries
from annolog.infra.withholding import Withholding
from annolog.projections.engine.parking import is_outage
from annolog.services.delivering import Delivery, DeliveryObserver
from annolog.services.reactor import Bus
from annolog.services.webhooks import Webhooks

logger = logging.getLogger(__name__)

WEBHOOK_LOCK = 0x616E6E6F_77656268
READERS = 4
RETRY_SECONDS = 0.5


class WebhookDelivery:
    """Follows the log for all webhooks, or stands by while another process does."""

    def __init__(
        self,
        settings: InstallationSettings,
        log_database: Database,
        read_database: Database,
        log: SqlEventLog,
        bus: Bus,
        clock: Callable[[], datetime],
        observer: DeliveryObserver,
    ) -> None:
        self._settings = settings
        self._log = log
        self._withholding = Withholding(log)
        self._deliveries = SqlDeliveries(read_database.writer)
        self._bus = bus
        self._clock = clock
        self._observer = observer
        # A folder of embedded databases has one process that serves it.
        self._lock_url: str | None = None
        if log_database.is_postgresql:
            url = log_database.writer.url.set(drivername="postgresql")
            self._lock_url = url.render_as_string(hide_password=False)
        self._stopping = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._at_work: Webhooks | None = None
        self._thread = Thread(target=self._run, name="webhooks", daemon=True)
        self.trouble: str | None = None
        self.leads = False
        log.doorbell.listen(self._ring)

    def start(self) -> None:
        """Deliver, or stand by, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the requests under way, for a while, then stop."""
        self._stopping.set()
        self._tell(lambda webhooks: webhooks.stop())
        if self._thread.ident is not None:
            self._thread.join()

    def _ring(self) -> None:
        webhooks = self._at_work
        # Whoever is woken already need not be woken for every commit.
        if webhooks is not None and not webhooks.bell.is_set():
            self._tell(lambda webhooks: webhooks.bell.set())

    def _tell(self, say: Callable[[Webhooks], None]) -> None:
        loop, webhooks = self._loop, self._at_work
        if loop is not None and webhooks is not None:
            # A loop that has ended in between has nothing to be told.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(say, webhooks)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._lock_url is None:
                    asyncio.run(self._term(lambda: None))
                    continue
                with leadership(self._lock_url, WEBHOOK_LOCK, self._stopping, self._fine) as session:
                    if session is not None:
                        # If the session is cut, the lock is gone: nobody may go on then.
                        asyncio.run(self._term(lambda: session.execute("SELECT 1")))
            except Exception as trouble:
                cause = trouble.exceptions[0] if isinstance(trouble, ExceptionGroup) else trouble
                self.trouble = f"webhooks are not delivered: {cause!r}"
                defect = None if isinstance(cause, psycopg.Error) or is_outage(cause) else trouble
                logger.warning("webhooks begin again", extra={"cause": repr(cause)}, exc_info=defect)
            finally:
                self.leads, self._loop, self._at_work = False, None, None
            self._stopping.wait(RETRY_SECONDS)

    def _fine(self) -> None:
        self.trouble = None

    async def _term(self, still_ours: Callable[[], object]) -> None:
        """Deliver until told to stop, or until something fails: then all is read back and begun again."""
        from annolog.infra.webhooks.sending import HttpSender

        with (
            ThreadPoolExecutor(READERS, "webhooks-read") as reads,
            ThreadPoolExecutor(1, "webhooks-note") as notes,
        ):
            # The same source as on Kafka, so that an event has one identity wherever it comes from.
            source = f"/{self._settings.kafka_topic}"
            to_private = self._settings.webhooks_to_private_addresses
            async with HttpSender(source, self._clock, self._withholding, to_private_addresses=to_private) as sender:
                delivery = Delivery(
                    self._log,
                    self._deliveries,
                    sender,
                    self._bus,
                    self._clock,
                    self._observer,
                    self._settings.webhook_retry_seconds,
                    reads,
                    notes,
                )
                webhooks = Webhooks(self._log, self._deliveries, delivery, still_ours)
                self._loop, self._at_work = asyncio.get_running_loop(), webhooks
                if self._stopping.is_set():
                    return
                self.leads = True
                await webhooks.run(self._fine)
