"""What a change would come to, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annolog.infra.web.pages.settings.words import GROUPS
from annolog.infra.web.parts.words import counted, number, sentence

ONE = {"people": "person", "annotations": "annotation", "tasks": "task", "seconds": "second", "times": "time"}


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that follows; kinds: info, good, warning, bad."""

    kind: str
    words: str


def consequences(effect: Mapping[str, Any]) -> list[Consequence]:
    """What follows for tasks, labels and people, the gravest first."""
    found: list[Consequence] = []
    there, needed, most = effect["people_there"], effect["people_needed"], effect["people_at_most"]
    if not effect["feasible"]:
        words = f"A task would need {counted(needed, 'person', 'people')}, and the project has {number(there)}."
        found.append(Consequence("bad", f"{words} Tasks that nobody is left for would never be finished."))
    elif there and most > there:
        words = f"A task may come to need {counted(most, 'person', 'people')}, and the project has {number(there)}"
        found.append(Consequence("warning", f"{words}: some tasks may end with nobody left to ask."))
    elif not there and needed > 1:
        found.append(Consequence("info", f"A task will need {needed} people. There are no annotators yet."))
    if effect["opened"]:
        opened = counted(effect["opened"], "finished task")
        found.append(Consequence("warning", f"{opened} would be opened again, and wait for more answers."))
    if effect["closed"]:
        found.append(Consequence("info", f"{counted(effect['closed'], 'open task')} would wait for nobody any more."))
    before, after = effect["labels_before"], effect["labels_after"]
    if before != after:
        more = "more" if after > before else "fewer"
        words = (
            f"{counted(abs(after - before), 'label')} {more} to be given: {number(after)} instead of {number(before)}."
        )
        found.append(Consequence("info", words))
    if effect["changed"] and not effect["opened"] and not effect["closed"]:
        found.append(Consequence("info", f"{counted(effect['changed'], 'task')} would need another number of people."))
    if not found:
        found.append(Consequence("good", "No task is opened or closed, and no more labels are needed."))
    return found


def differences(group: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The settings that differ: what each is called, what it was, what it would be."""
    words = dict(GROUPS[group].settings()) if group in GROUPS else {}
    found = []
    for name in new:
        if old.get(name) == new[name]:
            continue
        setting = words.get(name)
        label = setting.label if setting else sentence(name)
        found.append((label, written(group, name, old.get(name)), written(group, name, new[name])))
    return found


def written(group: str, name: str, value: Any) -> str:
    """A value of a setting as people read it."""
    setting = dict(GROUPS[group].settings()).get(name) if group in GROUPS else None
    if value is None:
        return (setting.nothing if setting else "") or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return setting.options.get(value, value).split(":")[0] if setting else value
    if isinstance(value, int | float):
        shown = f"{value:,}" if isinstance(value, int) else f"{value:g}"
        unit = ONE.get(setting.unit, setting.unit) if setting and value == 1 else setting.unit if setting else ""
        return f"{shown} {unit}".strip()
    if isinstance(value, Sequence):
        return ", ".join(written(group, name, one) for one in value) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_short(one)}" for key, one in value.items()) or "none"
    return str(value)


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{sentence(str(key)).lower()} {_short(one)}" for key, one in value.items() if one not in (None, [], {})
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
