"""How people, times and answers are called in sentences about a task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annolog.infra.web.parts.words import duration, moment

# Whoever does what nobody asked for.
SYSTEM = "Annolog"
NOBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Names people by id, tells times in a zone, and answers by the labeling config.

    Where names are hidden the API has put other words in their place, which are told as they are.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    zone: str = "UTC"
    answered: Callable[[Sequence[Mapping[str, Any]]], str] = lambda result: "…"
    # None of what does not fit the labeling config.
    suggested: Callable[[Sequence[Mapping[str, Any]]], str | None] = lambda result: "…"

    def who(self, person: Any) -> str:
        """One person."""
        if isinstance(person, str):
            return person
        if person == 0:
            return SYSTEM
        return self.names.get(person) or f"person {person}" if isinstance(person, int) else NOBODY

    def everybody(self, people: Iterable[Any]) -> str:
        """Several people, in one phrase."""
        named = [self.who(person) for person in people]
        if not named:
            return "nobody"
        if len(named) > 4:
            return f"{', '.join(named[:3])} and {len(named) - 3} others"
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"

    def at(self, when: Any) -> str:
        """A moment."""
        return moment(str(when), self.zone) if when else "some time"

    def answer(self, result: Any) -> str:
        """What a result says, within a sentence."""
        return f"“{self.answered(result)}”" if isinstance(result, list) else "something"

    def suggestion(self, result: Any) -> str:
        """What a model's result says, within a sentence, if it is one that the labeling config knows."""
        words = self.suggested(result) if isinstance(result, list) else None
        return "what does not fit the labeling config" if words is None else f"“{words}”"


def took(seconds: Any) -> str:
    """` after 12 s`, or nothing where it is not known."""
    return f" after {duration(float(seconds))}" if isinstance(seconds, int | float) and seconds > 0 else ""


def quoted(words: Any) -> str:
    """What somebody wrote, within a sentence, as the end of it."""
    return f": “{words}”" if words else ""


def named_event(type: str) -> str:
    """The type of an event within a sentence: `AnnotationSubmitted` as `annotation submitted`."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type).strip()
    return words or "something that is not told"
