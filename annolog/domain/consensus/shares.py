"""The arithmetic of accuracies and confusion rows: how counts become shares, mixed with what is known of the crowd."""

from __future__ import annotations

# Before anybody is known the crowd is taken to be halfway between guessing and never wrong; that guess weighs so much.
GUESS_WEIGHT = 2.0
# How the crowd errs is shrunk towards errors that fall evenly, by so many pseudo-labels a true label.
CROWD_SHRINKAGE = 2.0
# What never happened counts so much, so that it has a logarithm (the same as in crowd-kit).
FLOOR = 1e-10


def shrunk(count: float, total: float, share: float, shrinkage: float, classes: int) -> float:
    """A share of a total, mixed with as many pseudo-labels of another share; never 0, and `share` where all is 0.

    The posterior mean under a Dirichlet prior whose mean is the crowd.
    """
    if total + shrinkage <= 0:
        return max(share, FLOOR)
    return (count + shrinkage * share + FLOOR) / (total + shrinkage + FLOOR * classes)


def crowd_accuracy(correct: float, answers: float, classes: int) -> float:
    """How often the whole crowd is right, from a first guess where there is little evidence."""
    guess = (classes + 1) / (2 * classes) if classes else 1.0
    return (correct + GUESS_WEIGHT * guess) / (answers + GUESS_WEIGHT)


def error_share(count: float, errors: float, classes: int) -> float:
    """Of so many errors, the share that fell on one label, mixed with errors that fall evenly."""
    return (count + CROWD_SHRINKAGE / max(classes - 1, 1)) / (errors + CROWD_SHRINKAGE)


def even_error(accuracy: float, classes: int) -> float:
    """How often each of the wrong labels is given, if errors fall evenly."""
    return max((1 - accuracy) / max(classes - 1, 1), FLOOR)
