"""Tracing with OpenTelemetry. Importing this needs the extra `annolog[tracing]`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import Token
from threading import local
from time import time_ns
from types import TracebackType
from typing import Any
from uuid import UUID

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused
from annolog.infra.telemetry.masking import presentable
from annolog.infra.telemetry.tracing import NO_ATTRIBUTES, NOTHING, Attributes, Span, parsed, span_id_of

MOST_TRACES = 32
# A large import is one trace of many thousand events; the first of a commit stand for them all.
MOST_APPENDED = 256
SAMPLED = TraceFlags(TraceFlags.SAMPLED)
EVERY_TRACE = 2**32


def otlp_processor() -> SpanProcessor:
    """Sends spans in batches, on a thread of its own."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())


def console_processor() -> SpanProcessor:
    """Writes each span at once, as one line."""
    return SimpleSpanProcessor(
        ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: span.to_json(indent=None) + "\n")
    )


class _ChosenIds(IdGenerator):
    """Random ids, unless somebody on the same thread has just chosen one."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()
        self._chosen = local()

    def choose(self, trace_id: int = 0, span_id: int = 0) -> None:
        """The ids of the next span on this thread; zero leaves them to chance."""
        self._chosen.ids = (trace_id, span_id)

    def generate_trace_id(self) -> int:
        return getattr(self._chosen, "ids", (0, 0))[0] or self._random.generate_trace_id()

    def generate_span_id(self) -> int:
        return getattr(self._chosen, "ids", (0, 0))[1] or self._random.generate_span_id()


class _Share(Sampler):
    """Looks at a share of all traces, the same ones in every process.

    The usual sampler compares the upper half of the random part, in which a UUID has its fixed variant bits: it would
    take all or nothing. The last four bytes are random in every version of UUID that is in use here.
    """

    def __init__(self, share: float) -> None:
        self._bound = round(share * EVERY_TRACE)

    def takes(self, trace_id: int) -> bool:
        """Whether a trace is looked at."""
        return trace_id % EVERY_TRACE < self._bound

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: Any = None,
        attributes: Any = None,
        links: Sequence[Link] | None = None,
        *_: Any,
        **__: Any,
    ) -> SamplingResult:
        """Spans with links are batches, which are opened only where they matter to a trace that is looked at."""
        around = trace.get_current_span(parent_context).get_span_context()
        taken = bool(links) or self.takes(trace_id) or (around.trace_flags.sampled and not around.is_remote)
        return SamplingResult(Decision.RECORD_AND_SAMPLE if taken else Decision.DROP, attributes if taken else None)

    def get_description(self) -> str:
        return f"Share{{{self._bound / EVERY_TRACE}}}"


class SentTracing:
    """Spans go to a processor of OpenTelemetry. The provider is our own: nobody else's spans get in."""

    def __init__(self, processor: SpanProcessor, service: str, share: float = 1.0) -> None:
        self._ids = _ChosenIds()
        self._share = _Share(share)
        self._provider = TracerProvider(
            sampler=self._share, resource=Resource.create({"service.name": service}), id_generator=self._ids
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("annolog")

    def span(
        self,
        name: str,
        correlation_id: UUID | None,
        attributes: Attributes = NO_ATTRIBUTES,
        *,
        parent: UUID | str | None = None,
        id: UUID | None = None,
    ) -> AbstractContextManager[Span]:
        """A span that begins when it is entered."""
        return _Open(self, name, correlation_id, attributes, parent, id)

    def batch_span(
        self, name: str, events: Sequence[Recorded], attributes: Attributes = NO_ATTRIBUTES
    ) -> AbstractContextManager[Span]:
        """A span for the batch, and when it ends one in each trace that is looked at."""
        firsts: dict[int, Recorded] = {}
        for event in events:
            trace_id = event.correlation_id.int
            if trace_id not in firsts and self._share.takes(trace_id):
                firsts[trace_id] = event
                if len(firsts) == MOST_TRACES:
                    break
        return _OpenBatch(self, name, events, list(firsts.values()), attributes) if firsts else NOTHING

    def appended(self, events: Sequence[Recorded]) -> None:
        """A span without duration for each event that is looked at, under the span of its command."""
        moment = time_ns()
        taken = [event for event in events if self._share.takes(event.correlation_id.int)]
        for event in taken[:MOST_APPENDED]:
            context = hanging_on(event.correlation_id.int, span_id_of(event.command_id))
            told: Attributes = {"annolog.position": event.position, "annolog.stream": event.stream}
            span = self.start(f"event {event.type}", context, told, span_id=span_id_of(event.id), start=moment)
            span.end(moment)

    def close(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()

    def start(
        self,
        name: str,
        context: Context | None,
        attributes: Attributes,
        links: Sequence[Link] = (),
        *,
        trace_id: int = 0,
        span_id: int = 0,
        start: int | None = None,
    ) -> trace.Span:
        """Begin a span in a context, None being the one at hand, with ids chosen or left to chance."""
        self._ids.choose(trace_id, span_id)
        try:
            return self._tracer.start_span(
                name, context, attributes=dict(attributes), links=links, start_time=start, record_exception=False
            )
        finally:
            self._ids.choose()


class _Open:
    """A span from its beginning to its end, and the one at hand in between."""

    def __init__(
        self,
        tracing: SentTracing,
        name: str,
        correlation_id: UUID | None,
        attributes: Attributes,
        parent: UUID | str | None = None,
        id: UUID | None = None,
        links: Sequence[Link] = (),
    ) -> None:
        self._tracing = tracing
        self._name = name
        self._trace_id = 0 if correlation_id is None else correlation_id.int
        self._attributes = attributes
        self._parent = parent
        self._span_id = 0 if id is None else span_id_of(id)
        self._links = links
        self._span: trace.Span = trace.INVALID_SPAN
        self._token: Token[Context] | None = None

    def __enter__(self) -> _Open:
        self._span = self._tracing.start(
            self._name,
            self._context(),
            self._attributes,
            self._links,
            trace_id=self._trace_id,
            span_id=self._span_id,
        )
        self._token = contexts.attach(trace.set_span_in_context(self._span))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._token is not None
        contexts.detach(self._token)
        end(self._span, error)

    def note(self, attributes: Attributes) -> None:
        """Add what became known on the way."""
        self._span.set_attributes(attributes)

    def _context(self) -> Context | None:
        """What the span hangs on: what was named, else the span at hand if it is of the same trace, else nothing."""
        match self._parent:
            case UUID() as cause if self._trace_id:
                return hanging_on(self._trace_id, span_id_of(cause))
            case str() as header if (found := parsed(header)) and self._trace_id in (0, found[0]):
                return hanging_on(*found)
        at_hand = trace.get_current_span().get_span_context()
        return None if self._trace_id in (0, at_hand.trace_id) else Context()


class _OpenBatch(_Open):
    """The span of a batch, which leaves a span in the traces of its events when it ends."""

    def __init__(
        self,
        tracing: SentTracing,
        name: str,
        events: Sequence[Recorded],
        firsts: Sequence[Recorded],
        attributes: Attributes,
    ) -> None:
        told = {"annolog.events": len(events), "annolog.position": events[-1].position, **attributes}
        super().__init__(tracing, name, None, told, links=[Link(_of(event)) for event in firsts])
        self._events = events
        self._firsts = firsts
        self._began = 0

    def __enter__(self) -> _OpenBatch:
        self._began = time_ns()
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        ended = time_ns()
        counts = Counter(event.correlation_id for event in self._events)
        batch = [Link(self._span.get_span_context())]
        for event in self._firsts:
            context = hanging_on(event.correlation_id.int, span_id_of(event.id))
            told = {"annolog.events": counts[event.correlation_id], "annolog.position": event.position}
            end(self._tracing.start(self._name, context, told, batch, start=self._began), error, ended)


def hanging_on(trace_id: int, span_id: int) -> Context:
    """A context whose span at hand is one that somebody else has, or had."""
    return trace.set_span_in_context(NonRecordingSpan(SpanContext(trace_id, span_id, True, SAMPLED)), Context())


def _of(event: Recorded) -> SpanContext:
    return SpanContext(event.correlation_id.int, span_id_of(event.id), True, SAMPLED)


def end(span: trace.Span, error: BaseException | None, moment: int | None = None) -> None:
    """End a span with what came of it. Being cancelled is no error, and neither is a rule that said no."""
    match error:
        case Refused():
            span.set_attribute("annolog.refused", error.code)
        case Exception() if span.is_recording():
            kind = type(error).__qualname__
            span.set_status(Status(StatusCode.ERROR, kind))
            # Without the stack, which the log has; like there, without what would let a reader in.
            span.add_event("exception", {"exception.type": kind, "exception.message": str(presentable(error))})
    span.end(moment)
