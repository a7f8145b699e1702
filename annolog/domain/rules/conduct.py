"""What is known of one person's work in one project when a rule looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from annolog.domain.skills.skill import Skill, Source

MOST_RECENT = 100


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer that somebody gave. `lead_time` is in seconds, None where nobody measured it."""

    task: int
    lead_time: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured skill that a rule asks for: over all controls, of the last so many days, or with None of all time."""

    source: Source
    days: int | None = None


NO_SKILLS: Mapping[Measure, Skill] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Conduct:
    """One person in one project. Counts only grow, so what came after a moment can be told by them.

    `recent` are their latest answers, the last one last, and at most `MOST_RECENT`. Answers that were deleted since are
    counted: they were given. Scores are means in [0, 1] over so many tasks, 0 where there are none. `skills` are those
    that the rules of the project ask for, as far as there is anything to measure.
    """

    answers: int = 0
    skips: int = 0
    skips_in_row: int = 0
    recent: Sequence[GivenAnswer] = ()
    ground_truth_score: float = 0.0
    ground_truth_tasks: int = 0
    majority_score: float = 0.0
    majority_tasks: int = 0
    reviewed: int = 0
    rejected: int = 0
    skills: Mapping[Measure, Skill] = field(default_factory=lambda: NO_SKILLS)

    def since(self, answers: int, skips: int) -> Conduct:
        """What came after that many answers and skips, as far as it is known one by one. The rest stays as it is."""
        later = max(0, self.answers - answers)
        return replace(
            self,
            recent=self.recent[-later:] if later else (),
            skips_in_row=min(self.skips_in_row, max(0, self.skips - skips)),
        )

    def last(self, count: int) -> Sequence[GivenAnswer]:
        """The latest answers, at most so many."""
        return self.recent[-count:]
