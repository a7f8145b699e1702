"""A project's rules in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annolog.infra.web.parts.words import counted, duration, sentence


@dataclass(frozen=True, slots=True)
class Looked:
    """Something that a rule looks at: what it is called, and whether it is a share."""

    words: str
    is_share: bool = False
    takes: str = ""


COLLECTORS: Mapping[str, Looked] = {
    "answers": Looked("answers given"),
    "fast_answers": Looked("fast answers among the latest", takes="fast"),
    "skips_in_row": Looked("tasks skipped in a row"),
    "ground_truth_accuracy": Looked("agreement with the ground truth", True),
    "ground_truth_tasks": Looked("answered tasks with a ground truth"),
    "majority_agreement": Looked("agreement with the majority", True),
    "majority_tasks": Looked("answered tasks with a majority"),
    "rejection_rate": Looked("share of reviewed annotations that were rejected", True),
    "reviewed": Looked("reviewed annotations"),
    "skill": Looked("measured skill", True, "skill"),
    "skill_low": Looked("lower end of the measured skill's interval", True, "skill"),
    "skill_high": Looked("upper end of the measured skill's interval", True, "skill"),
    "skill_answers": Looked("answers that the skill is measured by", takes="skill"),
}
COMPARISONS = {
    "gte": "at least",
    "gt": "more than",
    "lte": "at most",
    "lt": "less than",
    "eq": "exactly",
    "ne": "anything but",
}
SOURCES = {"ground_truth": "ground truth", "consensus": "consensus", "review": "review"}
ACTIONS = {
    "pause": "Pause the person",
    "set_skill": "Give them a skill",
    "raise_overlap": "Ask more people about their tasks",
    "redo": "Have their latest work done anew",
}


def condition(given: Mapping[str, Any]) -> str:
    """One condition: `fast answers among the latest 10 (under 3 s): at least 5`."""
    looked = COLLECTORS.get(given["collector"], Looked(sentence(given["collector"]).lower()))
    parameters, words = given.get("parameters") or {}, looked.words
    if looked.takes == "fast":
        words += f" {parameters.get('last', 10)} (under {duration(parameters.get('seconds'))})"
    elif looked.takes == "skill":
        days = parameters.get("days")
        held = SOURCES.get(str(parameters.get("source")), str(parameters.get("source")))
        words += f" (by {held}, {f'last {days} days' if days else 'all time'})"
    value = f"{given['value'] * 100:g} %" if looked.is_share else f"{given['value']:g}"
    return f"{words}: {COMPARISONS.get(given['comparison'], given['comparison'])} {value}"


def action(given: Mapping[str, Any]) -> str:
    """What follows, as a sentence without a full stop."""
    match given["do"]:
        case "pause":
            minutes = given.get("minutes")
            how = "from all work" if given.get("kind", "full") == "full" else "from new work"
            until = f"for {duration(minutes * 60)}" if minutes else "until somebody ends it"
            return f"they are paused {how} {until}"
        case "set_skill":
            return f"they have the skill “{given['skill']}” with {given['value']:g}"
        case "raise_overlap":
            people = counted(given.get("by", 1), "more person is", "more people are")
            return f"{people} asked about the tasks of their latest {counted(given.get('last', 10), 'answer')}"
        case "redo":
            return f"their latest {counted(given.get('last', 10), 'answer')} count no more, and are asked for anew"
        case other:
            return sentence(str(other)).lower()


def rule(given: Mapping[str, Any]) -> str:
    """A whole rule."""
    conditions = " and ".join(condition(one) for one in given["conditions"])
    once = "" if given.get("again", True) else ", once a person"
    return f"When {conditions}, then {action(given['action'])}{once}."
