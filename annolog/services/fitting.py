"""Models of what people's answers are worth, fitted in the background and recorded: nobody who asks waits for one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol

from annolog.commands.command import Request, command_id
from annolog.commands.consensus import RecordConsensusModel
from annolog.commands.scope import SYSTEM
from annolog.domain.consensus.timing import Standing
from annolog.domain.refusals import Refused
from annolog.services.ports import States
from annolog.services.reactor import Bus

if TYPE_CHECKING:
    from annolog.domain.consensus.ballots import Ballots
    from annolog.domain.consensus.models import Kind, Model

logger = logging.getLogger(__name__)

AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class DimensionAnswers:
    """The answers of one dimension, what is known to be true, and the model that weighed them so far."""

    dimension: str
    ballots: Ballots
    known: Mapping[int, str]
    version: int
    model: Model | None


class Answers(Protocol):
    """The answers of projects, as read models have them."""

    def standings(self) -> Sequence[Standing]:
        """Where every project stands that has any answers."""
        ...

    def of_project(self, project: int) -> tuple[int, Sequence[DimensionAnswers]]:
        """The position of the log that was looked at, and the answers of each dimension with categories."""
        ...


class Fitter:
    """Looks now and then, and fits what is due. What it misses costs accuracy for a while, nothing else."""

    def __init__(self, bus: Bus, answers: Answers, states: States, every_seconds: float) -> None:
        self._bus = bus
        self._answers = answers
        self._states = states
        self._every = every_seconds
        self._seen: dict[int, int] = {}
        self._looked: dict[int, Standing] = {}
        self._stopping = Event()
        self._thread: Thread | None = None
        self.trouble: str | None = None

    def start(self) -> None:
        """Look on a thread of its own."""
        self._thread = Thread(target=self._run, name="fitter", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the fit at hand, then look no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def fit_due(self) -> int:
        """Fit the projects that are due; how many those were."""
        fitted = 0
        for standing in self._answers.standings():
            quiet = self._seen.get(standing.project) == standing.changed
            self._seen[standing.project] = standing.changed
            if self._since_last_look(standing).is_due(quiet=quiet) and not self._stopping.is_set():
                self._looked[standing.project] = standing
                fitted += self._fitted(standing.project)
        return fitted

    def _since_last_look(self, standing: Standing) -> Standing:
        """Where nothing can be fitted, or few of the answers can be weighed, no model says what was looked at."""
        last = self._looked.get(standing.project)
        if last is None:
            return standing
        answers, position = max(standing.model_answers, last.answers), max(standing.model_position, last.changed)
        return replace(standing, model_answers=answers, model_position=position)

    def _fitted(self, project: int) -> bool:
        """Fit one project; others don't wait for one that cannot be fitted, which is looked at when it changes."""
        try:
            self.fit(project)
        except Exception:
            logger.exception("project not fitted", extra={"project": project})
            return False
        return True

    def fit(self, project: int) -> list[int]:
        """Fit a model for each dimension with categories and record it; the versions."""
        position, dimensions = self._answers.of_project(project)
        wanted = self._states.project(project).settings.consensus.model
        return [
            version
            for answers in dimensions
            if len(answers.ballots.tasks) and (version := self._fit(project, position, wanted, answers)) is not None
        ]

    def _fit(self, project: int, position: int, wanted: str, answers: DimensionAnswers) -> int | None:
        from annolog.domain.consensus.fitting import fit
        from annolog.domain.consensus.skills import skills

        kind, evidence = _kind(wanted, answers)
        found = fit(answers.ballots, kind, answers.known, answers.model)
        command = RecordConsensusModel(
            project=project,
            dimension=answers.dimension,
            version=answers.version + 1,
            kind=kind.value,
            parameters=found.model.to_parameters(),
            tasks=len(answers.ballots.task_ids),
            answers=len(answers.ballots.tasks),
            known=len(answers.known),
            position=position,
            skills={
                str(person): [(true, given, count) for (true, given), count in skill.confusion.items()]
                for person, skill in skills(found).items()
            },
            evidence={**evidence, "iterations": found.iterations, "converged": found.converged},
        )
        id = command_id("consensus", f"{project}:{answers.dimension}:{command.version}:{position}")
        try:
            self._bus.send(Request(command, id, SYSTEM.id)).result()
        except Refused as refusal:
            # Somebody else fitted meanwhile: theirs is as good.
            logger.info("model not recorded", extra={"project": project, "code": refusal.code})
            return None
        return command.version

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                self.fit_due()
                self.trouble = None
            except Exception as trouble:
                self.trouble = f"models are not fitted: {trouble!r}"
                logger.exception("fitting failed")


def _kind(wanted: str, answers: DimensionAnswers) -> tuple[Kind, dict[str, Any]]:
    """The kind that the project asks for, or the one that its answers speak for, with what spoke for it."""
    from annolog.domain.consensus.choosing import choose_kind
    from annolog.domain.consensus.models import Kind

    if wanted != AUTOMATIC:
        return Kind(wanted), {"chosen_by": "settings"}
    kind, evidence = choose_kind(answers.ballots, answers.known)
    scores = {one.value: asdict(score) for one, score in evidence.scores.items()}
    return kind, {
        "chosen_by": "answers",
        "usual": evidence.usual.value,
        "on_answers": evidence.on_answers.value,
        "scores": scores,
        "tasks": evidence.tasks,
        "known": evidence.known,
    }
