"""The two steps of EM: what people's skills say about tasks, and what tasks' answers say about people.

Dawid and Skene 1979, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm": equation 2.3
estimates the confusion rows, 2.4 the prior and 2.5 the posteriors. Sums run over sparse incidence matrices, so a step
takes answers times labels, and no array is larger than the posteriors or the confusion rows that occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from annolog.domain.consensus.ballots import Ballots, Indexes
from annolog.domain.consensus.models import DECIMALS, NOBODY, Model
from annolog.domain.consensus.shares import CROWD_SHRINKAGE, FLOOR, crowd_accuracy

Floats: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Expected counts: right answers and answers of each person, and the cells of their confusion matrices."""

    correct: Floats
    answers: Floats
    cells: Floats | None = None


class OneCoin:
    """One accuracy a person; wrong answers fall evenly on the wrong labels."""

    def __init__(self, ballots: Ballots, evident: Flags, shrinkage: float) -> None:
        self._ballots = ballots
        self._rows = evident[ballots.tasks]
        self._shrinkage = shrinkage
        self._answers = _answers_of(ballots, self._rows)

    def count(self, posteriors: Floats) -> Counted:
        """The M-step: expected right answers of each person, over the tasks that are evidence."""
        ballots, rows = self._ballots, self._rows
        right = posteriors[ballots.tasks[rows], ballots.answers[rows]]
        return Counted(added(ballots.people[rows], right, len(ballots.person_ids)), self._answers)

    def recalled(self, model: Model) -> Counted:
        """What a model has counted of these people."""
        return _recalled(self._ballots, model)

    def confusions(self, counted: Counted) -> list[dict[tuple[int, int], float]]:
        """Nothing is known of anybody's confusions."""
        return [{} for _ in counted.answers]

    def evidence(self, counted: Counted) -> Floats:
        """The E-step without the prior: the log-likelihood of each task's answers under each label.

        Each answer has the accuracy under its own label, and an even error under every other.
        """
        ballots = self._ballots
        tasks, classes = len(ballots.task_ids), len(ballots.labels)
        accuracy = accuracies(counted, self._shrinkage, classes)
        wrong = np.log(np.maximum((1 - accuracy) / max(classes - 1, 1), FLOOR))
        weight = np.log(accuracy) - wrong
        cells = ballots.tasks * classes + ballots.answers
        summed = added(cells, weight[ballots.people], tasks * classes).reshape(tasks, classes)
        return summed + added(ballots.tasks, wrong[ballots.people], tasks)[:, None]


class DawidSkene:
    """A confusion matrix a person, of which only the columns of labels they ever gave are kept."""

    def __init__(self, ballots: Ballots, evident: Flags, shrinkage: float) -> None:
        self._ballots = ballots
        classes = len(ballots.labels)
        cells, cell_of = np.unique(ballots.people * classes + ballots.answers, return_inverse=True)
        self._people, self._given = np.divmod(cells, classes)
        self._shrinkage = shrinkage
        self._by_task = csr_array(
            (np.ones(len(cell_of)), cell_of, _starts(ballots.sizes)), (len(ballots.task_ids), len(cells))
        )
        learnt_from = self._by_task.copy()
        learnt_from.data = evident[ballots.tasks].astype(np.float64)
        self._by_cell = learnt_from.T.tocsr()
        self._by_person = _incidence(self._people, len(ballots.person_ids))
        self._by_given = _incidence(self._given, classes)
        self._answers = _answers_of(ballots, evident[ballots.tasks])

    def count(self, posteriors: Floats) -> Counted:
        """Expected answers of each cell and true label (equation 2.3, before it is divided by its row)."""
        cells = self._by_cell @ posteriors
        right = cells[np.arange(len(cells)), self._given]
        return Counted(added(self._people, right, len(self._answers)), self._answers, cells)

    def recalled(self, model: Model) -> Counted:
        """What a model has counted of these people and of the labels they gave."""
        counted = _recalled(self._ballots, model)
        cells = np.zeros((len(self._people), len(model.labels)))
        persons = self._ballots.person_ids[self._people].tolist()
        row_of = {cell: row for row, cell in enumerate(zip(persons, self._given.tolist(), strict=True))}
        for person in self._ballots.person_ids.tolist():
            for (true, given), count in model.people.get(person, NOBODY).confusion.items():
                if (row := row_of.get((person, given))) is not None:
                    cells[row, true] = count
        return Counted(counted.correct, counted.answers, cells)

    def confusions(self, counted: Counted) -> list[dict[tuple[int, int], float]]:
        """The counts of each person by true and given label, without the zeros."""
        assert counted.cells is not None
        confusions: list[dict[tuple[int, int], float]] = [{} for _ in self._answers]
        rows, true = np.nonzero(counted.cells)
        people, given, counts = self._people[rows].tolist(), self._given[rows].tolist(), counted.cells[rows, true]
        for person, label, answer, count in zip(people, true.tolist(), given, counts.tolist(), strict=True):
            confusions[person][label, answer] = count
        return confusions

    def evidence(self, counted: Counted) -> Floats:
        """The logarithms of the confusion rows, summed over each task's answers (equation 2.5 without the prior)."""
        assert counted.cells is not None
        return np.asarray(self._by_task @ np.log(self.shares(counted)))

    def shares(self, counted: Counted) -> Floats:
        """How often the person of each cell gives its label, for each true label: `Model.shares_of`, for everybody."""
        cells = counted.cells
        assert cells is not None
        classes = self._by_given.shape[0]
        accuracy = accuracies(counted, self._shrinkage, classes)[self._people]
        pooled = self._by_given @ cells
        errors = pooled.sum(axis=0) - pooled.diagonal()
        shares = (pooled + CROWD_SHRINKAGE / max(classes - 1, 1)) / (errors + CROWD_SHRINKAGE)
        expected = (1 - accuracy)[:, None] * shares[self._given]
        expected[np.arange(len(cells)), self._given] = accuracy
        totals = self._by_person @ cells
        return mixed(cells, totals[self._people], expected, self._shrinkage, classes)


def added(rows: Indexes, values: Floats, size: int) -> Floats:
    """The values added up by row."""
    return np.asarray(np.bincount(rows, values, size), np.float64)


def accuracies(counted: Counted, shrinkage: float, classes: int) -> Floats:
    """How often each person is right, shrunk towards the crowd."""
    crowd = crowd_accuracy_of(counted, classes)
    return mixed(counted.correct, counted.answers, crowd, shrinkage, classes)


def crowd_accuracy_of(counted: Counted, classes: int) -> float:
    """`shares.crowd_accuracy` of everybody together."""
    return crowd_accuracy(float(counted.correct.sum()), float(counted.answers.sum()), classes)


def mixed(counts: Floats, totals: Floats, shares: Floats | float, shrinkage: float, classes: int) -> Floats:
    """`shares.shrunk`, for arrays."""
    weights = totals + shrinkage
    result = (counts + shrinkage * shares + FLOOR) / (weights + FLOOR * classes)
    return np.where(weights > 0, result, np.maximum(shares, FLOOR))


def normalised(joint: Floats) -> tuple[Floats, Floats]:
    """Posteriors from joint log-likelihoods, and the log-likelihood of each task."""
    most = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - most)
    sums = weights.sum(axis=1, keepdims=True)
    return weights / sums, (most + np.log(sums))[:, 0]


def rounded(counted: Counted) -> Counted:
    """The counts as a model keeps them."""
    cells = None if counted.cells is None else np.round(counted.cells, DECIMALS)
    return Counted(np.round(counted.correct, DECIMALS), counted.answers, cells)


def _answers_of(ballots: Ballots, rows: Flags) -> Floats:
    return np.bincount(ballots.people[rows], minlength=len(ballots.person_ids)).astype(np.float64)


def _recalled(ballots: Ballots, model: Model) -> Counted:
    skills = [model.people.get(person, NOBODY) for person in ballots.person_ids.tolist()]
    return Counted(np.array([skill.correct for skill in skills]), np.array([skill.answers for skill in skills]))


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


def _incidence(rows: NDArray[np.int64], height: int) -> csr_array:
    """A matrix that adds up the rows of another by this index."""
    return csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), (height, len(rows)))
