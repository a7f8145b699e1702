"""What a review says of the work it judges."""

from __future__ import annotations

from annolog.domain.agreement.trillionths import to_trillionths
from annolog.domain.task.kinds import Verdict


def worth(verdict: Verdict, fix_agreement: float | None) -> int:
    """In trillionths: accepted 1, rejected 0, fixed what was kept of the original."""
    match verdict:
        case Verdict.ACCEPTED:
            return to_trillionths(1.0)
        case Verdict.FIXED:
            return to_trillionths(fix_agreement or 0.0)
        case Verdict.REJECTED:
            return 0
