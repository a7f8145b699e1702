"""Several models of people asked together, since no single one is right about every crowd.

One accuracy a person is right where labels are skewed and errors are not; confusion matrices are right where the crowd
leans to one label. Neither held-out answers nor likelihood tell the two crowds apart (see `choosing`). Their mean is
never far from the better one, and is unsure where they contradict each other: there another answer is worth most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.expectation import added
from annolog.domain.consensus.fitting import Fit, Prior, fit, fits_into_memory
from annolog.domain.consensus.matrices import confusions
from annolog.domain.consensus.models import Kind
from annolog.domain.consensus.voting import tallies

KINDS = (Kind.ONE_COIN, Kind.DAWID_SKENE)
# Posteriors that still move this much are exact enough to decide by.
TOLERANCE = 1e-3
# A model that expects less than this share of people's agreement has put nearly all tasks into one label.
COLLAPSED = 0.5
# Where all of them expect less than this share of what there is, people's votes are worth more than any.
ALL_COLLAPSED = 0.2


def fit_together(ballots: Ballots, kinds: Sequence[Kind] = KINDS) -> list[Fit]:
    """A fit of each kind without those that collapsed, or one look at the votes if all did. Each counts the same.

    A kind collapsed if it expects less than half of the agreement that there is, and of what another kind expects.
    Both, because the agreement that there is depends on which tasks were asked about most.

    Kinds whose matrices there are too many labels for are left out. Labels are taken to be as frequent as they were
    given: with few answers a task, estimating that drifts towards one label.
    """
    able = [kind for kind in kinds if fits_into_memory(ballots, kind)] or [Kind.ONE_COIN]
    fits = [_fitted(ballots, kind) for kind in able]
    observed, expected = agreement_beyond_chance(ballots), [expected_agreement(fitted) for fitted in fits]
    if max(expected) < ALL_COLLAPSED * observed:
        return [_fitted(ballots, Kind.WEIGHTED)]
    least = COLLAPSED * min(observed, max(expected))
    return [fitted for fitted, found in zip(fits, expected, strict=True) if found >= least]


def _fitted(ballots: Ballots, kind: Kind) -> Fit:
    return fit(ballots, kind, tolerance=TOLERANCE, prior=Prior.ANSWERED)


def agreement_beyond_chance(ballots: Ballots) -> float:
    """How much oftener two answers to a task are equal than two answers to any tasks; 0 where no task has two.

    The share of equal pairs, as a mean over tasks, less the sum of the squared label shares.
    """
    several = ballots.only((ballots.sizes >= 2)[ballots.tasks])
    if not len(several.tasks):
        return 0.0
    votes, sizes = tallies(several), several.sizes
    equal = (votes * (votes - 1)).sum(axis=1) / (sizes * (sizes - 1))
    shares = votes.sum(axis=0) / votes.sum()
    return float(equal.mean() - (shares**2).sum())


def expected_agreement(fitted: Fit) -> float:
    """The agreement beyond chance that a fitted model expects: of two people who answer as the crowd does on average.

    A model for which nearly every task has the same answer expects none, however much there is.
    """
    ballots = fitted.ballots
    several = ballots.sizes >= 2
    if not several.any():
        return 0.0
    weights = added(ballots.people, np.ones(len(ballots.people)), len(ballots.person_ids)) / len(ballots.people)
    crowd = np.einsum("p,ptg->tg", weights, confusions(fitted.model, ballots.person_ids.tolist()))
    shares = fitted.posteriors[several].mean(axis=0)
    return float((shares @ (crowd**2)).sum() - ((shares @ crowd) ** 2).sum())
