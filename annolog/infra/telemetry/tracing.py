"""Traces that join over processes with nothing kept for them: the correlation id of an event is the id of its trace.

Ids of spans follow from ids that the log has anyway. A command's span is named after the command, an event's after the
event, so whoever reads an event knows its trace, its span and the span of the command that caused it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType, TracebackType
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused

TracingExporter = Literal["none", "otlp", "console"]
Attributes = Mapping[str, str | int | float | bool]

NO_ATTRIBUTES: Attributes = MappingProxyType({})
LARGEST_SPAN_ID = 2**64 - 1
TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")


class TracingNotInstalled(Refused):
    """Traces were asked for, and the packages that send them are an extra that is not installed."""

    code = "tracing-not-installed"
    status: ClassVar[int] = 501
    summary = "What sends traces is not installed"


class Span(Protocol):
    """Something that takes time, as it happens."""

    def note(self, attributes: Attributes) -> None:
        """Add what became known on the way."""
        ...


class Tracing(Protocol):
    """Tells where time goes, request by request. Never raises, never changes what is done inside a span."""

    def span(
        self,
        name: str,
        correlation_id: UUID | None,
        attributes: Attributes = NO_ATTRIBUTES,
        *,
        parent: UUID | str | None = None,
        id: UUID | None = None,
    ) -> AbstractContextManager[Span]:
        """Something that takes time, in the trace of a correlation id; without one, in the trace at hand or a new one.

        `parent` is the id of the command or event that led here, or the `traceparent` header that came with a request;
        without one it is the span around this one, if that belongs to the same trace. `id` is given by whoever wants
        to be named as a parent elsewhere: a command's. A refusal that passes through is noted and no error.
        """
        ...

    def batch_span(
        self, name: str, events: Sequence[Recorded], attributes: Attributes = NO_ATTRIBUTES
    ) -> AbstractContextManager[Span]:
        """Dealing with events of many traces at once: a span of its own, and one in each of their traces.

        The span in a trace hangs on the first of its events and takes the time of the whole batch. At most
        `MOST_TRACES` traces get one.
        """
        ...

    def appended(self, events: Sequence[Recorded]) -> None:
        """Events became durable: each is a moment in its trace, which later spans can hang on."""
        ...

    def close(self) -> None:
        """Send what has not been sent."""
        ...


class _Nothing:
    """A span that nobody looks at. There is one of it."""

    __slots__ = ()

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def note(self, attributes: Attributes) -> None:
        """Forget it."""


NOTHING = _Nothing()


class NoTracing:
    """Tracing that is switched off: a fifth of a microsecond a span."""

    def span(
        self,
        name: str,
        correlation_id: UUID | None,
        attributes: Attributes = NO_ATTRIBUTES,
        *,
        parent: UUID | str | None = None,
        id: UUID | None = None,
    ) -> AbstractContextManager[Span]:
        """Nothing."""
        return NOTHING

    def batch_span(
        self, name: str, events: Sequence[Recorded], attributes: Attributes = NO_ATTRIBUTES
    ) -> AbstractContextManager[Span]:
        """Nothing."""
        return NOTHING

    def appended(self, events: Sequence[Recorded]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def open_tracing(exporter: TracingExporter, service: str, *, share: float = 1.0) -> Tracing:
    """Tracing that sends its spans where `exporter` says, in the name of `service`.

    `otlp` follows the usual variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, …), `console` writes JSON to standard error. A
    `share` of all traces is looked at: the same ones in every process. Raises `TracingNotInstalled`.
    """
    if exporter == "none":
        return NoTracing()
    try:
        from annolog.infra.telemetry.spans import SentTracing, console_processor, otlp_processor

        processor = otlp_processor() if exporter == "otlp" else console_processor()
    except ImportError as missing:
        raise TracingNotInstalled(
            f"Traces to {exporter} need packages that are not installed ({missing.name}): "
            "pip install 'annolog[tracing]', or set the exporter to none."
        ) from missing
    return SentTracing(processor, service, share)


def correlation_of(traceparent: str | None) -> UUID | None:
    """The correlation id that a W3C `traceparent` header asks for; None where there is none, or not a valid one."""
    found = parsed(traceparent)
    return None if found is None else UUID(int=found[0])


def traceparent_of(correlation_id: UUID, event_id: UUID) -> str:
    """The W3C `traceparent` header that makes somebody else's work hang on an event or a command."""
    return f"00-{correlation_id.hex}-{span_id_of(event_id):016x}-01"


def span_id_of(id: UUID) -> int:
    """The span id of a command or an event: the last eight bytes of its own id, and never zero, which means none."""
    return id.int & LARGEST_SPAN_ID or 1


def parsed(traceparent: str | None) -> tuple[int, int] | None:
    """The ids of trace and span in a `traceparent` header of version 00, if it is valid."""
    found = TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return None if found is None else (int(found[1], 16), int(found[2], 16))
