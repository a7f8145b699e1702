"""What holds of whatever people answer."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.choosing import choose_kind
from annolog.domain.consensus.fitting import Prior, fit
from annolog.domain.consensus.models import Kind, Model
from annolog.domain.consensus.skills import skills
from annolog.domain.consensus.verdicts import consensus_of, consensuses
from tests.domain.consensus.crowds import Answers

kinds = st.sampled_from(list(Kind))
priors = st.sampled_from(list(Prior))
shrinkages = st.sampled_from([0.0, 0.5, 10.0])
any_answers = st.dictionaries(
    st.tuples(st.integers(1, 8), st.integers(1, 6)), st.sampled_from("abcd"), max_size=40
).map(lambda votes: [(task, person, label) for (task, person), label in votes.items()])
any_known = st.dictionaries(st.integers(1, 9), st.sampled_from("abcde"), max_size=4)


@given(any_answers, kinds, any_known, priors, shrinkages)
def test_posteriors_sum_to_one_and_known_answers_are_certain(
    answers: Answers, kind: Kind, known: dict[int, str], prior: Prior, shrinkage: float
) -> None:
    fitted = fit(Ballots.of(answers), kind, known, prior=prior, shrinkage=shrinkage, iterations=30)
    assert np.isfinite(fitted.posteriors).all()
    assert fitted.posteriors.sum(axis=1) == pytest.approx(1.0)
    for task, consensus in consensuses(fitted):
        assert 0 <= consensus.entropy <= log(len(fitted.ballots.labels)) + 1e-9
        if task in known:
            assert consensus.winners == (known[task],)
            assert consensus.posterior[known[task]] == 1.0
            assert consensus.people == ()


@given(any_answers, kinds, any_known, priors, shrinkages)
@example([(1, 1, "a"), (1, 2, "b"), (2, 1, "a"), (2, 3, "b")], Kind.WEIGHTED, {}, Prior.AUTOMATIC, 0.0)
def test_one_task_alone_is_judged_as_in_the_fit(
    answers: Answers, kind: Kind, known: dict[int, str], prior: Prior, shrinkage: float
) -> None:
    fitted = fit(Ballots.of(answers), kind, known, prior=prior, shrinkage=shrinkage, iterations=30)
    model = Model.from_parameters(json.loads(json.dumps(fitted.model.to_parameters())))
    for task, expected in consensuses(fitted):
        votes = {person: label for of, person, label in answers if of == task}
        found = consensus_of(model, votes, known.get(task))
        assert found == consensus_of(fitted.model, votes, known.get(task))
        assert found.posterior == pytest.approx(expected.posterior, abs=1e-9)
        assert found.people == expected.people


@given(any_answers, kinds, any_known, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(
    answers: Answers, kind: Kind, known: dict[int, str], chance: random.Random
) -> None:
    shuffled = chance.sample(answers, len(answers))
    one, other = fit(Ballots.of(answers), kind, known), fit(Ballots.of(shuffled), kind, known)
    assert np.array_equal(one.posteriors, other.posteriors)
    assert one.model == other.model
    assert choose_kind(Ballots.of(answers), known) == choose_kind(Ballots.of(shuffled), known)


@given(any_answers, kinds)
def test_other_ids_change_nothing_but_the_ids(answers: Answers, kind: Kind) -> None:
    # One step of EM multiplies what rounding leaves, so only a few are compared.
    renamed = [(100 - task, 1000 - person, label) for task, person, label in answers]
    one = fit(Ballots.of(answers), kind, iterations=5)
    other = fit(Ballots.of(renamed), kind, iterations=5)
    assert one.posteriors == pytest.approx(other.posteriors[::-1], abs=1e-3)
    assert {1000 - person for person in one.model.people} == other.model.people.keys()


@given(any_answers, st.lists(st.integers(0, 39), max_size=10), st.sampled_from("abcd"))
def test_the_last_answer_of_a_person_counts(answers: Answers, again: list[int], label: str) -> None:
    repeated = [(*answers[place][:2], label) for place in again if place < len(answers)]
    last = {(task, person): given for task, person, given in [*answers, *repeated]}
    expected = Ballots.of((task, person, given) for (task, person), given in last.items())
    found = Ballots.of([*answers, *repeated], labels=expected.labels)
    assert [found.labels[place] for place in found.answers] == [expected.labels[place] for place in expected.answers]
    assert np.array_equal(found.task_ids[found.tasks], expected.task_ids[expected.tasks])
    assert np.array_equal(found.person_ids[found.people], expected.person_ids[expected.people])


@given(any_answers, kinds, any_known)
def test_skills_are_shares_within_their_intervals(answers: Answers, kind: Kind, known: dict[int, str]) -> None:
    fitted = fit(Ballots.of(answers), kind, known)
    for skill in skills(fitted).values():
        for estimate in (skill.accuracy, *skill.labels.values()):
            assert 0 <= estimate.low <= estimate.share <= estimate.high <= 1
        assert sum(skill.confusion.values()) == pytest.approx(skill.tasks, abs=1e-2)
        right = sum(count for (true, answer), count in skill.confusion.items() if true == answer)
        assert right == pytest.approx(skill.accuracy.share * skill.accuracy.answers, abs=1e-2)


@given(any_answers)
def test_textbook_iterations_never_make_the_answers_less_likely(answers: Answers) -> None:
    """What Dempster, Laird and Rubin 1977 prove of EM; rounding the counts costs a little."""
    ballots = Ballots.of([answer for answer in answers if sum(answer[0] == other[0] for other in answers) > 1])
    likelihoods = [
        fit(ballots, Kind.DAWID_SKENE, shrinkage=0, prior=Prior.ESTIMATED, tolerance=0, iterations=count).log_likelihood
        for count in (2, 4, 8)
    ]
    if len(ballots.tasks):
        assert all(later > earlier - 0.05 for earlier, later in pairwise(likelihoods))
