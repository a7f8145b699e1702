"""A model's confusion matrices as one array, for whoever weighs many people at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annolog.domain.consensus.expectation import Floats, mixed
from annolog.domain.consensus.models import NOBODY, Kind, Model
from annolog.domain.consensus.shares import even_error


def accuracies(model: Model, people: Sequence[int]) -> Floats:
    """`Model.accuracy_of`, for everybody named."""
    return np.array([model.accuracy_of(person) for person in people], np.float64)


def confusions(model: Model, people: Sequence[int]) -> Floats:
    """How often each person gives each label (last axis) for each true one: `Model.shares_of`, for everybody named.

    Takes and gives people times labels times labels numbers. Only a confusion model tells one error from another.
    """
    classes, right = len(model.labels), accuracies(model, people)
    own = np.arange(classes)
    if model.kind is not Kind.DAWID_SKENE:
        wrong = np.array([even_error(accuracy, classes) for accuracy in right.tolist()])
        shares = np.repeat(wrong, classes * classes).reshape(len(people), classes, classes)
        shares[:, own, own] = right[:, None]
        return shares
    errors = np.array([model.crowd_errors(given) for given in range(classes)]).T
    expected = (1 - right)[:, None, None] * errors
    expected[:, own, own] = right[:, None]
    counts = np.zeros((len(people), classes, classes))
    for place, person in enumerate(people):
        for (true, given), count in model.people.get(person, NOBODY).confusion.items():
            counts[place, true, given] = count
    return mixed(counts, counts.sum(axis=2, keepdims=True), expected, model.shrinkage, classes)
