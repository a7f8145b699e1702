"""The one module that knows everything: it wires the rooms to databases, threads and each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from uuid import uuid4

from sqlalchemy import Connection, Engine

from annolog.commands.bus import CommandBus
from annolog.commands.command import Answer, Command, Request, command_id
from annolog.commands.ports import Clock
from annolog.commands.registry import HANDLERS
from annolog.commands.scope import SYSTEM
from annolog.domain.people.state import Directory, Person, Token
from annolog.domain.refusals import Behind, Fault, InvalidInput, Overloaded, Unauthenticated
from annolog.infra.activity.recording import ActivityRecorder
from annolog.infra.condition import condition_of
from annolog.infra.databases import open_database, open_sqlite
from annolog.infra.digests import digest_of
from annolog.infra.event_log.doorbell import Doorbell
from annolog.infra.event_log.log import HOT, SqlEventLog, open_log
from annolog.infra.event_log.notices import NoticeBoard
from annolog.infra.event_log.recorder import CHANNEL
from annolog.infra.freshness import Freshness
from annolog.infra.identity.first_owner import introduce_owner
from annolog.infra.identity.sessions import Sessions, session_rules
from annolog.infra.interpreter import tune
from annolog.infra.migrations.histories import KEYS_HISTORY, LOG_HISTORY, READ_HISTORY, prepare
from annolog.infra.personal.opening import open_vault
from annolog.infra.personal.vault import open_keys
from annolog.infra.plug_ins import load_policies
from annolog.infra.progress import Progress
from annolog.infra.reactions import all_reactions
from annolog.infra.read_models import PROJECTORS
from annolog.infra.read_side import (
    PREFIX,
    CommittedStates,
    ConsensusReader,
    ParkedReactions,
    ReactionBookmarks,
    fed_in_partitions,
)
from annolog.infra.sandbox.scoring import CustomScoring
from annolog.infra.settings import InstallationSettings
from annolog.infra.telemetry.lag import ConsumerLag, Lags
from annolog.infra.telemetry.metrics import Metrics
from annolog.infra.telemetry.observer import Observer
from annolog.infra.telemetry.tracing import open_tracing
from annolog.infra.webhooks import deliveries
from annolog.infra.webhooks.running import WebhookDelivery
from annolog.infra.withholding import Withholding
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.proof import Difference, verify
from annolog.projections.engine.rebuild import rebuild
from annolog.projections.engine.renewal import Renewal
from annolog.projections.engine.runner import ProjectionRunner
from annolog.services.erasing import KeyDestruction
from annolog.services.fitting import Fitter
from annolog.services.reactor import Reactor
from annolog.services.runner import ReactionRunner
from annolog.services.sweeper import Sweeper

if TYPE_CHECKING:
    from annolog.infra.backbone.reacting import KafkaReactor

assert HANDLERS


class Part(StrEnum):
    """What a process may do of the whole."""

    API = "api"
    RELAY = "relay"
    PROJECTOR = "projector"
    REACTOR = "reactor"


EVERYTHING = frozenset(Part)
NOTHING: frozenset[Part] = frozenset()


class Running(Protocol):
    """Something that goes on by itself until it is stopped."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """Finish what is at hand, then stop."""
        ...


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Installation:
    """Log, bus, read models and services, as far as they run in this process.

    Use as a context manager. `parts` are what runs by itself here: none for commands that only look. Read models and
    reactions are fed by Kafka where there is one, otherwise by the log itself.
    """

    def __init__(
        self, settings: InstallationSettings, *, parts: Set[Part] = EVERYTHING, clock: Clock = utc_now
    ) -> None:
        tune()
        load_policies()
        self.settings = settings
        self.parts, self.since = frozenset(parts), clock()
        for url in (settings.log_database, settings.read_database):
            if url.get_backend_name() == "sqlite":
                Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        name = "-".join(["annolog", *parts]) if len(parts) == 1 else "annolog"
        self.observer = Observer(Metrics(), open_tracing(settings.traces, name, share=settings.trace_share))
        self.observer.metrics.watch(self._lags)
        self.log_database = open_log(settings.log_database)
        self.read_database = open_database(settings.read_database, durable=False)
        self.log_writer, self.log_reader = self.log_database.writer, self.log_database.reader
        self.read_writer, self.read_engine = self.read_database.writer, self.read_database.reader
        self.keys_database = open_keys(settings.keys_database)
        prepare(self.log_writer, LOG_HISTORY)
        prepare(self.read_writer, READ_HISTORY)
        prepare(self.keys_database.writer, KEYS_HISTORY)
        self.log = SqlEventLog(self.log_database)
        self.clock = clock
        to_private = settings.webhooks_to_private_addresses
        self.vault = open_vault(settings, self.keys_database, clock)
        self.bus = CommandBus(self.log, clock, self.observer, to_private_addresses=to_private, vault=self.vault)
        self.states = CommittedStates(self.bus)
        rules = session_rules(settings.session_idle_minutes, settings.session_hours)
        self.sessions = Sessions(self.log_reader, self.bus, clock, rules)
        self.activity = ActivityRecorder(self.bus, clock)
        self.scoring = CustomScoring()
        self.projections: ProjectionRunner | Progress
        self.reactions: ReactionRunner | Progress
        # What is told of changes, and what sends commands by itself: the latter stops before the bus does.
        self._followers: list[Running] = []
        self._senders: list[Running] = []
        if settings.kafka_bootstrap is None:
            self._fed_by_log(parts)
        else:
            self._fed_by_kafka(parts)
        self.key_destruction = KeyDestruction(lambda: self.directory, self.vault, settings.sweep_seconds)
        self.sweeper = Sweeper(self.bus, settings.sweep_seconds)
        self.fitter = Fitter(self.bus, ConsensusReader(self.read_engine), self.states, settings.fit_seconds)
        if Part.REACTOR in parts:
            stores = (self.log_database, self.read_database, self.log)
            webhooks = WebhookDelivery(settings, *stores, self.bus, clock, self.observer)
            self._senders += [self.sweeper, webhooks, self.key_destruction]
            if settings.fit_seconds > 0:
                self._senders.append(self.fitter)
        if parts:
            self._hear_of_others(parts)
        if settings.bootstrap_token is not None:
            introduce_owner(self, settings.bootstrap_token.get_secret_value())

    def reactor(self) -> Reactor:
        """What happens by itself."""
        reactions = all_reactions(self.states, self.log_reader, self.read_engine, self.scoring)
        return Reactor(self.bus, ParkedReactions(self.read_writer, self.settings.most_parked), reactions)

    def _fed_by_log(self, parts: Set[Part]) -> None:
        if not parts and fed_in_partitions(self.read_engine):
            message = "the read models are fed by Kafka: say where with ANNOLOG_KAFKA_BOOTSTRAP"
            raise InvalidInput(message, faults=[Fault("ANNOLOG_KAFKA_BOOTSTRAP", message)])
        projections = ProjectionRunner(
            self.log,
            self.read_writer,
            PROJECTORS,
            self.settings.parking,
            self.observer.folded,
            partial(self.observer.tracing.batch_span, "projection"),
        )
        reactor = self.reactor()
        deliveries.begin(self.read_writer)
        marks = ReactionBookmarks(self.read_writer, [reaction.name for reaction in reactor.reactions])
        reactions = ReactionRunner(self.log, projections, marks, reactor)
        self.projections, self.reactions = projections, reactions
        self.log.doorbell.listen(projections.ring)
        projections.on_move(reactions.ring)
        if Part.PROJECTOR in parts:
            self._followers += [
                projections,
                Renewal(self.log, self.read_writer, PROJECTORS, projections.renewed, self.settings.parking),
            ]
        if Part.REACTOR in parts:
            self._senders.append(reactions)

    def _fed_by_kafka(self, parts: Set[Part]) -> None:
        from annolog.infra.backbone.projecting import KafkaProjector
        from annolog.infra.backbone.relay import Relay
        from annolog.infra.backbone.topic import Topic

        if not self.log_database.is_postgresql or not self.read_database.is_postgresql:
            message = "Kafka needs log and read models on PostgreSQL: set ANNOLOG_LOG_URL"
            raise InvalidInput(message, faults=[Fault("ANNOLOG_LOG_URL", message)])
        reactor = self.reactor()
        topic = Topic.of(self.settings)
        projections = Progress(self.read_engine, [projector.name for projector in PROJECTORS])
        reactions = Progress(self.read_engine, [PREFIX + reaction.name for reaction in reactor.reactions])
        self.projections, self.reactions = projections, reactions
        if Part.RELAY in parts:
            withholding = Withholding(self.log)
            relay = Relay(topic, self.log_database, self.log.doorbell, withholding, self.observer)
            self._followers.append(relay)
        if Part.PROJECTOR in parts:
            rules = self.settings.parking
            self._followers += [
                KafkaProjector(topic, self.log, self.read_writer, PROJECTORS, rules, self.observer),
                Renewal(self.log, self.read_writer, PROJECTORS, rules=rules),
            ]
        if Part.REACTOR in parts:
            self._senders.append(self.kafka_reactor())

    def kafka_reactor(self) -> KafkaReactor:
        """A member of the group that reacts."""
        from annolog.infra.backbone.reacting import KafkaReactor
        from annolog.infra.backbone.topic import Topic

        assert isinstance(self.projections, Progress)
        topic = Topic.of(self.settings)
        return KafkaReactor(
            topic, self.log, self.bus, self.read_database, self.reactor(), self.projections, self.observer
        )

    def _hear_of_others(self, parts: Set[Part]) -> None:
        """Be told of what other processes write, where this one does something with it."""
        looks = bool(parts & {Part.API, Part.REACTOR})
        if looks:
            # Without it nothing that is only looked at stays warm: everybody there is, for one, at every request.
            freshness = Freshness(self.bus)
            self.log.doorbell.listen(freshness.ring)
            self._followers.append(freshness)
        hears = looks or self.settings.kafka_bootstrap is None or Part.RELAY in parts
        if self.log_database.is_postgresql and hears:
            self._followers.append(NoticeBoard(self.settings.log_database, CHANNEL, self.log.doorbell))
        if looks and self.settings.kafka_bootstrap is not None:
            moved = Doorbell()
            for progress in (self.projections, self.reactions):
                assert isinstance(progress, Progress)
                moved.listen(progress.ring)
                self._followers.append(progress)
            self._followers.append(NoticeBoard(self.settings.read_database, bookmarks.CHANNEL, moved))

    def __enter__(self) -> Self:
        for running in (*self._followers, *self._senders):
            running.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish what is under way and let go of everything."""
        for sender in reversed(self._senders):
            sender.stop()
        self.activity.close()
        self.bus.close()
        for follower in reversed(self._followers):
            follower.stop()
        self.scoring.close()
        self.log_database.dispose()
        self.read_database.dispose()
        self.keys_database.dispose()
        self.observer.tracing.close()

    @property
    def engines(self) -> Sequence[Engine]:
        """Every database that is open."""
        return (self.log_writer, self.log_reader, self.read_writer, self.read_engine)

    def as_system(self, command: Command, key: str | None = None, organization: int | None = None) -> Answer:
        """Run a command in nobody's name, in the first organization unless another is named."""
        id = command_id("system", key) if key else uuid4()
        return self.bus.run(Request(command, id, SYSTEM.id, organization=organization))

    @property
    def directory(self) -> Directory:
        """Everybody there is, in all organizations."""
        return self.states.directory()

    def person_in(self, session: str, *, using: bool = True) -> Person:
        """Whom a browser's session speaks for; `using` it keeps it from ending for being idle. Reads the database now
        and then, so it is not for the event loop.
        """
        found = self.sessions.find(session, using=using)
        person = self.directory.person(found.person) if found is not None else None
        if person is None or not person.is_active:
            raise Unauthenticated("The session has ended; sign in again.")
        return person

    def person_of(self, token: str) -> Person:
        """Whom a token speaks for."""
        person = self.directory.by_token(digest_of(token), self.clock())
        if person is None:
            raise Unauthenticated("The token is not known.")
        return person

    def token_of(self, token: str) -> Token | None:
        """What is known of a token, also of one that speaks for nobody any more."""
        return self.directory.tokens.get(digest_of(token))

    def _lags(self) -> Lags:
        condition = condition_of(self)
        consumers = [
            ConsumerLag(reader.name, reader.lag_events, reader.lag_seconds, reader.parked)
            for reader in condition.readers
        ]
        return Lags(condition.position, consumers)

    @property
    def trouble(self) -> str | None:
        """What keeps a part of this process from doing its work."""
        parts = (self.log, *self._followers, *self._senders)
        return next((trouble for part in parts if (trouble := getattr(part, "trouble", None))), None)

    def must_keep_up(self) -> None:
        """Refuse more work while the read models are too far behind: nobody could see what comes of it."""
        lag = self.bus.head - self.projections.position
        if lag > self.settings.most_lag:
            facts = {"retry_after": 5, "lag": lag}
            raise Overloaded(f"The read models are {lag:,} events behind; new work waits.", facts=facts)

    def wait_for(self, position: int, seconds: float | None = None) -> None:
        """Wait until every read model has reached a position; refused as `behind` when that takes too long."""
        patience = self.settings.wait_seconds if seconds is None else seconds
        if not self.projections.wait_for(position, patience):
            raise Behind(
                f"The read models are at position {self.projections.position}, before {position}.",
                facts={"position": self.projections.position, "retry_after": 1},
            )

    def verify(
        self, projector: Projector, scratch: Engine, report: Callable[[int], None] = lambda _: None
    ) -> list[Difference]:
        """Where a read model differs from one built anew. What moves with the log stands at its head."""
        if projector in HOT:
            return verify(self.log, self.log_reader, scratch, [projector], report, self._at_head)
        return verify(self.log, self.read_engine, scratch, [projector], report, rules=self.settings.parking)

    def _at_head(self, connection: Connection, projector: Projector) -> Mapping[int, Bookmark]:
        return {WHOLE: Bookmark(projector.version, self.log.recorder.head(connection))}

    def renewed(self, projectors: Sequence[Projector], report: Callable[[int], None] = lambda _: None) -> int:
        """Build read models anew beside the live ones and swap them in; the position reached."""
        hot = [projector for projector in projectors if projector in HOT]
        cold = [projector for projector in projectors if projector not in HOT]
        position = self.log.rebuild(hot, report) if hot else 0
        if cold:
            position = rebuild(self.log, self.read_writer, cold, report, rules=self.settings.parking)
        return position

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until everything that follows from what was said so far has happened."""
        while True:
            head = self.log.head()
            self.wait_for(head, seconds)
            if not self.reactions.wait_for(head, seconds):
                raise Behind(f"The reactions are at position {self.reactions.position}, before {head}.")
            if self.log.head() == head:
                return


def scratch_engine(folder: Path) -> Engine:
    """An empty database for building read models anew."""
    return open_sqlite(folder / f"scratch-{uuid4().hex}.db", durable=False, writes=True, cache_megabytes=64)
