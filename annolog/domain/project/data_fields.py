"""Which fields of tasks' data are kept from whom, and what is left of a task then.

A rule is about a key, wherever a task carries it: in its data and in its meta. Text that a region quotes from a field
goes with the field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from annolog.domain.project.events import ProjectRole
from annolog.domain.project.settings_group import SettingsGroup

MOST_FIELDS = 300
# As wide for a long text as for a short one, and for a number, a list or nothing at all.
MARK = "•••"
# What somebody writes is theirs, though it may say what they read.
WRITTEN = "textarea"
AT_WORK = (ProjectRole.ANNOTATOR, ProjectRole.REVIEWER)


class How(StrEnum):
    """What is there instead of a value that is kept from somebody: a mark, or not even the key."""

    MASK = "mask"
    WITHHOLD = "withhold"


class FieldRule(SettingsGroup):
    """From whom a field is kept. What is sensitive is also kept from whoever lacks the right to see it."""

    hidden_from: tuple[ProjectRole, ...] = Field(default=(), max_length=len(ProjectRole))
    how: How = How.MASK
    sensitive: bool = Field(default=False, description="Personal data, or the like: it does not leave the log.")


FieldName = Annotated[str, Field(min_length=1, max_length=200)]


class DataFieldSettings(SettingsGroup):
    """The fields of tasks' data that not everybody sees, by name."""

    fields: dict[FieldName, FieldRule] = Field(default_factory=dict, max_length=MOST_FIELDS)


def hidden_at_work(rules: Mapping[str, FieldRule], needed: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The fields that a labeling config needs and that are hidden from who labels or judges by it, with these roles in
    words: nobody can answer what they do not see.
    """
    for name in sorted(rules.keys() & set(needed)):
        roles = [f"{role.value}s" for role in AT_WORK if role in rules[name].hidden_from]
        if roles:
            yield name, " and ".join(roles)


@dataclass(frozen=True, slots=True)
class Concealment:
    """What of tasks is kept from somebody: fields, and the objects of the labeling config that show them.

    An object that no labeling config knows may have shown anything.
    """

    fields: Mapping[str, How] = field(default_factory=lambda: MappingProxyType({}))
    shown: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """A task's page, an event, a row or an answer with what is left of `data` and `meta`, and of what quotes."""
        if not self.fields:
            return dict(members)
        kept = {
            name: self.data(value) if name in ("data", "meta") else self.quoting(value)
            for name, value in members.items()
        }
        # By the digest of what was there before its values can be guessed.
        return {**kept, "digest": MARK} if "data" in members and "digest" in members else kept

    def data(self, found: Any) -> Any:
        """The fields that are left. A structured value is kept from somebody as a whole."""
        if not self.fields or not isinstance(found, Mapping):
            return found
        return {
            name: MARK if name in self.fields else value
            for name, value in found.items()
            if self.fields.get(name) is not How.WITHHOLD
        }

    def quoting(self, found: Any) -> Any:
        """Anything with regions in it, without the text that they quote from what is kept from somebody."""
        if not self.fields:
            return found
        if isinstance(found, Mapping):
            if "to_name" in found and self.covers(found["to_name"]):
                return _without_quote(found)
            return {name: self.quoting(value) for name, value in found.items()}
        return [self.quoting(item) for item in found] if isinstance(found, list) else found

    def covers(self, to_name: object) -> bool:
        """Whether regions on this object may quote what is kept from somebody."""
        shown = self.shown.get(to_name) if isinstance(to_name, str) else None
        return bool(self.fields) and (shown is None or not shown.isdisjoint(self.fields))


NOTHING = Concealment()


def _without_quote(item: Mapping[str, Any]) -> dict[str, Any]:
    value = item.get("value")
    if item.get("type") == WRITTEN or not isinstance(value, Mapping) or "text" not in value:
        return dict(item)
    return {**item, "value": {**value, "text": MARK}}


@dataclass(frozen=True, slots=True)
class TaskFields:
    """What a project says of its tasks' fields: the rules, and which of them each object of its labeling configs,
    earlier ones too, has shown.
    """

    rules: Mapping[str, FieldRule] = field(default_factory=lambda: MappingProxyType({}))
    shown: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def with_rules(self, settings: DataFieldSettings) -> TaskFields:
        """Once the rules are these."""
        return replace(self, rules=MappingProxyType(dict(settings.fields)))

    def with_objects(self, objects: Mapping[str, frozenset[str]]) -> TaskFields:
        """Once a labeling config shows these fields."""
        merged = {name: self.shown.get(name, frozenset()) | fields for name, fields in objects.items()}
        return replace(self, shown=MappingProxyType({**self.shown, **merged}))

    def concealing(self, names: Iterable[str]) -> Concealment:
        """What is left where these fields are kept from somebody."""
        fields = {name: self.rules[name].how for name in names}
        return Concealment(MappingProxyType(fields), self.shown) if fields else NOTHING

    @property
    def sensitive(self) -> frozenset[str]:
        """The fields that do not leave the log."""
        return frozenset(name for name, rule in self.rules.items() if rule.sensitive)

    def without_sensitive(self) -> Concealment:
        """What is left for those of whom nobody knows who they are: Kafka, webhooks and the board."""
        withheld = dict.fromkeys(self.sensitive, How.WITHHOLD)
        return Concealment(MappingProxyType(withheld), self.shown) if withheld else NOTHING

    def stored(self) -> str:
        """As text, always the same for the same."""
        members = {
            "rules": {name: rule.model_dump(mode="json") for name, rule in self.rules.items()},
            "shown": {name: sorted(fields) for name, fields in self.shown.items()},
        }
        return json.dumps(members, sort_keys=True, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> TaskFields:
        """As it was stored."""
        return _read(text)


@lru_cache(maxsize=256)
def _read(text: str) -> TaskFields:
    found = json.loads(text)
    rules = {name: FieldRule.model_validate(rule) for name, rule in found["rules"].items()}
    shown = {name: frozenset(fields) for name, fields in found["shown"].items()}
    return TaskFields(MappingProxyType(rules), MappingProxyType(shown))
