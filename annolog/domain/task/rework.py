"""How an annotation fared in review: its first verdict, how often it went back to its author, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annolog.domain.task.kinds import RejectAction, Verdict


class Outcome(StrEnum):
    """Where an annotation stands in review. The first four are ends, as long as nobody goes on from there."""

    ACCEPTED = "accepted"
    FIXED = "fixed"
    REMOVED = "removed"
    PASSED_ON = "passed_on"
    RETURNED = "returned"
    AWAITED = "awaited"
    UNREVIEWED = "unreviewed"


ENDS = frozenset({Outcome.ACCEPTED, Outcome.FIXED, Outcome.REMOVED, Outcome.PASSED_ON})
_OF_REJECTION = {
    None: Outcome.REMOVED,
    RejectAction.REMOVE: Outcome.REMOVED,
    RejectAction.RETURN: Outcome.RETURNED,
    RejectAction.PASS_ON: Outcome.PASSED_ON,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that stands, on which revision. A return that nobody will answer is `given_up`."""

    verdict: Verdict
    action: RejectAction | None
    revision: int
    given_up: bool = False

    @property
    def returns(self) -> bool:
        """Whether it sent the work back to its author."""
        return self.action is RejectAction.RETURN


def is_first_pass(first: Judged) -> bool:
    """Whether work passed at the first look: accepted as it was. What a reviewer had to fix did not."""
    return first.verdict is Verdict.ACCEPTED


def loops(judged: Sequence[Judged]) -> int:
    """How often the work went back to its author. Verdicts that were taken back are not among those given."""
    return sum(one.returns for one in judged)


def outcome(judged: Sequence[Judged], revision: int) -> Outcome:
    """Where an annotation at this revision stands, by its verdicts, the oldest first."""
    if not judged:
        return Outcome.UNREVIEWED
    latest = judged[-1]
    if latest.given_up or latest.revision + (latest.verdict is Verdict.FIXED) < revision:
        return Outcome.AWAITED
    if latest.verdict is Verdict.REJECTED:
        return _OF_REJECTION[latest.action]
    return Outcome.ACCEPTED if latest.verdict is Verdict.ACCEPTED else Outcome.FIXED
