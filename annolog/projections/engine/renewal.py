"""Beginning to feed read models, and building those anew that another version of their projector wrote."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Engine

from annolog.projections.engine import bookmarks, parking
from annolog.projections.engine.parking import PARK_AND_WAIT, ParkingRules
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import Source, rebuild

logger = logging.getLogger(__name__)


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
    source: Source, engine: Engine, projectors: Sequence[Projector], rules: ParkingRules = PARK_AND_WAIT
) -> list[Projector]:
    """Build outdated read models anew beside the live ones, which answer queries until then; which ones those were."""
    found = outdated(engine, projectors)
    if found:
        names = [projector.name for projector in found]
        logger.warning("read models are built anew", extra={"projections": names})
        rebuild(source, engine, found, wanted=lambda: outdated(engine, found) != [], rules=rules)
        logger.warning("read models were built anew", extra={"projections": names})
    return found
