"""When a model of a project's people is fitted anew."""

from __future__ import annotations

from dataclasses import dataclass

# Fewer answers say nothing about anybody.
FEWEST_ANSWERS = 20
# A model is fitted anew when there are this many times as many answers, so that all fits together cost little more
# than ten times the last one, however they come in.
GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Standing:
    """What a project has in answers and in models: how many answers now, and up to where the model has looked."""

    project: int
    answers: int
    changed: int
    model_answers: int = 0
    model_position: int = 0

    def is_due(self, *, quiet: bool) -> bool:
        """Whether to fit: something changed, and there is much more of it, or nobody has answered for a while."""
        if self.changed <= self.model_position or self.answers < FEWEST_ANSWERS:
            return False
        return quiet or self.answers >= GROWTH * self.model_answers
