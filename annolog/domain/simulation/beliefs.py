"""What is believed of tasks and people while answers come: refitted now and then, updated with each answer between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annolog.domain.consensus.ballots import Indexes
from annolog.domain.consensus.expectation import Floats, normalised
from annolog.domain.consensus.fitting import Fit
from annolog.domain.consensus.matrices import accuracies, confusions
from annolog.domain.consensus.mixing import KINDS, fit_together
from annolog.domain.consensus.models import Kind
from annolog.domain.simulation.recording import Recording

# Of what is this unlikely the logarithm is not taken.
LEAST = 1e-300


class Beliefs:
    """The posteriors of all tasks, and everybody's accuracy and confusion matrix, by their places in the recording.

    They are means over the models that are asked together. Every fit starts from the votes: one that starts from what
    was believed before confirms it.
    """

    def __init__(self, recording: Recording, kinds: Sequence[Kind] = KINDS) -> None:
        self._recording, self._kinds = recording, kinds
        classes, people = len(recording.ballots.labels), len(recording.ballots.person_ids)
        self._voices: list[_Voice] = []
        self.posteriors: Floats = np.full((recording.tasks, classes), 1 / classes)
        self.accuracies: Floats = np.full(people, 1 / classes)
        self.confusions: Floats = np.full((people, classes, classes), 1 / classes)

    def learn(self, rows: Indexes) -> None:
        """Fit anew to the answers of these rows."""
        chosen = np.zeros(self._recording.answers, np.bool_)
        chosen[rows] = True
        fits = fit_together(self._recording.ballots.only(chosen), self._kinds)
        self._voices = [_Voice(self._recording, fitted) for fitted in fits]
        people = self._recording.ballots.person_ids.tolist()
        self.accuracies = _mean([accuracies(fitted.model, people) for fitted in fits])
        self.confusions = _mean([voice.confusions for voice in self._voices])
        self.posteriors = _mean([normalised(voice.joint)[0] for voice in self._voices])

    def hear(self, rows: Indexes) -> None:
        """One more answer to each of some tasks, which are all different."""
        tasks = self._recording.ballots.tasks[rows]
        self.posteriors[tasks] = _mean([voice.heard(rows) for voice in self._voices])


class _Voice:
    """One model: its confusion matrices, and the joint log-likelihood of each task's answers and labels."""

    def __init__(self, recording: Recording, fitted: Fit) -> None:
        self._ballots = ballots = recording.ballots
        self.confusions = confusions(fitted.model, ballots.person_ids.tolist())
        self._evidence = np.log(self.confusions)
        self.joint = np.tile(np.log(fitted.model.prior), (recording.tasks, 1))
        answered = np.searchsorted(ballots.task_ids, fitted.ballots.task_ids)
        self.joint[answered] = np.log(np.maximum(fitted.posteriors, LEAST))

    def heard(self, rows: Indexes) -> Floats:
        """The posteriors of the tasks of these rows, now that these answers have come."""
        tasks = self._ballots.tasks[rows]
        self.joint[tasks] += self._evidence[self._ballots.people[rows], :, self._ballots.answers[rows]]
        return normalised(self.joint[tasks])[0]


def _mean(parts: Sequence[Floats]) -> Floats:
    return np.asarray(np.mean(parts, axis=0))
