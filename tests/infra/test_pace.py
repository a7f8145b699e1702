"""The pace of the log against counting it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert

from annolog.infra.event_log.schema import event
from annolog.infra.pace import Pace
from annolog.projections.engine.moments import microseconds

NOW = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 600), max_size=60), st.integers(1, 12))
def test_events_are_in_the_minute_in_which_they_were_recorded(ages: list[int], minutes: int) -> None:
    engine = create_engine("sqlite://")
    event.create(engine)
    times = sorted(NOW - timedelta(seconds=age) for age in ages)
    with engine.begin() as connection:
        for position, at in enumerate(times, 1):
            row = {column.name: "" if column.type.python_type is str else 0 for column in event.columns}
            row |= {"position": position, "recorded_at": microseconds(at), "version": position}
            row |= {column.name: b"" for column in event.columns if column.type.python_type is bytes}
            connection.execute(insert(event), [row])
    this = int(NOW.timestamp()) // 60
    expected = [sum(int(at.timestamp()) // 60 == this - back for at in times) for back in range(minutes - 1, -1, -1)]
    pace = Pace(engine)
    assert pace.by_minute(NOW, minutes) == expected
    assert pace.by_minute(NOW, minutes) == expected, "remembered"
    engine.dispose()


def test_an_empty_log_has_no_pace(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'log.db'}")
    event.create(engine)
    assert Pace(engine).by_minute(NOW, 3) == [0, 0, 0]
    engine.dispose()
