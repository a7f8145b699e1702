"""A history in words: every event as a sentence, by whom or by what rule, and which event caused which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annolog.infra.web.telling import decision_events, talk_events, task_events
from annolog.infra.web.telling.speaker import SYSTEM, Speaker
from annolog.infra.web.telling.told import About, Teller, Told

TELLERS: Mapping[str, Teller] = {
    found.__name__: teller
    for room in (task_events, decision_events, talk_events)
    for found, teller in room.TELLERS.items()
}
# Deeper than this an indent only takes room.
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Line:
    """An event of a timeline: what it says, when, by whom, and what caused it.

    `cause` is the position of the event of the same task that caused it; `elsewhere` says that another event did.
    """

    position: int
    type: str
    at: str
    by: str
    told: Told
    cause: int | None
    elsewhere: bool
    together: bool
    depth: int
    event: Mapping[str, Any]


def tell(event: Mapping[str, Any], speaker: Speaker) -> Told:
    """One event as the API shows it. A type that nobody has words for is told by its name."""
    teller = TELLERS.get(str(event.get("type")))
    by = speaker.who(doer(event))
    if teller is None:
        return Told(f"{by}: {event.get('type')}.", About.TASK)
    return teller(event.get("data") or {}, by, speaker)


def doer(event: Mapping[str, Any]) -> Any:
    """Who did it: whom it was done for, where somebody acts for another."""
    return event.get("actor") if event.get("on_behalf_of") is None else event["on_behalf_of"]


def lines(events: Sequence[Mapping[str, Any]], speaker: Speaker) -> list[Line]:
    """A timeline. What came of the same command as an event before it is its consequence."""
    by_id: dict[str, int] = {}
    of_command: dict[str, int] = {}
    depths: dict[int, int] = {}
    found: list[Line] = []
    for event in events:
        position = int(event["position"])
        causation, command = event.get("causation_id"), event.get("command_id")
        together = of_command.get(str(command)) if command else None
        cause = together if together is not None else by_id.get(str(causation)) if causation else None
        depths[position] = 0 if cause is None else min(depths[cause] + 1, DEEPEST)
        by_id[str(event.get("id"))] = position
        if command:
            of_command.setdefault(str(command), position)
        found.append(
            Line(
                position,
                str(event.get("type")),
                str(event.get("recorded_at") or ""),
                _whose(event, speaker),
                tell(event, speaker),
                cause,
                cause is None and causation is not None,
                together is not None,
                depths[position],
                event,
            )
        )
    return found


def _whose(event: Mapping[str, Any], speaker: Speaker) -> str:
    actor, behalf = event.get("actor"), event.get("on_behalf_of")
    if behalf is not None and behalf != actor:
        return f"{speaker.who(behalf)}, by way of {speaker.who(actor)}" if actor else speaker.who(behalf)
    found = speaker.who(actor)
    if found == SYSTEM:
        return "by rule" if event.get("causation_id") else SYSTEM
    return found
