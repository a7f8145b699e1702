"""What a policy makes of one task that people work on, by the recorded models of its dimensions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from annolog.domain.consensus.matrices import accuracies, confusions
from annolog.domain.consensus.models import Model
from annolog.domain.consensus.verdicts import consensus_of
from annolog.domain.policies.policy import Floats, Panel, Policy, Standing

# So many of those whose answers are expected to tell most are kept with a decision.
MOST_CANDIDATES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Everybody who is at work, as a model sees them: accuracies and confusion matrices by place."""

    model: Model
    version: int
    people: tuple[int, ...]
    accuracies: Floats
    confusions: Floats

    @classmethod
    def of(cls, model: Model, version: int, people: Sequence[int]) -> Crowd:
        """The crowd of these people."""
        return cls(model, version, tuple(people), accuracies(model, people), confusions(model, people))


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A task's answers in one dimension of single labels, by person, and what is known to be true of it."""

    dimension: str
    votes: Mapping[int, str]
    known: str | None
    crowd: Crowd | None


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of a task, of the dimension that is least sure.

    `need` is how badly the policy wants another answer, `posterior` the probability of the likeliest answer; both None
    where no dimension has a model. `candidates` are the people who could be asked and how much their answers are
    expected to tell, the most first; of equals, the lower id.
    """

    need: float | None = None
    posterior: float | None = None
    models: Mapping[str, int] = field(default_factory=dict)
    disagreements: int = 0
    candidates: Sequence[tuple[int, float]] = ()
    policy_version: int = 1


def believe(policy: Policy, dimensions: Sequence[Answered], touched: Collection[int]) -> Belief:
    """Weigh the answers by the models, and people by what their answers would tell. `touched` cannot be asked again."""
    disagreements = max((disagreements_in(answered.votes) for answered in dimensions), default=0)
    doubts = [(answered.crowd, _standing(answered, answered.crowd)) for answered in dimensions if answered.crowd]
    if not doubts:
        return Belief(disagreements=disagreements, policy_version=policy.version)
    needs = [float(policy.needs(standing)[0]) for _, standing in doubts]
    least_sure = max(range(len(needs)), key=needs.__getitem__)
    crowd, standing = doubts[least_sure]
    wanted = _candidates(policy, standing, crowd, touched) if needs[least_sure] > 0 else []
    models = {answered.dimension: answered.crowd.version for answered in dimensions if answered.crowd}
    surest = float(standing.posteriors.max())
    return Belief(needs[least_sure], surest, models, disagreements, wanted, policy.version)


def disagreements_in(votes: Mapping[int, str]) -> int:
    """How many answers are not the one that most people gave."""
    return len(votes) - max(Counter(votes.values()).values(), default=0)


def _standing(answered: Answered, crowd: Crowd) -> Standing:
    found = consensus_of(crowd.model, answered.votes, answered.known)
    counts = Counter(answered.votes.values())
    votes = np.array([[counts.get(label, 0) for label in found.posterior]], np.float64)
    posteriors = np.array([list(found.posterior.values())], np.float64)
    return Standing(votes, posteriors, np.array([len(crowd.people)]))


def _candidates(policy: Policy, standing: Standing, crowd: Crowd, touched: Collection[int]) -> list[tuple[int, float]]:
    if standing.posteriors.shape[1] != crowd.confusions.shape[1]:
        # Somebody gave a label that the model has never seen: it knows nobody who is good at it.
        return []
    places = np.array([[place for place, person in enumerate(crowd.people) if person not in touched]], np.int64)
    if not places.size:
        return []
    panel = Panel(places, crowd.accuracies, np.zeros(len(crowd.people), np.bool_), crowd.confusions)
    worth = policy.worth(standing, panel)[0]
    best = np.argsort(-worth, kind="stable")[:MOST_CANDIDATES]
    return [(crowd.people[int(places[0, place])], float(worth[place])) for place in best if np.isfinite(worth[place])]
