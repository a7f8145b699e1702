"""Whatever is claimed, times are within zero and what is possible, and every change of them is noted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.time.attention import Spent
from annolog.domain.time.bounds import Claim, Known, held

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
durations = st.none() | st.floats(0, 1e9)
moments = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
claims = st.builds(Claim, st.none() | moments, durations, durations)
spent = st.builds(lambda open_, share: Spent(open_, open_ * share), st.floats(0, 1e9), st.floats(0, 1))
known = st.builds(Known, st.none() | moments, st.none() | moments, st.none() | spent)


@given(claims, known, st.booleans())
def test_times_are_possible_whatever_is_claimed(claim: Claim, about: Known, vouched: bool) -> None:
    found = held(claim, about, NOON, vouched=vouched)
    since = about.open_since
    vouched = vouched and about.spent is None
    most = 1e9 if vouched or since is None else max(0.0, (NOON - since).total_seconds())
    for seconds in (found.lead_time, found.active_time):
        assert seconds is None or 0 <= seconds <= most
    if found.lead_time is not None and found.active_time is not None:
        assert found.active_time <= found.lead_time
    if found.started_at is not None:
        assert found.started_at <= NOON or (about.exists_since is not None and about.exists_since > NOON)
        if about.exists_since is not None and not vouched and claim.started_at != found.started_at:
            assert found.started_at in (NOON, about.exists_since)


@given(claims, known, st.booleans())
def test_a_time_that_is_not_as_claimed_is_noted_and_no_other(claim: Claim, about: Known, vouched: bool) -> None:
    found = held(claim, about, NOON, vouched=vouched)
    noted = {note.field for note in found.notes}
    changed = {
        name for name in ("started_at", "lead_time", "active_time") if getattr(found, name) != getattr(claim, name)
    }
    assert changed <= noted
    if about.spent is None:
        assert changed == noted


def test_what_was_seen_is_believed_before_what_is_said() -> None:
    about = Known(open_since=NOON - timedelta(seconds=100), spent=Spent(90, 40))
    found = held(Claim(lead_time=95, active_time=80), about, NOON)
    assert (found.lead_time, found.active_time) == (95, 40)
    [note] = found.notes
    assert (note.field, note.rule.value, note.seconds) == ("active_time", "measured", 80)


def test_a_clock_of_ours_that_was_set_back_makes_no_negative_time() -> None:
    found = held(Claim(lead_time=5), Known(open_since=NOON + timedelta(seconds=10)), NOON)
    assert found.lead_time == 0
