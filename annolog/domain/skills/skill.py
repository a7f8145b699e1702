"""A measured skill: the share of answers that were right, with how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OUTSIDE = 0.025
# The longest that "of late" may be.
MOST_DAYS = 36_500


class Source(StrEnum):
    """What somebody's answers are held against: a ground truth, the majority of the others, or what reviewers say."""

    GROUND_TRUTH = "ground_truth"
    CONSENSUS = "consensus"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Skill:
    """A share in [0, 1] of so many answers, and the 95% interval around it."""

    value: float
    low: float
    high: float
    answers: int


def measure(right: float, total: int) -> Skill | None:
    """The skill of who was right in so many of all answers; None where there are none.

    The interval is Jeffreys': the middle 95% of Beta(right + 1/2, total - right + 1/2), and it always holds the value,
    so that it begins at 0 where nothing was right and ends at 1 where everything was (Brown, Cai and DasGupta 2001,
    "Interval Estimation for a Binomial Proportion"). Answers that were right in part count as such fractions; the
    interval is then wider than it need be, since fractions vary less than yes and no.
    """
    if total <= 0:
        return None
    # Commands of the command line that measure nothing need not wait for it.
    from scipy.special import betaincinv

    right = min(max(right, 0.0), float(total))
    value, one, other = right / total, right + 0.5, total - right + 0.5
    low, high = float(betaincinv(one, other, OUTSIDE)), float(betaincinv(one, other, 1 - OUTSIDE))
    return Skill(value, min(low, value), max(high, value), total)
