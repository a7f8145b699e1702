"""Scores by metrics of projects' own: a sandbox for each, kept while it is of use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import combinations
from threading import Lock
from time import monotonic
from typing import Any

from annolog.domain.agreement.custom import CustomMetric, Failed, FailureReason, Scored, Verdict
from annolog.infra.sandbox.metric import SandboxedMetric
from annolog.services.ports import Scores

MOST_OPEN = 4
# A metric that keeps running out of time would hold up everybody else's tasks.
MOST_TIMEOUTS = 3
REST_SECONDS = 60.0
RESTING = "the metric ran out of time again and again and rests for a minute; later answers are measured again"


class CustomScoring:
    """Runs each metric in a sandbox of its own; at most a few are open at a time."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, SandboxedMetric] = OrderedDict()
        self._timeouts: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def score(self, digest: str, source: str, annotations: Sequence[Mapping[str, Any]]) -> Scores:
        """Every pair, where the file has a function for pairs, and the whole group, where it has one for groups."""
        with self._lock:
            if self._rests(digest):
                return Scores([], None, RESTING)
            sandbox = self._sandbox(digest, source)
            places = list(combinations(range(len(annotations)), 2))
            by_pair: list[Verdict] = []
            together: Verdict | None = None
            if sandbox.metric.pairwise:
                by_pair = sandbox.pairs([(annotations[one], annotations[other]) for one, other in places])
            if sandbox.metric.groupwise:
                [together] = sandbox.group([list(annotations)])
            self._note(digest, [*by_pair, *([together] if together is not None else [])])
        return _scores(places, by_pair, together)

    def close(self) -> None:
        """End every sandbox."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].__exit__(None, None, None)

    def _sandbox(self, digest: str, source: str) -> SandboxedMetric:
        found = self._open.pop(digest, None)
        if found is None:
            found = SandboxedMetric(CustomMetric("custom", source)).__enter__()
        self._open[digest] = found
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)[1].__exit__(None, None, None)
        return found

    def _rests(self, digest: str) -> bool:
        count, since = self._timeouts.get(digest, (0, 0.0))
        if count < MOST_TIMEOUTS:
            return False
        if monotonic() - since > REST_SECONDS:
            self._timeouts[digest] = (0, 0.0)
            return False
        return True

    def _note(self, digest: str, verdicts: Sequence[Verdict]) -> None:
        late = any(isinstance(found, Failed) and found.reason is FailureReason.TIME for found in verdicts)
        count, _ = self._timeouts.get(digest, (0, 0.0))
        self._timeouts[digest] = (count + 1 if late else 0, monotonic())


def _scores(places: Sequence[tuple[int, int]], by_pair: Sequence[Verdict], together: Verdict | None) -> Scores:
    """A group form decides where there is one, otherwise the mean of the pairs; one that failed leaves no score."""
    pairs = [(*place, *_told(verdict)) for place, verdict in zip(places, by_pair, strict=False)]
    if together is not None:
        return Scores(pairs, *_told(together))
    failed = next((error for *_, error in pairs if error is not None), None)
    if failed is not None or not pairs:
        return Scores(pairs, None, failed)
    return Scores(pairs, sum(score or 0.0 for _, _, score, _ in pairs) / len(pairs), None)


def _told(verdict: Verdict) -> tuple[float | None, str | None]:
    if isinstance(verdict, Scored):
        return verdict.value, None
    return None, f"{verdict.reason.value}: {verdict.message}"
