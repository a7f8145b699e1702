"""What happens to the rules of a project, and by them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from annolog.domain.project.events import ProjectEvent


class SkillCause(StrEnum):
    """Who or what gave somebody a skill."""

    PERSON = "person"
    RULE = "rule"
    OVERRULED = "overruled"


class RuleSet(ProjectEvent):
    """The project has this rule under this name, a new one or in another version."""

    name: str
    version: int = Field(description="Counts what was set under the name, from 1, also after it was removed.")
    rule: dict[str, Any]


class RuleRemoved(ProjectEvent):
    """The rule looks at nobody any more. What it has done stays."""

    name: str


class RuleFired(ProjectEvent):
    """The rule's conditions held for somebody. What follows in the project itself is in the same append."""

    firing: int = Field(description="Counts the firings of all rules of the project, from 1.")
    person: int
    rule: str
    version: int
    inputs: dict[str, float] = Field(description="By collector, the number for which the conditions held.")
    conditions: list[dict[str, Any]] = Field(description="The conditions as they were in this version.")
    action: dict[str, Any]
    tasks: list[int] = Field(description="Of the answers that were looked at one by one, or that the action is about.")
    annotations: list[int] = Field(default_factory=list, description="Which answers the action is about.")
    answers: int = Field(description="How many answers the person had given.")
    skips: int = Field(description="How many tasks the person had skipped.")


class FiringAppealed(ProjectEvent):
    """The person whom the rule fired for says that it is wrong."""

    firing: int
    person: int
    words: str


class FiringOverruled(ProjectEvent):
    """Somebody who manages the project takes it back. What can be undone in the project is in the same append."""

    firing: int
    person: int
    reason: str


class SkillSet(ProjectEvent):
    """The person has this skill, or with None no longer."""

    person: int
    skill: str
    cause: SkillCause
    value: float | None = None
    previous: float | None = None
    firing: int | None = Field(default=None, description="The firing that the value comes from, where it is one.")
