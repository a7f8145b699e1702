"""What a claim about time is held to. No time is negative, in the future, or longer than it can have been.

A duration of the wrong shape (negative, not a number) is refused before it comes here, with the name of its field;
what is merely impossible is put right, and the event says so. The rules are listed in docs/time.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from annolog.domain.time.attention import Spent
from annolog.domain.time.notes import TimeNote, TimeRule

# Clocks of people's machines are some seconds off as a rule; beyond this an auditor wants to know.
USUAL_DIFFERENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says about the time of their work; durations in seconds."""

    started_at: datetime | None = None
    lead_time: float | None = None
    active_time: float | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the log itself knows: since when there is the task, since when the work can have been open, and what was
    heard of the page meanwhile. None where it knows nothing."""

    exists_since: datetime | None = None
    open_since: datetime | None = None
    spent: Spent | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Times that are possible, and what was done to make them so."""

    started_at: datetime | None = None
    lead_time: float | None = None
    active_time: float | None = None
    notes: tuple[TimeNote, ...] = ()


def held(claim: Claim, known: Known, now: datetime, *, vouched: bool = False, lead: str = "lead_time") -> Held:
    """The claim, measured where something was heard, within what is possible.

    `vouched` is for work that was done elsewhere and is recorded here for somebody: its own clocks measured it. Where
    a page of ours was heard meanwhile it was done here.
    `lead` is the name of the field that lead time is recorded under.
    """
    notes: list[TimeNote] = []
    vouched = vouched and known.spent is None
    started_at = _begun(claim.started_at, known, now, notes, vouched=vouched)
    lead_time, active_time = claim.lead_time, claim.active_time
    most = None if vouched or known.open_since is None else max(0.0, (now - known.open_since).total_seconds())
    if known.spent is not None:
        if lead_time is None:
            lead_time = known.spent.open
            notes.append(TimeNote(field=lead, rule=TimeRule.MEASURED))
        if active_time != known.spent.active:
            notes.append(TimeNote(field="active_time", rule=TimeRule.MEASURED, seconds=active_time))
            active_time = known.spent.active
    lead_time = _at_most(lead, lead_time, most, TimeRule.LONGER_THAN_OPEN, notes)
    active_time = _at_most("active_time", active_time, most, TimeRule.LONGER_THAN_OPEN, notes)
    active_time = _at_most("active_time", active_time, lead_time, TimeRule.LONGER_THAN_LEAD_TIME, notes)
    return Held(started_at, lead_time, active_time, tuple(notes))


def _begun(
    started_at: datetime | None, known: Known, now: datetime, notes: list[TimeNote], *, vouched: bool
) -> datetime | None:
    if started_at is None:
        return None
    if started_at > now:
        notes.append(TimeNote(field="started_at", rule=TimeRule.IN_THE_FUTURE, moment=started_at))
        return now
    since = known.exists_since
    if since is not None and started_at < since and not vouched:
        notes.append(TimeNote(field="started_at", rule=TimeRule.BEFORE_THE_TASK, moment=started_at))
        return since
    return started_at


def _at_most(
    field: str, seconds: float | None, most: float | None, rule: TimeRule, notes: list[TimeNote]
) -> float | None:
    if seconds is None or most is None or seconds <= most:
        return seconds
    notes.append(TimeNote(field=field, rule=rule, seconds=seconds))
    return most
