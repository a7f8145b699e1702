"""Lets an application of the eventsourcing library keep its events in a log of ours.

    PERSISTENCE_MODULE=annolog.infra.event_log.factory
    ANNOLOG_LOG=things.db, or the URL of a PostgreSQL database

Its compressor and cipher settings work as with any other module. Give it a file of its own: its event types are none
of ours, and whoever follows our log would not know them.
"""

from __future__ import annotations

from typing import NoReturn

from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType

from annolog.infra.databases import database_url
from annolog.infra.event_log.log import SqlEventLog, open_log
from annolog.infra.event_log.recorder import SqlRecorder


class SqlLogFactory(InfrastructureFactory[TrackingRecorder]):
    """Opens the log once; every recorder it hands out shares it.

    Snapshots and trackings have no place in it: streams are short, and read models keep their own positions.
    """

    LOG = "ANNOLOG_LOG"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        where = self.env.get(self.LOG)
        if not where:
            keys = ", ".join(self.env.create_keys(self.LOG))
            raise InfrastructureFactoryError(f"No log is named in the environment by {keys}.")
        self._database = open_log(database_url(where, self.LOG))
        self._log = SqlEventLog(self._database)

    def application_recorder(self) -> SqlRecorder:
        """The log."""
        return self._log.recorder

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """The log too; there is none for snapshots."""
        return self._log.recorder if purpose == "events" else _missing(f"recorder of {purpose}")

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        """There is none."""
        return _missing("tracking recorder")

    def process_recorder(self) -> ProcessRecorder:
        """There is none."""
        return _missing("process recorder")

    def close(self) -> None:
        """Let go of the database."""
        self._database.dispose()


def _missing(what: str) -> NoReturn:
    raise InfrastructureFactoryError(f"This log has no {what}.")
