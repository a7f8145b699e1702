"""What the rules of a project need to know of themselves: which there are, and for whom they have fired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from annolog.domain.rules import events as happened
from annolog.domain.rules.rule import Rule

EMPTY: Mapping[Any, Any] = MappingProxyType({})
# Of one rule and person. Older ones can be read, not appealed or overruled: nothing of them is left to undo.
MOST_FIRINGS = 20


@dataclass(frozen=True, slots=True)
class VersionedRule:
    """A rule and which version of it that is."""

    version: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Skill:
    """What somebody's skill is, and which firing gave it, if one did."""

    value: float
    firing: int | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule fired for somebody who had given so many answers and skipped so many tasks.

    `skill_before` is what the person's skill was, where the action sets one.
    """

    number: int
    person: int
    rule: str
    version: int
    answers: int
    skips: int
    action: Mapping[str, Any]
    skill_before: Skill | None = None
    appealed: bool = False
    overruled: bool = False


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of a project by name, how often each name was set, and the latest firings by rule and person."""

    rules: Mapping[str, VersionedRule] = field(default_factory=lambda: EMPTY)
    versions: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    firings: Mapping[tuple[str, int], tuple[Firing, ...]] = field(default_factory=lambda: EMPTY)
    fired: int = 0

    def last(self, rule: str, person: int) -> Firing | None:
        """The latest time that the rule fired for the person."""
        found = self.firings.get((rule, person))
        return found[-1] if found else None

    def firing(self, number: int) -> Firing | None:
        """A firing, unless it is too old."""
        return next((one for few in self.firings.values() for one in few if one.number == number), None)

    def with_firing(self, firing: Firing) -> Rulebook:
        """The rulebook with this firing in place of the one of its number, or as the latest."""
        key = (firing.rule, firing.person)
        others = self.firings.get(key, ())
        if any(one.number == firing.number for one in others):
            few = tuple(firing if one.number == firing.number else one for one in others)
        else:
            few = (*others, firing)[-MOST_FIRINGS:]
        return replace(self, firings=MappingProxyType({**self.firings, key: few}))


def evolve(book: Rulebook, event: object, skill: Skill | None = None) -> Rulebook:
    """The rulebook once `event` has happened; `skill` is what the person had of the one that a firing sets."""
    match event:
        case happened.RuleSet(name=name, version=version, rule=rule):
            known = VersionedRule(version, Rule.model_validate(rule))
            return replace(
                book,
                rules=MappingProxyType({**book.rules, name: known}),
                versions=MappingProxyType({**book.versions, name: version}),
            )
        case happened.RuleRemoved(name=name):
            left = {other: rule for other, rule in book.rules.items() if other != name}
            return replace(book, rules=MappingProxyType(left))
        case happened.RuleFired():
            firing = Firing(
                event.firing,
                event.person,
                event.rule,
                event.version,
                event.answers,
                event.skips,
                event.action,
                skill,
            )
            return replace(book.with_firing(firing), fired=event.firing)
        case happened.FiringAppealed(firing=number):
            found = book.firing(number)
            return book if found is None else book.with_firing(replace(found, appealed=True))
        case happened.FiringOverruled(firing=number):
            found = book.firing(number)
            return book if found is None else book.with_firing(replace(found, overruled=True))
        case _:
            return book
