"""What is believed of tasks and people while answers come: refitted now and then, updated with each answer between."""

from __future__ import annotations

import numpy as np

from annolog.domain.consensus.ballots import Indexes
from annolog.domain.consensus.expectation import Floats, normalised
from annolog.domain.consensus.fitting import Prior, fit
from annolog.domain.consensus.matrices import accuracies, confusions
from annolog.domain.consensus.models import Kind
from annolog.domain.simulation.recording import Recording

# Refits start from the votes, for a start from what was believed before confirms it; this exact is exact enough.
TOLERANCE = 1e-3
# Of what is this unlikely the logarithm is not taken.
LEAST = 1e-300


class Beliefs:
    """The posteriors of all tasks, and everybody's accuracy and confusion matrix, by their places in the recording."""

    def __init__(self, recording: Recording, kind: Kind) -> None:
        self._recording, self._kind = recording, kind
        classes, people = len(recording.ballots.labels), len(recording.ballots.person_ids)
        self._joint = np.zeros((recording.tasks, classes))
        self.posteriors: Floats = np.full((recording.tasks, classes), 1 / classes)
        self.accuracies: Floats = np.full(people, 1 / classes)
        self.confusions: Floats = np.full((people, classes, classes), 1 / classes)

    def learn(self, rows: Indexes) -> None:
        """Fit anew to the answers of these rows."""
        ballots = self._recording.ballots
        chosen = np.zeros(self._recording.answers, np.bool_)
        chosen[rows] = True
        fitted = fit(ballots.only(chosen), self._kind, tolerance=TOLERANCE, prior=Prior.ANSWERED)
        people = ballots.person_ids.tolist()
        self.accuracies, self.confusions = accuracies(fitted.model, people), confusions(fitted.model, people)
        self._evidence = np.log(self.confusions)
        self._joint[:] = np.log(fitted.model.prior)
        known = np.searchsorted(ballots.task_ids, fitted.ballots.task_ids)
        self._joint[known] = np.log(np.maximum(fitted.posteriors, LEAST))
        self.posteriors = normalised(self._joint)[0]

    def hear(self, rows: Indexes) -> None:
        """One more answer to each of some tasks, which are all different."""
        ballots = self._recording.ballots
        tasks = ballots.tasks[rows]
        self._joint[tasks] += self._evidence[ballots.people[rows], :, ballots.answers[rows]]
        self.posteriors[tasks] = normalised(self._joint[tasks])[0]
