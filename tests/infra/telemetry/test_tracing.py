"""Traces: one per correlation id, whoever works on it, in whatever process, and nothing at all when switched off."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from uuid_utils.compat import uuid7

from annolog.domain.event import Event
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import SlotTaken
from annolog.infra.composition import EVERYTHING, Installation, Part
from annolog.infra.settings import InstallationSettings
from annolog.infra.telemetry.spans import MOST_APPENDED, MOST_TRACES, SentTracing
from annolog.infra.telemetry.tracing import (
    NoTracing,
    Tracing,
    TracingNotInstalled,
    correlation_of,
    open_tracing,
    span_id_of,
    traceparent_of,
)


class SomethingHappened(Event):
    pass


class Traced:
    """A process with tracing whose spans stay here."""

    def __init__(self, share: float = 1.0) -> None:
        self._sent = InMemorySpanExporter()
        self.tracing: Tracing = SentTracing(SimpleSpanProcessor(self._sent), "test", share)

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._sent.get_finished_spans()

    def one(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.spans if span.name == name]
        return found


def recorded(correlation_id: UUID, command_id: UUID | None = None, position: int = 1) -> Recorded:
    return Recorded(
        position=position,
        id=uuid7(),
        stream="task-1",
        version=position,
        recorded_at=datetime.now(UTC),
        actor=1,
        on_behalf_of=None,
        command_id=command_id or uuid4(),
        correlation_id=correlation_id,
        causation_id=None,
        project=1,
        event=SomethingHappened(),
    )


def id_of(span: ReadableSpan) -> int:
    return span.get_span_context().span_id


def trace_of(span: ReadableSpan) -> int:
    return span.get_span_context().trace_id


def parent_of(span: ReadableSpan) -> int | None:
    return None if span.parent is None else span.parent.span_id


def attributes_of(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


# ── one trace over processes ─────────────────────────────────────────────────────────────────────────────────────────


def test_request_command_event_projection_and_reaction_are_one_trace_over_processes() -> None:
    api, projector, reactor = Traced(), Traced(), Traced()
    correlation_id, command_id, reaction_id = uuid7(), uuid4(), uuid4()
    event = recorded(correlation_id, command_id)

    with api.tracing.span("request", correlation_id), api.tracing.span("command", correlation_id, id=command_id):
        pass
    api.tracing.appended([event])
    with projector.tracing.batch_span("project board", [event]):
        pass
    with reactor.tracing.span("react", event.correlation_id, parent=event.id, id=reaction_id):
        pass

    request, command = api.one("request"), api.one("command")
    happened = api.one("event SomethingHappened")
    (projected,) = [span for span in projector.spans if trace_of(span) == correlation_id.int]
    reacted = reactor.one("react")
    assert {trace_of(span) for span in (request, command, happened, projected, reacted)} == {correlation_id.int}
    assert parent_of(request) is None
    assert parent_of(command) == id_of(request)
    assert id_of(command) == span_id_of(command_id)
    assert parent_of(happened) == id_of(command)
    assert parent_of(projected) == parent_of(reacted) == id_of(happened) == span_id_of(event.id)
    assert id_of(reacted) == span_id_of(reaction_id)


@pytest.mark.parametrize("make", [uuid4, uuid7])
def test_any_uuid_is_a_trace_id(make: type[UUID]) -> None:
    process = Traced()
    correlation_id = make()  # type: ignore[call-arg]
    with process.tracing.span("x", correlation_id):
        pass
    assert trace_of(process.one("x")) == correlation_id.int


def test_a_request_goes_on_with_the_trace_of_its_caller() -> None:
    process = Traced()
    header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    correlation_id = correlation_of(header)
    with process.tracing.span("request", correlation_id, parent=header):
        pass
    request = process.one("request")
    assert f"{trace_of(request):032x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert f"{parent_of(request):016x}" == "00f067aa0ba902b7"


def test_the_header_of_another_trace_is_no_parent() -> None:
    process = Traced()
    with process.tracing.span("request", uuid4(), parent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"):
        pass
    assert parent_of(process.one("request")) is None


def test_a_span_hangs_on_the_one_around_it_only_within_its_trace() -> None:
    process = Traced()
    first, second = uuid4(), uuid4()
    with process.tracing.span("outer", first):
        with process.tracing.span("same", first), process.tracing.span("whichever", None):
            pass
        with process.tracing.span("other", second):
            pass
    outer = process.one("outer")
    assert parent_of(process.one("same")) == id_of(outer)
    assert parent_of(process.one("whichever")) == id_of(process.one("same"))
    assert trace_of(process.one("whichever")) == first.int
    assert (parent_of(process.one("other")), trace_of(process.one("other"))) == (None, second.int)


def test_threads_do_not_mix_up_their_ids() -> None:
    process = Traced()
    ids = [uuid4() for _ in range(200)]

    def work(id: UUID) -> None:
        with process.tracing.span(str(id), id, id=id):
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, ids))
    assert {(span.name, trace_of(span), id_of(span)) for span in process.spans} == {
        (str(id), id.int, span_id_of(id)) for id in ids
    }


# ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_is_linked_with_its_traces_and_leaves_a_span_in_each() -> None:
    process = Traced()
    one, two = uuid4(), uuid4()
    events = [recorded(one, position=1), recorded(two, position=2), recorded(one, position=3)]
    with process.tracing.batch_span("project board", events, {"projector": "board"}):
        pass
    (batch,) = [span for span in process.spans if trace_of(span) not in (one.int, two.int)]
    assert attributes_of(batch) == {"annolog.events": 3, "annolog.position": 3, "projector": "board"}
    assert [link.context.trace_id for link in batch.links] == [one.int, two.int]
    for correlation_id, first, count in ((one, events[0], 2), (two, events[1], 1)):
        (inside,) = [span for span in process.spans if trace_of(span) == correlation_id.int]
        assert parent_of(inside) == span_id_of(first.id)
        assert [link.context.span_id for link in inside.links] == [id_of(batch)]
        assert attributes_of(inside) == {"annolog.events": count, "annolog.position": first.position}
        assert inside.start_time is not None
        assert batch.start_time is not None
        assert inside.start_time <= batch.start_time
        assert (inside.end_time or 0) >= (batch.end_time or 0)


def test_a_large_batch_and_a_large_import_leave_few_spans() -> None:
    process = Traced()
    with process.tracing.batch_span("project", [recorded(uuid4()) for _ in range(500)]):
        pass
    assert len(process.spans) == 1 + MOST_TRACES
    importing = Traced()
    importing.tracing.appended([recorded(UUID(int=7)) for _ in range(1_000)])
    assert len(importing.spans) == MOST_APPENDED


def test_an_empty_batch_is_nothing() -> None:
    process = Traced()
    with process.tracing.batch_span("project", []):
        pass
    process.tracing.appended([])
    assert process.spans == ()


def test_a_batch_that_fails_is_an_error_in_every_trace() -> None:
    process = Traced()
    with pytest.raises(ZeroDivisionError), process.tracing.batch_span("project", [recorded(uuid4())]):
        raise ZeroDivisionError
    assert [span.status.status_code for span in process.spans] == [StatusCode.ERROR] * 2


# ── what comes of it ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_is_noted_and_no_error() -> None:
    process = Traced()
    with pytest.raises(SlotTaken), process.tracing.span("command", uuid4(), {"command": "submit"}):
        raise SlotTaken("Somebody else was quicker.")
    span = process.one("command")
    assert attributes_of(span) == {"command": "submit", "annolog.refused": "slot-taken"}
    assert span.status.status_code is StatusCode.UNSET


def test_a_defect_is_an_error_without_secrets() -> None:
    process = Traced()
    with pytest.raises(ValueError), process.tracing.span("command", uuid4()):
        raise ValueError("cannot reach postgresql://me:hunter2@db/annolog")
    span = process.one("command")
    assert span.status.status_code is StatusCode.ERROR
    (told,) = span.events
    assert dict(told.attributes or {}) == {
        "exception.type": "ValueError",
        "exception.message": "ValueError('cannot reach postgresql://me:***@db/annolog')",
    }


def test_being_interrupted_is_no_error() -> None:
    process = Traced()
    with pytest.raises(KeyboardInterrupt), process.tracing.span("command", uuid4()):
        raise KeyboardInterrupt
    assert process.one("command").status.status_code is StatusCode.UNSET


def test_what_becomes_known_on_the_way_is_told() -> None:
    process = Traced()
    with process.tracing.span("command", uuid4()) as span:
        span.note({"outcome": "repeated"})
    assert attributes_of(process.one("command")) == {"outcome": "repeated"}


# ── shares ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [uuid4, uuid7])
def test_a_share_of_traces_is_looked_at_whatever_version_their_ids_have(make: type[UUID]) -> None:
    process = Traced(share=0.25)
    for _ in range(2_000):
        with process.tracing.span("x", make()):  # type: ignore[call-arg]
            pass
    assert 350 < len(process.spans) < 650


def test_every_process_looks_at_the_same_traces() -> None:
    api, projector = Traced(share=0.5), Traced(share=0.5)
    ids = [uuid4() for _ in range(MOST_TRACES)]
    for id in ids:
        with api.tracing.span("request", id):
            pass
    events = [recorded(id) for id in ids]
    api.tracing.appended(events)
    with projector.tracing.batch_span("project", events), projector.tracing.span("inside", None):
        pass
    looked_at = {trace_of(span) for span in api.spans if span.name == "request"}
    assert {trace_of(span) for span in api.spans} == looked_at
    assert {trace_of(span) for span in projector.spans if trace_of(span) in {id.int for id in ids}} == looked_at
    assert parent_of(projector.one("inside")) in {id_of(span) for span in projector.spans}


def test_a_share_of_none_looks_at_nothing() -> None:
    process = Traced(share=0)
    with process.tracing.span("request", uuid4()) as span, process.tracing.batch_span("b", [recorded(uuid4())]):
        span.note({"outcome": "done"})
    assert process.spans == ()


# ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(correlation_id=st.uuids(), event_id=st.uuids(allow_nil=True))
def test_a_header_of_ours_is_read_back(correlation_id: UUID, event_id: UUID) -> None:
    header = traceparent_of(correlation_id, event_id)
    assert correlation_of(header) == correlation_id
    assert int(header.split("-")[2], 16) != 0


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "garbage",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e473٣-00f067aa0ba902b7-01",
    ],
)
def test_a_header_that_is_not_valid_asks_for_nothing(header: str | None) -> None:
    assert correlation_of(header) is None


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tracing_that_is_off_does_nothing_and_costs_next_to_nothing() -> None:
    tracing = open_tracing("none", "annolog")
    assert isinstance(tracing, NoTracing)
    id, events = uuid4(), [recorded(uuid4())]

    def each(times: int = 5_000) -> float:
        began = perf_counter()
        for _ in range(times):
            with tracing.span("command", id, parent=id) as span:
                span.note({})
        return (perf_counter() - began) / times

    # A quarter of a microsecond on an idle machine; the limit leaves room for a busy one.
    assert min(each() for _ in range(5)) < 2e-6
    with tracing.batch_span("project", events):
        tracing.appended(events)
    tracing.close()


def test_the_console_gets_one_json_line_a_span(capsys: pytest.CaptureFixture[str]) -> None:
    tracing = open_tracing("console", "annolog-relay")
    with tracing.span("relay", UUID(int=5)):
        pass
    tracing.close()
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told["name"] == "relay"
    assert told["context"]["trace_id"] == f"0x{5:032x}"
    assert told["resource"]["attributes"]["service.name"] == "annolog-relay"


@pytest.mark.parametrize(
    ("exporter", "missing"),
    [("otlp", "opentelemetry.exporter.otlp.proto.http.trace_exporter"), ("console", "opentelemetry.sdk.trace")],
)
def test_what_is_not_installed_is_named_with_the_extra_that_has_it(
    monkeypatch: pytest.MonkeyPatch, exporter: str, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    if exporter == "console":
        monkeypatch.delitem(sys.modules, "annolog.infra.telemetry.spans")
    with pytest.raises(TracingNotInstalled, match=r"annolog\[tracing\]"):
        open_tracing(exporter, "annolog")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "name"), [(EVERYTHING, "annolog"), ({Part.REACTOR}, "annolog-reactor"), ({Part.API}, "annolog-api")]
)
def test_processes_of_different_parts_are_told_apart(tmp_path: Path, parts: set[Part], name: str) -> None:
    settings = InstallationSettings(data_dir=tmp_path, traces="console")
    with Installation(settings, parts=parts) as installation:
        tracing = installation.observer.tracing
        assert isinstance(tracing, SentTracing)
        assert tracing._provider.resource.attributes["service.name"] == name
