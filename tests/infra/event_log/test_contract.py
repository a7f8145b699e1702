"""The eventsourcing library works on this log: its own contract tests, and an application of its kind."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

from annolog.infra.databases import open_sqlite
from annolog.infra.event_log.log import SqlEventLog
from annolog.infra.event_log.recorder import SqlRecorder


def log_in(folder: str | Path) -> SqlEventLog:
    path = Path(folder) / "log.db"
    return SqlEventLog(open_sqlite(path, durable=True, writes=True), open_sqlite(path, durable=True, writes=False))


class OnOurLog:
    """Gives the library's cases a recorder; streams are names here, so ids are text."""

    def setUp(self) -> None:
        self._folder = TemporaryDirectory()

    def tearDown(self) -> None:
        self._folder.cleanup()

    def new_originator_id(self) -> str:
        return f"thing-{uuid4()}"

    def create_recorder(self) -> SqlRecorder:
        return log_in(self._folder.name).recorder


class TestRecorder(OnOurLog, ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()

    def test_performance(self) -> None:
        """The library prints rates here; ours are in benchmarks."""

    def test_concurrent_throughput(self) -> None:
        """The library prints rates here; ours are in benchmarks."""


class TestPositionsDoNotInterleave(OnOurLog, NonInterleavingNotificationIDsBaseCase):
    insert_num = 200


def test_a_version_that_is_taken_is_refused_and_nothing_of_it_stays(tmp_path: Path) -> None:
    recorder = log_in(tmp_path).recorder
    recorder.insert_events([StoredEvent("thing-1", 1, "Began", b"{}")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent("thing-2", 1, "Began", b"{}"), StoredEvent("thing-1", 1, "Began", b"{}")])
    assert recorder.max_notification_id() == 1
    assert recorder.select_events("thing-2") == []


def test_a_follower_is_woken_at_once(tmp_path: Path) -> None:
    recorder = log_in(tmp_path).recorder
    with recorder.subscribe(gt=0) as subscription:
        started = monotonic()
        recorder.insert_events([StoredEvent("thing-1", 1, "Began", b"{}")])
        assert next(subscription).id == 1
        # Polling would take the half second that our own followers poll at, or more.
        assert monotonic() - started < 0.4
