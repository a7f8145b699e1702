"""A custom metric that can be asked for scores: one process, many jobs, and a new process where one was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from types import TracebackType
from typing import Self, TypeAlias

from annolog.domain.agreement.custom import GROUPWISE, PAIRWISE, CustomMetric, Failed, FailureReason, Verdict
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.sandbox.process import Limits, Lost, SandboxProcess, Unavailable

Annotation: TypeAlias = "Mapping[str, object]"


class SandboxedMetric:
    """Runs a file in the sandbox for as long as the `with` block lasts.

    Every job has a verdict of its own: whatever the file does, the other jobs get theirs. A job that fails because its
    process was lost, or ran out of memory, is tried once more in a new process if an earlier job may have left
    something behind in the old one; so a verdict does not depend on what was asked before. Where foreign code cannot be
    locked up every job is `Failed` with `unavailable`: it is never run without.

    Threads may share one; their calls wait for each other.
    """

    def __init__(self, metric: CustomMetric, limits: Limits | None = None) -> None:
        self.metric = metric
        self.limits = limits or Limits()
        self._lock = Lock()
        self._process: SandboxProcess | None = None
        self._open = False

    def __enter__(self) -> Self:
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._open = False
            self._drop()

    def pairs(self, pairs: Sequence[tuple[Annotation, Annotation]], *, per_label: bool = False) -> list[Verdict]:
        """A verdict for each pair, in the same order.

        The contract does not say that a metric is symmetric. A pair is scored once, in the order it is given in; so
        that it always has the same score, give the annotation with the lower id first.

        With `per_label` the file is called twice a pair, since it returns either the score or the scores by label.
        """
        self._check(PAIRWISE, self.metric.pairwise)
        return self._all(PAIRWISE, [list(pair) for pair in pairs], per_label=per_label)

    def group(self, tasks: Sequence[Sequence[Annotation]]) -> list[Verdict]:
        """A verdict for each task, from all of its annotations. Give them in a fixed order, such as by id."""
        self._check(GROUPWISE, self.metric.groupwise)
        return self._all(GROUPWISE, [list(annotations) for annotations in tasks], per_label=False)

    def _check(self, function: str, defined: bool) -> None:
        if not defined:
            message = f"the file does not define {function}"
            raise InvalidInput(f"/source: {message}", faults=[Fault("/source", message)])

    def _all(self, call: str, jobs: Sequence[Sequence[Annotation]], *, per_label: bool) -> list[Verdict]:
        verdicts: list[Verdict] = []
        with self._lock:
            assert self._open, "a sandboxed metric is used inside `with`"
            for arguments in jobs:
                try:
                    verdicts.append(self._one(call, arguments, per_label))
                except Unavailable as error:
                    # What does not start now does not start for the next job either, and may take long to say so.
                    failed = Failed(FailureReason.UNAVAILABLE, str(error))
                    verdicts += [failed] * (len(jobs) - len(verdicts))
                    break
        return verdicts

    def _one(self, call: str, arguments: Sequence[Annotation], per_label: bool) -> Verdict:
        """Ask once, or twice if the first process was not new. Time that was used up is not given a second time."""
        while True:
            process = self._ready()
            new = process.jobs == 0
            verdict = self._ask(process, call, arguments, per_label)
            lost = self._process is None
            if new or not lost or (isinstance(verdict, Failed) and verdict.reason is FailureReason.TIME):
                return verdict

    def _ask(self, process: SandboxProcess, call: str, arguments: Sequence[Annotation], per_label: bool) -> Verdict:
        try:
            verdict = process.ask(call, arguments, per_label=per_label)
        except Lost as lost:
            self._drop()
            return lost.failed
        except BaseException:
            # Interrupted between question and answer: the answer would come when nobody expects it.
            self._drop()
            raise
        if isinstance(verdict, Failed) and verdict.reason is FailureReason.MEMORY:
            self._drop()
        return verdict

    def _ready(self) -> SandboxProcess:
        if self._process is not None and self._process.aged:
            self._drop()
        if self._process is None:
            self._process = SandboxProcess(self.metric.source, self.limits)
        return self._process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()
