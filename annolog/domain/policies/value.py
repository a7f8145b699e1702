"""What an answer that nobody has given yet is worth: how much it is expected to tell.

Both measures go over the labels a person may give, each as likely as the posterior and their confusion matrix make
it, and look at the posterior that each would lead to.
"""

from __future__ import annotations

import numpy as np

from annolog.domain.policies.policy import Floats

# Of what is this unlikely the logarithm is not taken.
LEAST = 1e-300


def expected_information(posteriors: Floats, confusions: Floats) -> Floats:
    """The expected drop in entropy of each posterior, in nats; never below 0 but for rounding.

    That is the mutual information of answer and truth (Lindley 1956, "On a Measure of the Information Provided by an
    Experiment"), worked out as the entropy of the answer less its entropy once the truth is known. `confusions` has a
    matrix a row: shares of given labels (last axis) for each true one.
    """
    given = np.einsum("rt,rtg->rg", posteriors, confusions)
    return np.asarray(entropy(given) - np.einsum("rt,rt->r", posteriors, entropy(confusions)))


def expected_gain(posteriors: Floats, confusions: Floats) -> Floats:
    """The expected rise of the probability that the likeliest label is right; 0 where no answer could change it."""
    joint = posteriors[:, :, None] * confusions
    return np.asarray(joint.max(axis=1).sum(axis=1) - posteriors.max(axis=1))


def entropy(shares: Floats) -> Floats:
    """The entropy along the last axis, in nats."""
    return np.asarray(-(shares * np.log(np.maximum(shares, LEAST))).sum(axis=-1))
