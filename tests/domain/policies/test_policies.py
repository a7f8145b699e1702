"""Each policy on standings worked by hand."""

from __future__ import annotations

import json
from math import log
from pathlib import Path

import numpy as np
import pytest

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.fitting import fit
from annolog.domain.consensus.matrices import accuracies, confusions
from annolog.domain.consensus.models import Kind
from annolog.domain.policies.agreement import Agreement, pairwise_agreement
from annolog.domain.policies.catalogue import POLICIES, policies
from annolog.domain.policies.confidence import Confidence, doubt
from annolog.domain.policies.expert import Expert
from annolog.domain.policies.fixed import Fixed
from annolog.domain.policies.policy import Panel, Policy, Standing, Verdict, decide
from annolog.domain.policies.value import entropy, expected_gain, expected_information
from annolog.domain.refusals import InvalidInput


def standing(*votes: tuple[int, ...], eligible: int = 5, posteriors: list[list[float]] | None = None) -> Standing:
    given = np.array(votes, np.float64)
    shares = given / np.maximum(given.sum(axis=1, keepdims=True), 1)
    believed = shares if posteriors is None else np.array(posteriors)
    return Standing(given, believed, np.full(len(votes), eligible))


def coin(accuracy: float) -> list[list[float]]:
    return [[accuracy, 1 - accuracy], [1 - accuracy, accuracy]]


def test_fixed_counts_what_is_missing() -> None:
    assert Fixed(3).needs(standing((1, 0), (2, 1), (3, 1))).tolist() == [2, 0, 0]


@pytest.mark.parametrize(
    ("votes", "agreement"),
    [((3, 0), 1.0), ((2, 1), 1 / 3), ((2, 2), 1 / 3), ((3, 1), 0.5), ((1, 0), 1.0), ((0, 0), 1.0)],
)
def test_agreement_is_the_share_of_equal_pairs(votes: tuple[int, int], agreement: float) -> None:
    assert pairwise_agreement(np.array([votes], np.float64))[0] == pytest.approx(agreement)


def test_the_rule_asks_below_its_threshold_and_not_at_it() -> None:
    tasks = standing((3, 0), (3, 1), (2, 1))
    assert (Agreement(0.5).needs(tasks) > 0).tolist() == [False, False, True]
    assert (Agreement(0.51).needs(tasks) > 0).tolist() == [False, True, True]


def test_confidence_asks_while_the_posterior_is_too_low_and_most_where_it_is_lowest() -> None:
    tasks = standing((1, 0), (1, 0), (1, 0), posteriors=[[0.95, 0.05], [0.6, 0.4], [0.2, 0.8]])
    assert Confidence(0.9).needs(tasks) == pytest.approx([0.0, 0.4, 0.2])


def test_a_confidence_of_one_is_never_reached() -> None:
    assert Confidence(1.0).needs(standing((9, 0), posteriors=[[1.0, 0.0]]))[0] > 0


def test_doubt_is_exact_where_one_less_the_posterior_is_not() -> None:
    assert doubt(np.array([[1.0, 1e-20]]))[0] == 1e-20


@pytest.mark.parametrize(
    ("policy", "tasks", "verdict", "says"),
    [
        (Agreement(0.75), standing((3, 0)), Verdict.ENOUGH, "100% of its pairs of answers agree, at least the 75%"),
        (Agreement(0.75), standing((2, 1)), Verdict.ONE_MORE, "33% of its pairs of answers agree, below the 75%"),
        (Agreement(0.75, limit=3), standing((2, 1)), Verdict.EXHAUSTED, "3 answers are the most that are asked for"),
        (Agreement(0.75), standing((2, 1), eligible=0), Verdict.INFEASIBLE, "nobody is left who may be asked"),
        (Fixed(3), standing((2, 0)), Verdict.ONE_MORE, "it has 2 of the 3 answers that every task gets"),
        (
            Confidence(0.99),
            standing((2, 1), posteriors=[[0.9, 0.1]]),
            Verdict.ONE_MORE,
            "its consensus is held to be right with 0.900, and 0.99 is enough",
        ),
        (
            Expert(Agreement(0.75), after=2),
            standing((2, 2)),
            Verdict.ONE_MORE,
            "below the 75% that are enough; 2 answers disagree, so it is for experts",
        ),
    ],
)
def test_a_decision_says_what_follows_why_and_by_which_policy(
    policy: Policy, tasks: Standing, verdict: Verdict, says: str
) -> None:
    decision = decide(policy, tasks)
    assert decision.verdict is verdict
    assert says in decision.reason
    assert (decision.policy, decision.version, decision.parameter) == (policy.name, policy.version, policy.parameter)
    assert (decision.need > 0) is (verdict is not Verdict.ENOUGH)


def test_one_task_is_decided_as_in_a_batch() -> None:
    tasks = standing((3, 0), (2, 1), (1, 2), posteriors=[[0.99, 0.01], [0.7, 0.3], [0.4, 0.6]])
    for policy in (Agreement(0.6), Fixed(4), Confidence(0.8)):
        alone = [
            decide(policy, Standing(tasks.votes[[row]], tasks.posteriors[[row]], tasks.eligible[[row]])).need
            for row in range(3)
        ]
        assert policy.needs(tasks).tolist() == alone


# ── what an answer is worth ──────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_is_always_right_tells_everything_and_whoever_guesses_nothing() -> None:
    posterior = np.array([[0.7, 0.3]])
    everything = -(0.7 * log(0.7) + 0.3 * log(0.3))
    assert expected_information(posterior, np.array([coin(1.0)]))[0] == pytest.approx(everything)
    assert expected_information(posterior, np.array([coin(0.5)]))[0] == pytest.approx(0.0, abs=1e-12)
    assert expected_gain(posterior, np.array([coin(1.0)]))[0] == pytest.approx(0.3)
    assert expected_gain(posterior, np.array([coin(0.6)]))[0] == pytest.approx(0.0)


def test_whoever_is_always_wrong_tells_as_much_as_whoever_is_always_right() -> None:
    even = np.array([[0.5, 0.5]])
    assert expected_information(even, np.array([coin(0.0)]))[0] == pytest.approx(log(2))


def test_information_is_the_drop_of_entropy_that_the_answers_lead_to() -> None:
    chance = np.random.default_rng(1)
    posteriors, matrices = chance.dirichlet(np.ones(4), 20), chance.dirichlet(np.ones(4), (20, 4))
    joint = posteriors[:, :, None] * matrices
    given = joint.sum(axis=1)
    left = (given * entropy((joint / given[:, None, :]).transpose(0, 2, 1))).sum(axis=1)
    assert expected_information(posteriors, matrices) == pytest.approx(entropy(posteriors) - left)


def panel(*accuracy: float, tagged: tuple[int, ...] = ()) -> Panel:
    people = np.arange(len(accuracy))
    return Panel(
        people[None, :], np.array(accuracy), np.isin(people, tagged), np.array([coin(share) for share in accuracy])
    )


def test_confidence_prefers_who_tells_most_and_skips_empty_seats() -> None:
    tasks = standing((1, 1))
    worth = Confidence(0.9).worth(tasks, panel(0.6, 0.9, 0.5))[0]
    assert worth.argmax() == 1
    few = panel(0.6, 0.9)
    alone = Confidence(0.9).worth(tasks, Panel(np.array([[0, -1]]), few.accuracies, few.tagged, few.confusions))[0]
    assert alone[1] == -np.inf


def test_after_enough_disagreements_only_experts_are_let_in() -> None:
    several = panel(0.6, 0.95, 0.7, tagged=(2,))
    disputed, calm = standing((2, 2)), standing((3, 1))
    by_tag = Expert(Agreement(0.75), after=2)
    assert np.isfinite(by_tag.worth(calm, several)[0]).tolist() == [True, True, True]
    assert np.isfinite(by_tag.worth(disputed, several)[0]).tolist() == [False, False, True]
    by_skill = Expert(Agreement(0.75), after=2, accuracy=0.9)
    assert np.isfinite(by_skill.worth(disputed, several)[0]).tolist() == [False, True, True]


@pytest.mark.parametrize("kind", [Kind.ONE_COIN, Kind.DAWID_SKENE])
def test_matrices_are_what_the_model_says_of_each_person(kind: Kind) -> None:
    chance = np.random.default_rng(3)
    answers = [(task, person, "abc"[chance.integers(3)]) for task in range(40) for person in range(6)]
    model = fit(Ballots.of(answers), kind).model
    everybody = [*range(6), 99]
    found, right = confusions(model, everybody), accuracies(model, everybody)
    for place, person in enumerate(everybody):
        assert right[place] == pytest.approx(model.accuracy_of(person))
        for given in range(3):
            assert found[place, :, given] == pytest.approx(model.shares_of(person, given))
    assert found.sum(axis=2) == pytest.approx(np.ones((7, 3)))


# ── the catalogue ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_has_a_range_that_it_accepts_and_its_own_name(name: str) -> None:
    made = policies(name, 5)
    assert {policy.name for policy in made} == {name}
    assert [policy.parameter for policy in made] == sorted({policy.parameter for policy in made})


@pytest.mark.parametrize(("name", "parameter"), [("rule", 1.1), ("confidence", -0.1), ("fixed", 0.0), ("guess", 1.0)])
def test_unknown_policies_and_parameters_are_refused(name: str, parameter: float) -> None:
    with pytest.raises(InvalidInput):
        policies(name, 5, [parameter])


def test_the_whole_decision_can_be_kept_as_json(tmp_path: Path) -> None:
    decision = decide(Confidence(0.9), standing((2, 1)))
    kept = {name: getattr(decision, name) for name in decision.__slots__}
    assert json.loads(json.dumps(kept)) == kept
