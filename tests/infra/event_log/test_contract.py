"""The eventsourcing library works on this log: its own contract tests, and an application of its kind.

Streams have names here, so the library's cases run with originator ids of text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from unittest.mock import patch
from uuid import uuid4

import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.cipher import AESCipher
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import InfrastructureFactory, InfrastructureFactoryError, IntegrityError
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from eventsourcing.utils import Environment
from sqlalchemy import URL

from annolog.infra.databases import Database
from annolog.infra.event_log import factory
from annolog.infra.event_log.factory import SqlLogFactory
from annolog.infra.event_log.log import open_log
from annolog.infra.event_log.recorder import SqlRecorder
from tests import servers
from tests.infra.event_log.logs import log_at, things


class OnOurLog:
    """Gives the library's cases a recorder on a log that goes with the case."""

    def setUp(self) -> None:
        self._before = set(threading.enumerate())
        self._stack = ExitStack()
        self.where = self._stack.enter_context(self.empty())

    def tearDown(self) -> None:
        # The library's cases tell their readers to stop, and do not wait until they have.
        for thread in set(threading.enumerate()) - self._before:
            thread.join(10)
        self._stack.close()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Where a log can be."""
        with TemporaryDirectory() as folder:
            yield f"{folder}/log.db"

    def new_originator_id(self) -> str:
        return f"thing-{uuid4()}"

    def create_recorder(self) -> SqlRecorder:
        return self._stack.enter_context(log_at(self.where)).recorder


class OnPostgreSQL(OnOurLog):
    """The same on a database of its own."""

    @contextmanager
    def empty(self) -> Iterator[str]:
        with servers.database() as url:
            yield url


class TestRecorder(OnOurLog, ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()

    def test_performance(self) -> None:
        """The library prints rates here; ours are in benchmarks."""

    def test_concurrent_throughput(self) -> None:
        """The library prints rates here; ours are in benchmarks."""


@pytest.mark.services
class TestRecorderOnPostgreSQL(OnPostgreSQL, TestRecorder):
    pass


class TestPositionsDoNotInterleave(OnOurLog, NonInterleavingNotificationIDsBaseCase):
    insert_num = 200


@pytest.mark.services
class TestPositionsDoNotInterleaveOnPostgreSQL(OnPostgreSQL, TestPositionsDoNotInterleave):
    pass


class TestFactory(OnOurLog, InfrastructureFactoryTestCase):
    """Mapper, cipher and compressor as the library has them. What the log does not keep is refused in words."""

    def setUp(self) -> None:
        OnOurLog.setUp(self)
        self._stack.enter_context(patch.object(factory, "open_log", self.opened))
        self.env = Environment(
            env={InfrastructureFactory.PERSISTENCE_MODULE: factory.__name__, SqlLogFactory.LOG: self.where}
        )
        InfrastructureFactoryTestCase.setUp(self)

    def opened(self, url: URL) -> Database:
        """The library's cases make factories that they do not close."""
        found = open_log(url)
        self._stack.callback(found.dispose)
        return found

    def tearDown(self) -> None:
        InfrastructureFactoryTestCase.tearDown(self)
        OnOurLog.tearDown(self)

    def expected_factory_class(self) -> type[SqlLogFactory]:
        return SqlLogFactory

    def expected_aggregate_recorder_class(self) -> type[SqlRecorder]:
        return SqlRecorder

    def expected_application_recorder_class(self) -> type[SqlRecorder]:
        return SqlRecorder

    def expected_tracking_recorder_class(self) -> None:
        """There is none."""

    def tracking_recorder_subclass(self) -> None:
        """There is none."""

    def expected_process_recorder_class(self) -> None:
        """There is none."""

    def test_create_tracking_recorder(self) -> None:
        with pytest.raises(InfrastructureFactoryError, match="no tracking recorder"):
            self.factory.tracking_recorder()

    def test_create_process_recorder(self) -> None:
        with pytest.raises(InfrastructureFactoryError, match="no process recorder"):
            self.factory.process_recorder()

    def test_snapshots_have_no_place(self) -> None:
        with pytest.raises(InfrastructureFactoryError, match="no recorder of snapshots"):
            self.factory.aggregate_recorder("snapshots")


@pytest.mark.services
class TestFactoryOnPostgreSQL(OnPostgreSQL, TestFactory):
    pass


def test_a_log_file_must_be_named() -> None:
    with pytest.raises(InfrastructureFactoryError, match="ANNOLOG_LOG"):
        InfrastructureFactory.construct({InfrastructureFactory.PERSISTENCE_MODULE: factory.__name__})


class Dog(Aggregate):
    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.tricks: list[str] = []

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        self.tricks.append(trick)


class Kennel(Application):
    env: ClassVar[dict[str, str]] = {InfrastructureFactory.PERSISTENCE_MODULE: factory.__name__}


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.services),
    ]
)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a log can be."""
    if request.param == "sqlite":
        yield str(tmp_path / "dogs.db")
    else:
        with servers.database() as url:
            yield url


PLAIN: dict[str, str] = {}
COMPRESSED = {"COMPRESSOR_TOPIC": "zlib"}
ENCRYPTED = {"CIPHER_TOPIC": "eventsourcing.cipher:AESCipher", "CIPHER_KEY": AESCipher.create_key(16)}


@pytest.mark.parametrize(
    "options", [PLAIN, COMPRESSED, ENCRYPTED, COMPRESSED | ENCRYPTED], ids=["plain", "compressed", "encrypted", "both"]
)
def test_an_application_of_the_library_keeps_its_aggregates_in_our_log(where: str, options: dict[str, str]) -> None:
    env = {SqlLogFactory.LOG: where, **options}
    dog = Dog(name="Fido")
    dog.add_trick("roll over")
    with Kennel(env=env) as kennel:
        kennel.save(dog)
    with Kennel(env=env) as opened_again:
        found = opened_again.repository.get(dog.id)
        assert found.tricks == ["roll over"]
        found.add_trick("play dead")
        opened_again.save(found)
        assert opened_again.repository.get(dog.id).version == 3
        assert [notification.id for notification in opened_again.notification_log.select(start=1, limit=10)] == [
            1,
            2,
            3,
        ]
        read_back = [opened_again.mapper.to_domain_event(n) for n in opened_again.recorder.select_notifications(1, 10)]
        assert {recorded.originator_id for recorded in read_back} == {dog.id}
        readable = b"roll over" in b"".join(n.state for n in opened_again.recorder.select_notifications(1, 10))
        assert readable is (options == PLAIN)


def test_of_two_copies_of_an_aggregate_the_second_to_be_saved_is_refused(where: str) -> None:
    with Kennel(env={SqlLogFactory.LOG: where}) as kennel:
        kennel.save(dog := Dog(name="Fido"))
        one, other = kennel.repository.get(dog.id), kennel.repository.get(dog.id)
        one.add_trick("roll over")
        kennel.save(one)
        other.add_trick("play dead")
        with pytest.raises(IntegrityError):
            kennel.save(other)
        assert kennel.repository.get(dog.id).tricks == ["roll over"]
        with pytest.raises(AggregateNotFoundError):
            kennel.repository.get(uuid4())


def test_a_version_that_is_taken_is_refused_and_nothing_of_it_stays(where: str) -> None:
    with log_at(where) as log:
        log.recorder.insert_events(things("thing-1", 1))
        with pytest.raises(IntegrityError):
            log.recorder.insert_events([*things("thing-2", 1), *things("thing-1", 1)])
        assert log.recorder.max_notification_id() == 1
        assert log.recorder.select_events("thing-2") == []
