"""The one way anything is written: commands that arrive together are decided together and share one durable commit.

A refusal or a defect fails its own command and nobody else's. A command that comes again gets its first answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic, perf_counter, sleep
from uuid import UUID

from uuid_utils.compat import uuid7

from annolog.commands.command import HANDLERS, Answer, Decision, Request
from annolog.commands.known_by import KnownBy
from annolog.commands.meanwhile import Meanwhile
from annolog.commands.ports import Clock, EventLog, Observer, Remembered, StreamMoved, Transaction, Unobserved
from annolog.commands.profiles import Profiles
from annolog.commands.routing import with_routing
from annolog.commands.scope import Scope
from annolog.commands.second_review import with_second_reviews
from annolog.commands.states import Loaded, StateCache, WorkingStates, fold_stream
from annolog.commands.vault import NoVault, Vault
from annolog.domain.ids import LARGEST_ID
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import KeyReused, Overloaded, Refused, StaleVersion, Superseded, Unavailable

logger = logging.getLogger(__name__)

MOST_TOGETHER = 256
MOST_WAITING = 20_000
TRIES = 4
# A restart of the database is waited for, unless it takes longer than people like to wait.
PATIENCE_SECONDS = 5.0
AGAIN_SECONDS = 0.2

Outcome = Answer | BaseException
Deliver = Callable[[Outcome], None]


@dataclass(slots=True)
class Waiting:
    """A request, and whom to tell."""

    request: Request
    deliver: Deliver
    since: float


@dataclass(slots=True)
class Batch:
    """What the commands of one commit came to."""

    head: int
    events: list[Recorded] = field(default_factory=list)
    results: dict[UUID, Remembered] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    meanwhile: Meanwhile = field(default_factory=Meanwhile)


class CommandBus:
    """Runs commands on one writer thread. `enqueue` is for event loops, `send` for everybody else."""

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        observer: Observer | None = None,
        *,
        most_together: int = MOST_TOGETHER,
        to_private_addresses: bool = False,
        vault: Vault | None = None,
    ) -> None:
        self._log = log
        self._clock = clock
        self._observer = observer or Unobserved()
        self._most_together = most_together
        self._to_private_addresses = to_private_addresses
        self._vault = vault or NoVault()
        self.profiles = Profiles(self._vault)
        self.known_by = KnownBy(self._vault)
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._cache = StateCache()
        self._head = -1
        # Up to where warm states are known to be the latest there are, for those who only look.
        self._fresh: int | None = None
        # Loaded to be looked at. Nothing is decided on them, so they are kept apart.
        self._seen = StateCache()
        self._freshening = Lock()
        self._writer = Thread(target=self._run, name="command-bus", daemon=True)
        self._stopped = False
        # Between a look at `_stopped` and the queue nobody may close the bus: what comes after its end waits for ever.
        self._door = Lock()
        self._writer.start()

    def enqueue(self, request: Request, deliver: Deliver) -> None:
        """Have a command run; `deliver` is called once, on the writer's thread, with an answer or an exception."""
        with self._door:
            if self._stopped or self._queue.qsize() >= MOST_WAITING:
                raise Overloaded("More commands are waiting than can be run in time.", facts={"retry_after": 1})
            self._queue.put(Waiting(request, deliver, perf_counter()))

    def send(self, request: Request) -> Future[Answer]:
        """Have a command run. The future raises the refusal, if it is refused."""
        future: Future[Answer] = Future()

        def deliver(outcome: Outcome) -> None:
            if isinstance(outcome, Answer):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)

        self.enqueue(request, deliver)
        return future

    def run(self, request: Request) -> Answer:
        """Run a command and wait for its answer; raises what refuses it."""
        return self.send(request).result()

    def state(self, stream: str) -> Loaded:
        """The committed state of a stream, for deciding what to show; never for deciding what to write."""
        return self.states([stream])[stream]

    def states(self, streams: Sequence[str]) -> Mapping[str, Loaded]:
        """The committed states of several streams: those that are not warm are loaded together."""
        found: dict[str, Loaded] = {}
        for stream in streams:
            warm = self._cache.get(stream) or self._seen.get(stream)
            if warm is not None:
                found[stream] = warm
        cold = [stream for stream in dict.fromkeys(streams) if stream not in found]
        if cold:
            fresh = self._fresh
            loaded = {stream: fold_stream(stream, events) for stream, events in self._log.streams(cold).items()}
            with self._freshening:
                # Kept only if nobody moved the log meanwhile, and only while somebody sees to it that it stays so.
                if fresh is not None and fresh == self._fresh:
                    self._seen.put(loaded)
            found |= loaded
        return found

    def refresh(self) -> None:
        """Forget warm states that other processes have moved on: what is looked at then is at least as new as now."""
        with self._freshening:
            if self._fresh is None:
                self._fresh, _ = self._log.newer_versions(LARGEST_ID)
                self._cache.clear()
                return
            self._fresh, versions = self._log.newer_versions(self._fresh)
            self._cache.forget_older(versions)
            self._seen.forget_older(versions)

    @property
    def head(self) -> int:
        """The position of the latest event that this process has heard of."""
        return max(self._head, self._fresh or 0)

    def close(self) -> None:
        """Finish what is waiting, then stop."""
        with self._door:
            if not self._stopped:
                self._stopped = True
                self._queue.put(None)
        self._writer.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            together = [first]
            try:
                while len(together) < self._most_together:
                    more = self._queue.get_nowait()
                    if more is None:
                        self._queue.put(None)
                        break
                    together.append(more)
            except Empty:
                pass
            self._serve(together)

    def _serve(self, together: Sequence[Waiting]) -> None:
        outcomes = self._outcomes([waiting.request for waiting in together])
        for waiting, outcome in zip(together, outcomes, strict=True):
            seconds = perf_counter() - waiting.since
            self._observer.answered(type(waiting.request.command).__name__, _word_for(outcome), seconds)
            try:
                waiting.deliver(outcome)
            except Exception:
                logger.exception("delivery failed", extra=_facts(waiting.request))

    def _outcomes(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        """Run a batch; when its commit fails, run its commands one by one, so that each fails for itself alone."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._commit(requests)
            except (Overloaded, Superseded) as refusal:
                # Nobody got as far as being decided, and each on its own would wait as long again.
                return [refusal] * len(requests)
            except Unavailable as refusal:
                # If the commit took place all the same, the answers are remembered with it and found again.
                self._cache.clear()
                if self._stopped or monotonic() > deadline:
                    return [refusal] * len(requests)
                sleep(AGAIN_SECONDS)
            except Exception as trouble:  # noqa: BLE001 - whatever the database said, each command gets its own try
                self._cache.clear()
                if isinstance(trouble, StreamMoved):
                    self._observer.conflicted()
                else:
                    logger.warning("batch failed", extra={"commands": len(requests), "cause": repr(trouble)})
                return [self._alone(request) for request in requests]

    def _alone(self, request: Request) -> Outcome:
        for _ in range(TRIES):
            try:
                return self._commit([request])[0]
            except StreamMoved:
                self._observer.conflicted()
                self._cache.clear()
            except Unavailable as refusal:
                return refusal
            except Exception as trouble:
                self._cache.clear()
                logger.exception("command failed", extra=_facts(request))
                return trouble
        return StaleVersion("Others keep changing the same thing; ask again.")

    def _commit(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        begun = perf_counter()
        with self._log.transaction() as transaction:
            if transaction.head != self._head:
                self._cache.forget(transaction.moved_since(self._head))
            states = WorkingStates(self._cache, transaction.streams)
            batch = self._decide(requests, transaction, states)
            if batch.events:
                transaction.append(batch.events)
            if batch.results:
                transaction.remember(list(batch.results.values()))
            now = self._clock()
            transaction.keep_drafts([draft for scope in batch.scopes for draft in scope.drafts], now)
            transaction.forget_drafts([pair for scope in batch.scopes for pair in scope.finished_drafts])
            transaction.keep_webhook_secrets({k: v for scope in batch.scopes for k, v in scope.webhook_secrets.items()})
            transaction.keep_read_marks(_furthest(batch.scopes))
            said = [scope.credentials for scope in batch.scopes if not scope.credentials.says_nothing]
            transaction.keep_credentials(said, now)
        states.commit()
        self._head = batch.head
        self._seen.forget({recorded.stream for recorded in batch.events})
        self._observer.committed(len(requests), batch.events, perf_counter() - begun)
        if batch.events:
            self._log.announce()
        return batch.outcomes

    def _decide(self, requests: Sequence[Request], transaction: Transaction, states: WorkingStates) -> Batch:
        remembered = transaction.remembered([request.id for request in requests])
        # One query for all the tasks that the batch is about, instead of one for each.
        states.warm([stream for request in requests if (stream := request.command.about()) is not None])
        batch = Batch(transaction.head)
        now = self._clock()
        for request in requests:
            try:
                earlier = remembered.get(request.id) or batch.results.get(request.id)
                outcome: Outcome = (
                    self._again(request, earlier) if earlier else self._first(request, now, batch, transaction, states)
                )
            except Refused as refusal:
                outcome = refusal
            except Exception as defect:
                logger.exception("handler failed", extra=_facts(request))
                outcome = defect
            batch.outcomes.append(outcome)
        return batch

    def _first(
        self, request: Request, now: datetime, batch: Batch, transaction: Transaction, states: WorkingStates
    ) -> Answer:
        scope = Scope(
            request,
            now,
            self._log.ids,
            transaction.queue,
            states,
            batch.meanwhile,
            transaction.reviews,
            vault=self._vault,
            profiles=self.profiles,
            known_by=self.known_by,
            to_private_addresses=self._to_private_addresses,
        )
        fingerprint = request.fingerprint(self._vault.digest)
        try:
            decision = with_routing(HANDLERS[type(request.command)](request.command, scope), scope)
            decision = with_second_reviews(decision, scope)
        except Refused:
            # A refusal may keep the work as a draft; a defect keeps nothing.
            batch.scopes.append(scope)
            raise
        _record(decision, request, now, batch, states)
        batch.scopes.append(scope)
        answer = Answer(batch.head, decision.answer)
        if request.command.remembered:
            batch.results[request.id] = Remembered(
                request.id, fingerprint, request.actor, answer.position, answer.value
            )
        return answer

    def _again(self, request: Request, earlier: Remembered) -> Answer:
        if earlier.fingerprint != request.fingerprint(self._vault.digest):
            raise KeyReused("This idempotency key was used for a different request.")
        return Answer(earlier.position, earlier.answer, repeated=True)


def _furthest(scopes: Sequence[Scope]) -> dict[int, int]:
    """How far each person has read after these commands."""
    marks: dict[int, int] = {}
    for scope in scopes:
        for person, position in scope.read_marks.items():
            marks[person] = max(position, marks.get(person, 0))
    return marks


def _correlation_of(request: Request) -> UUID:
    """A command that follows from nothing begins something of its own."""
    return request.correlation_id or request.id


def _facts(request: Request) -> dict[str, object]:
    """What a log line tells of a command. The writer's thread knows nothing of the request it came with."""
    return {"command": type(request.command).__name__, "id": request.id, "correlation_id": _correlation_of(request)}


def _word_for(outcome: Outcome) -> str:
    if isinstance(outcome, Answer):
        return "repeated" if outcome.repeated else "done"
    return f"refused:{outcome.code}" if isinstance(outcome, Refused) else "failed"


def _record(decision: Decision, request: Request, now: datetime, batch: Batch, states: WorkingStates) -> None:
    appends = [append for append in decision.appends if append.events]
    for append, before in zip(appends, states.apply(appends, now), strict=True):
        batch.meanwhile.note(append.events)
        for version, event in enumerate(append.events, before + 1):
            batch.head += 1
            batch.events.append(
                Recorded(
                    position=batch.head,
                    id=uuid7(),
                    stream=append.stream,
                    version=version,
                    recorded_at=now,
                    actor=request.actor,
                    on_behalf_of=request.on_behalf_of,
                    command_id=request.id,
                    correlation_id=_correlation_of(request),
                    causation_id=request.causation_id,
                    project=getattr(event, "project", None),
                    event=event,
                )
            )
