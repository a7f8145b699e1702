"""What a project remembers of changes in people's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from annolog.domain.drift import events as happened
from annolog.domain.drift.detector import Measure


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm, by what it is about and the last day it rests on."""

    number: int
    person: int
    measure: str
    until: str
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Alarms:
    """The alarms of a project by number."""

    by_number: Mapping[int, Alarm] = field(default_factory=lambda: MappingProxyType({}))

    def last_day(self, person: int, measure: Measure) -> str:
        """The last day that an alarm rests on already; what came later is looked at anew. Empty where there is none."""
        days = (a.until for a in self.by_number.values() if (a.person, a.measure) == (person, measure.value))
        return max(days, default="")


def evolve(alarms: Alarms, event: object) -> Alarms:
    """The alarms once `event` has happened."""
    match event:
        case happened.DriftDetected(alarm=number, person=person, measure=measure, until=until):
            found = Alarm(number, person, measure, until)
        case happened.DriftDismissed(alarm=number) if number in alarms.by_number:
            found = replace(alarms.by_number[number], dismissed=True)
        case _:
            return alarms
    return Alarms(MappingProxyType({**alarms.by_number, found.number: found}))
