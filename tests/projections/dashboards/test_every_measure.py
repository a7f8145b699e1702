"""Whatever happens, every measure of every segment is what polars makes of the raw events alone, in any zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from annolog.domain.measures.measure import BY_KEY, MEASURES
from annolog.domain.measures.question import fits, question
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.dashboards import medians
from annolog.projections.dashboards.projector import dashboards
from annolog.projections.dashboards.queries import dashboard
from annolog.projections.dashboards.segments import Scope
from tests.projections.dashboards.by_hand import expected, facts_of
from tests.projections.dashboards.formulas import FORMULAS
from tests.projections.dashboards.history import History, P
from tests.projections.engine.test_batches import cut, folded

ZONES = ("UTC", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia")


def connection_with(events: list[Recorded]) -> Connection:
    connection = create_engine("sqlite://").connect()
    dashboards.metadata.create_all(connection)
    for batch in cut(events, Random(len(events))):
        dashboards.fold(connection, batch)
    return connection


def asked_of(
    connection: Connection, by: list[str], zone: str, since: str | None = None, until: str | None = None
) -> dict[str, Any]:
    """All measures there are."""
    keys = [measure.key for measure in MEASURES if fits(measure, by)]
    return dashboard(connection, [Scope(P)], question(zone, since, until, by, keys))


BY = (
    *(["person"], ["label"], ["day"], ["week"], ["month"], ["year"]),
    *(
        ["person", "label"],
        ["person", "month"],
        ["project", "day"],
        ["day", "person"],
        ["label", "week"],
        ["person", "day", "label"],
    ),
)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from(ZONES), st.sampled_from(BY), st.booleans(), st.booleans())
def test_every_measure_of_every_segment_is_what_polars_makes_of_the_events(
    seed: int, zone: str, by: list[str], bounded: bool, many: bool
) -> None:
    history = History(seed)
    first, last = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    since = until = None
    if bounded:
        here = ZoneInfo(zone)
        start = history.events[0].recorded_at.astimezone(here)
        since = (start + timedelta(days=1)).date()
        end = datetime.fromordinal(since.toordinal() + history.chance.choice((3, 30))).replace(
            hour=6, minute=45, tzinfo=here
        )
        first, last, until = datetime(since.year, since.month, since.day, tzinfo=here), end, end.isoformat()
    with pytest.MonkeyPatch.context() as patch:
        # As if there were very many times, so that medians are found by their place.
        patch.setattr(medians, "FEW", 0 if many else medians.FEW)
        found = asked_of(connection_with(history.events), by, zone, since and since.isoformat(), until)
    facts = facts_of(history.events)
    assert found["rows"] == expected(facts, by, zone, first, last)
    if "label" not in by:
        chosen = [measure.key for measure in MEASURES if fits(measure, by)]
        [total] = expected(facts, [], zone, first, last) or [{}]
        if "person" not in by:
            assert found["total"] == {key: total[key] for key in chosen}


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from(ZONES))
def test_hours_are_those_on_the_clocks_of_the_place(seed: int, zone: str) -> None:
    history = History(seed)
    found = asked_of(connection_with(history.events), ["hour"], zone)
    counted: dict[tuple[str, str], int] = {}
    for recorded in history.events:
        if isinstance(recorded.event, happened.AnnotationSubmitted):
            local = recorded.recorded_at.astimezone(ZoneInfo(zone))
            place = (f"{local:%Y-%m-%dT%H}", f"{local.isoformat()[-6:]}")
            counted[place] = counted.get(place, 0) + 1
    assert {
        (row["hour"][:13], row["hour"][-6:]): row["submissions"] for row in found["rows"] if row["submissions"]
    } == counted


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_rows_are_the_same_in_any_batches(seed: int) -> None:
    events = History(seed).events
    one_by_one = folded(dashboards, [[recorded] for recorded in events])
    assert folded(dashboards, [events]) == one_by_one
    assert folded(dashboards, cut(events, Random(seed))) == one_by_one


def test_every_measure_is_among_those_tried() -> None:
    tried = {measure.key for by in BY for measure in MEASURES if fits(measure, by)}
    assert tried == set(BY_KEY) == set(FORMULAS)
