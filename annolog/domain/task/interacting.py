"""Taking down what a page tells of the person who works with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from annolog.domain.refusals import Fault, InvalidInput, NotAssigned
from annolog.domain.task.annotating import live_annotation
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.interaction_events import InteractionsRecorded
from annolog.domain.task.state import Task
from annolog.domain.task.times import OWN, floor_of, piece_of
from annolog.domain.time.attention import Watch, placed
from annolog.domain.time.bounds import USUAL_DIFFERENCE
from annolog.domain.time.notes import TimeNote, TimeRule

# What took place longer before a batch was sent than this is no part of any work: about four months.
LONGEST_MILLISECONDS = 10**10


@dataclass(frozen=True, slots=True)
class Told:
    """One interaction: what, and when by the page's steady clock, in milliseconds since its session began, or else by
    the clock of its machine."""

    kind: str
    offset_ms: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What a page tells at once, with its clocks as they stood at sending."""

    session: str
    sequence: int
    interactions: Sequence[Told]
    offset_ms: int | None = None
    at: datetime | None = None
    annotation: int | None = None


def record(task: Task, person: int, batch: Batch, now: datetime, *, at_will: bool) -> list[InteractionsRecorded]:
    """Take a batch down; nothing, if it or a later one of the session is there already.

    Of their own work it is taken from who has the task or had it; `at_will` is for those who may answer any task.
    """
    must_exist(task)
    if batch.annotation is not None:
        live_annotation(task, batch.annotation)
    piece = piece_of(task, person, batch.annotation)
    if piece[1] == OWN:
        must_have(task, person, at_will=at_will)
    watch = task.times.watches.get(piece, Watch())
    if batch.sequence <= watch.last(batch.session):
        return []
    interactions, corrected = _before_sending(batch)
    _, moved = placed(interactions, now, floor_of(task, piece, batch.session))
    notes = []
    if corrected or moved:
        notes.append(TimeNote(field="interactions", rule=TimeRule.OUT_OF_BOUNDS))
    if batch.at is not None and abs(batch.at - now) > USUAL_DIFFERENCE:
        notes.append(TimeNote(field="client_clock", rule=TimeRule.OTHER_CLOCK, moment=batch.at))
    recorded = InteractionsRecorded(
        project=task.project,
        task=task.id,
        person=person,
        session=batch.session,
        sequence=batch.sequence,
        annotation=batch.annotation,
        interactions=interactions,
        client_clock=batch.at,
        time_notes=notes,
    )
    return [recorded]


def must_have(task: Task, person: int, *, at_will: bool) -> None:
    """Refuse who does not have the task before them, nor had it until their time for it ran out."""
    must_exist(task)
    held = person in task.leases or person in task.lapsed or person in task.assigned
    if not at_will and not held and task.annotation_of(person) is None:
        raise NotAssigned(f"This person does not have task {task.id} before them.")


def _before_sending(batch: Batch) -> tuple[list[tuple[str, int]], bool]:
    """How many milliseconds before sending each took place, and whether a clock that jumped had to be corrected.

    A steady clock does not run backwards, so a batch in which it does was put together wrong and is refused. Clocks of
    machines are set now and then: what seems to come after the sending, or before its predecessor, is moved beside it.
    """
    before: list[tuple[str, int]] = []
    corrected = False
    for place, told in enumerate(batch.interactions):
        field = f"/interactions/{place}"
        latest = before[-1][1] if before else LONGEST_MILLISECONDS
        if told.offset_ms is not None:
            if batch.offset_ms is None:
                raise _wrong("/offset_ms", "what the session's clock said at sending is missing")
            ago = batch.offset_ms - told.offset_ms
            if ago < 0:
                raise _wrong(f"{field}/offset_ms", "an interaction cannot come after the sending of it")
            if place and batch.interactions[place - 1].offset_ms is not None and ago > latest:
                raise _wrong(f"{field}/offset_ms", "interactions come in the order in which they took place")
        elif told.at is not None:
            if batch.at is None:
                raise _wrong("/at", "what the machine's clock said at sending is missing")
            ago = round((batch.at - told.at).total_seconds() * 1000)
        else:
            raise _wrong(field, "an interaction has an offset_ms, or else an at")
        possible = min(max(ago, 0), latest)
        corrected = corrected or possible != ago
        before.append((told.kind, possible))
    return before, corrected


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
