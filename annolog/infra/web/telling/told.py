"""What is told of an event: a sentence, what it is about, and what it rested on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from annolog.infra.web.telling.speaker import Speaker


class About(Enum):
    """What an event is about: by this timelines are narrowed down."""

    ANSWERS = "Answers"
    GIVING = "Who was given it"
    DECISIONS = "Decisions by rule"
    REVIEWS = "Reviews"
    COMMENTS = "Comments"
    TASK = "The task itself"
    TIMES = "Time at work"


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words."""

    sentence: str
    about: About
    evidence: Sequence[tuple[str, str]] = ()


# Given what the event says, who did it, and how people and answers are called. Fields may be missing: the API keeps
# some from some.
Teller = Callable[[Mapping[str, Any], str, Speaker], Told]
