"""What one task's answer is under a model, at once after each annotation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from annolog.domain.consensus.models import Kind, Model

if TYPE_CHECKING:
    from annolog.domain.consensus.fitting import Fit

# Posteriors that differ by less tie: the same sum in another order is off by about as much.
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Consensus:
    """What a task's answer most likely is.

    `winners` are all labels that tie for it, in order of their names; nobody's answer has none. `posterior` has every
    label that could be given and sums to 1: it is how sure the model is, which is more than how often it is right.
    `people` are those whose answers it rests on: nobody where the answer is known. `entropy` is in nats.
    """

    winners: tuple[str, ...]
    posterior: Mapping[str, float]
    people: tuple[int, ...]
    entropy: float


def consensus_of(model: Model, votes: Mapping[int, str], known: str | None = None) -> Consensus:
    """The answer that follows from these votes, or is known: the same that a fit of this model says.

    A label that the model has never seen is taken for a rare one. Takes votes times labels.
    """
    given = votes.values() if known is None else (*votes.values(), known)
    if any(label not in model.places for label in given):
        model = model.with_labels(given)
    labels = model.labels
    if known is not None:
        return _consensus(labels, [float(label == known) for label in labels], ())
    people = tuple(sorted(votes))
    if not people:
        return Consensus((), dict(zip(labels, model.prior, strict=True)), (), _entropy(model.prior))
    if model.kind is Kind.MAJORITY:
        voted = list(votes.values())
        return _consensus(labels, [voted.count(label) / len(voted) for label in labels], people)
    places = model.places
    evidence = [model.evidence_of(person, places[votes[person]]) for person in people]
    joint = [log(share) + sum(said) for share, said in zip(model.prior, zip(*evidence, strict=True), strict=True)]
    most = max(joint)
    weights = [exp(value - most) for value in joint]
    total = sum(weights)
    return _consensus(labels, [weight / total for weight in weights], people)


def consensuses(fit: Fit) -> Iterator[tuple[int, Consensus]]:
    """Every task of a fit with its answer, by id."""
    ballots = fit.ballots
    people = ballots.person_ids[ballots.people].tolist()
    end = 0
    for task, size, known, posterior in zip(
        ballots.task_ids.tolist(), ballots.sizes.tolist(), fit.known.tolist(), fit.posteriors.tolist(), strict=True
    ):
        start, end = end, end + size
        yield task, _consensus(ballots.labels, posterior, () if known else tuple(people[start:end]))


def mean_of(verdicts: Sequence[Consensus]) -> Consensus:
    """What several models say of one task together: the mean of their posteriors. They must be about the same votes."""
    labels = tuple(verdicts[0].posterior)
    shares = [sum(verdict.posterior[label] for verdict in verdicts) / len(verdicts) for label in labels]
    return _consensus(labels, shares, verdicts[0].people)


def winners(labels: Sequence[str], posterior: Sequence[float]) -> tuple[str, ...]:
    """The labels that tie for the most likely, in order of their names."""
    least = max(posterior, default=0.0) - TIE
    return tuple(sorted(label for label, share in zip(labels, posterior, strict=True) if share >= least))


def _consensus(labels: Sequence[str], posterior: Sequence[float], people: tuple[int, ...]) -> Consensus:
    return Consensus(winners(labels, posterior), dict(zip(labels, posterior, strict=True)), people, _entropy(posterior))


def _entropy(posterior: Sequence[float]) -> float:
    # Adding zero turns the minus zero of a certain answer into zero.
    return -sum(share * log(share) for share in posterior if share > 0) + 0.0
