"""Beginning to feed read models, and building those anew that another version of their projector wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from sqlalchemy import Engine

from annolog.projections.engine import bookmarks, parking
from annolog.projections.engine.parking import PARK_AND_WAIT, ParkingRules, is_outage
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import Progress, Source, rebuild

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
STOP_SECONDS = 5.0


def begin(engine: Engine, projectors: Sequence[Projector], partitions: Sequence[int]) -> None:
    """Make what tables are missing, and a bookmark for every read model and partition. Doing it again is harmless."""
    with engine.begin() as connection:
        bookmarks.take_turn(connection)
        bookmarks.metadata.create_all(connection)
        parking.metadata.create_all(connection)
        for projector in projectors:
            projector.metadata.create_all(connection)
        bookmarks.begin(connection, {projector.name: projector.version for projector in projectors}, partitions)


def outdated(engine: Engine, projectors: Sequence[Projector]) -> list[Projector]:
    """The read models whose tables an older version of their projector wrote, or none that can be told."""
    with engine.connect() as connection:
        known = bookmarks.read(connection, [projector.name for projector in projectors])
    return [p for p in projectors if any(mark.version < p.version for mark in known.get(p.name, {}).values())]


def renew(
    source: Source,
    engine: Engine,
    projectors: Sequence[Projector],
    rules: ParkingRules = PARK_AND_WAIT,
    report: Progress = lambda _: None,
) -> list[Projector]:
    """Build outdated read models anew beside the live ones, which answer queries until then; which ones those were."""
    found = outdated(engine, projectors)
    if found:
        names = [projector.name for projector in found]
        logger.warning("read models are built anew", extra={"projections": names})
        rebuild(source, engine, found, report, wanted=lambda: outdated(engine, found) != [], rules=rules)
        logger.warning("read models were built anew", extra={"projections": names})
    return found


class Renewal:
    """Builds outdated read models anew on a thread of its own, while others feed those that are not."""

    def __init__(
        self,
        source: Source,
        engine: Engine,
        projectors: Sequence[Projector],
        renewed: Callable[[], None] = lambda: None,
        rules: ParkingRules = PARK_AND_WAIT,
    ) -> None:
        self._rules = rules
        self._source = source
        self._engine = engine
        self._projectors = projectors
        self._renewed = renewed
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="renewal", daemon=True)
        self.trouble: str | None = None

    def start(self) -> None:
        """Begin, if there is anything to do."""
        self._thread.start()

    def stop(self) -> None:
        """Leave it half done: the live read models are as they were, and the next start begins again."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                renew(self._source, self._engine, self._projectors, self._rules, self._go_on)
            except Stopped:
                return
            except Exception as trouble:
                self.trouble = f"read models could not be built anew: {trouble!r}"
                if not is_outage(trouble):
                    # A defect, which stays one: health stays red until somebody has looked.
                    logger.exception("read models could not be built anew")
                    return
                logger.warning("building read models anew waits", extra={"cause": repr(trouble)})
                self._stopping.wait(RETRY_SECONDS)
            else:
                self.trouble = None
                self._renewed()
                return

    def _go_on(self, _: int) -> None:
        self.trouble = None
        if self._stopping.is_set():
            raise Stopped


class Stopped(Exception):
    """There is no time to finish."""
