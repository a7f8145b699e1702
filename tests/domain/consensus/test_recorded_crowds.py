"""Real crowds with a truth: published figures, an independent implementation, and what was promised of them."""

from __future__ import annotations

import json
import random
import warnings
from statistics import mean
from typing import Any

import numpy as np
import pytest

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.choosing import choose_kind
from annolog.domain.consensus.fitting import Prior, fit
from annolog.domain.consensus.models import Kind, Model
from annolog.domain.consensus.verdicts import consensus_of, consensuses
from tests.domain.consensus.crowds import FOLDERS, NAMES, accuracy, ballots_of, first_of_each_task, recorded

HALF_A_POINT = 0.005
crowds = pytest.mark.parametrize("name", NAMES)
kinds = pytest.mark.parametrize("kind", list(Kind))


def published(name: str) -> dict[str, float]:
    return json.loads((FOLDERS[name] / "expected.json").read_text())["accuracy"]


@crowds
def test_the_majority_is_as_right_as_published(name: str) -> None:
    fitted = fit(ballots_of(name), Kind.MAJORITY)
    assert accuracy(fitted, recorded(name)[1]) == pytest.approx(published(name)["mv_tie_split"], abs=5e-7)


@crowds
def test_dawid_and_skene_is_not_worse_than_the_published_figure(name: str) -> None:
    reached = accuracy(fit(ballots_of(name), Kind.DAWID_SKENE), recorded(name)[1])
    assert reached >= published(name)["dawid_skene_crowdkit_n100"] - HALF_A_POINT


@crowds
def test_weights_are_not_worse_than_the_majority(name: str) -> None:
    reached = accuracy(fit(ballots_of(name), Kind.WEIGHTED), recorded(name)[1])
    assert reached >= published(name)["mv_tie_split"]


@pytest.mark.slow
@crowds
def test_unshrunk_it_is_what_crowd_kit_computes(name: str) -> None:
    """At the same number of iterations the posteriors are the same, not only the accuracy.

    crowd-kit counts the prior once an answer in its bound, which may then fall; so it stops after two iterations on
    two of the crowds, and after convergence the figures would be others.
    """
    answers, truth = recorded(name)
    for tolerance in (1e-5, -np.inf):
        theirs = _crowd_kit(answers, 60, tolerance)
        ours = fit(
            ballots_of(name),
            Kind.DAWID_SKENE,
            shrinkage=0,
            prior=Prior.ESTIMATED,
            tolerance=0,
            iterations=len(theirs.loss_history_),
        )
        posteriors = theirs.probas_.sort_index()[list(ours.ballots.labels)].to_numpy()
        right = (theirs.labels_ == [truth[task] for task in theirs.labels_.index]).mean()
        assert accuracy(ours, truth) == pytest.approx(right, abs=HALF_A_POINT)
        assert np.abs(ours.posteriors - posteriors).mean() < 1e-4


def _crowd_kit(answers: list[tuple[int, int, str]], iterations: int, tolerance: float) -> Any:
    import pandas as pd

    with warnings.catch_warnings():
        # Only while it is imported: its optional parts use what their makers have deprecated.
        warnings.simplefilter("ignore")
        from crowdkit.aggregation import DawidSkene
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        frame = pd.DataFrame(answers, columns=["task", "worker", "label"])
        return DawidSkene(n_iter=iterations, tol=tolerance).fit(frame)


@crowds
@kinds
def test_a_model_read_back_judges_each_task_as_its_fit_did(name: str, kind: Kind) -> None:
    answers, _ = recorded(name)
    fitted = fit(ballots_of(name), kind)
    model = Model.from_parameters(json.loads(json.dumps(fitted.model.to_parameters())))
    assert model == fitted.model
    votes: dict[int, dict[int, str]] = {}
    for task, person, label in answers:
        votes.setdefault(task, {})[person] = label
    for task, expected in consensuses(fitted):
        found = consensus_of(model, votes[task])
        assert found == consensus_of(fitted.model, votes[task])
        assert found.winners == expected.winners
        assert found.people == expected.people
        assert found.posterior == pytest.approx(expected.posterior, abs=1e-12)
        assert found.entropy == pytest.approx(expected.entropy, abs=1e-9)


@crowds
@pytest.mark.parametrize("kind", [Kind.ONE_COIN, Kind.DAWID_SKENE])
def test_a_model_is_a_start_from_which_nothing_is_left_to_do(name: str, kind: Kind) -> None:
    cold = fit(ballots_of(name), kind)
    warm = fit(ballots_of(name), kind, start=cold.model)
    assert cold.converged
    assert warm.converged
    assert warm.iterations <= 3 < cold.iterations
    assert np.abs(warm.posteriors - cold.posteriors).max() < 1e-4


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (name, kind)
        for name in NAMES
        for kind in (Kind.ONE_COIN, Kind.DAWID_SKENE)
        if (name, kind) != ("cf_amt", "dawid_skene")
    ],
)
def test_a_model_of_fewer_tasks_is_a_start_that_leads_to_the_same_place(name: str, kind: Kind) -> None:
    earlier = fit(Ballots.of(answer for answer in recorded(name)[0] if answer[0] % 5), kind)
    cold = fit(ballots_of(name), kind)
    warm = fit(ballots_of(name), kind, start=earlier.model)
    assert np.abs(warm.posteriors - cold.posteriors).max() < 1e-4


def test_with_many_labels_an_earlier_model_may_lead_to_a_neighbouring_place() -> None:
    earlier = fit(Ballots.of(answer for answer in recorded("cf_amt")[0] if answer[0] % 5), Kind.DAWID_SKENE)
    cold = fit(ballots_of("cf_amt"), Kind.DAWID_SKENE)
    warm = fit(ballots_of("cf_amt"), Kind.DAWID_SKENE, start=earlier.model)
    moved = np.abs(warm.posteriors - cold.posteriors).max(axis=1) > 1e-2
    assert 0 < moved.sum() <= 6
    assert accuracy(warm, recorded("cf_amt")[1]) == pytest.approx(
        accuracy(cold, recorded("cf_amt")[1]), abs=HALF_A_POINT
    )


@crowds
def test_the_chosen_kind_is_no_worse_than_the_majority(name: str) -> None:
    truth = recorded(name)[1]
    kind, evidence = choose_kind(ballots_of(name))
    assert evidence.known == 0
    assert all(score.accuracy is None for score in evidence.scores.values())
    assert accuracy(fit(ballots_of(name), kind), truth) >= published(name)["mv_tie_split"]


@pytest.mark.slow
@crowds
def test_ground_truth_does_not_choose_what_is_worse(name: str) -> None:
    """Thirty known answers, ten times: the choice is near the best kind on average, whichever thirty they are."""
    truth = recorded(name)[1]
    ballots = ballots_of(name)
    reached, best = [], []
    right = {kind: accuracy(fit(ballots, kind), truth) for kind in Kind}
    for seed in range(10):
        tasks = random.Random(seed).sample(sorted(truth), 30)
        kind, evidence = choose_kind(ballots, {task: truth[task] for task in tasks})
        assert evidence.known == 30
        assert (name, kind) != ("zc_us", Kind.DAWID_SKENE)
        reached.append(right[kind])
        best.append(max(right.values()))
    assert mean(reached) >= mean(best) - 0.012
    assert mean(reached) >= right[Kind.MAJORITY]


@crowds
def test_with_two_answers_a_task_the_class_shares_are_not_fitted_away(name: str) -> None:
    answers, truth = recorded(name)
    ballots = Ballots.of(first_of_each_task(answers, 2, seed=1))
    kind, _ = choose_kind(ballots)
    majority = accuracy(fit(ballots, Kind.MAJORITY), truth)
    assert accuracy(fit(ballots, kind), truth) >= majority + 0.01


def test_estimating_the_prior_from_two_answers_a_task_collapses_and_is_not_the_default() -> None:
    answers, truth = recorded("rte")
    default, collapsing = [], []
    for seed in range(5):
        ballots = Ballots.of(first_of_each_task(answers, 2, seed))
        default.append(accuracy(fit(ballots, Kind.DAWID_SKENE), truth))
        collapsing.append(accuracy(fit(ballots, Kind.DAWID_SKENE, prior=Prior.ESTIMATED), truth))
    assert min(collapsing) == 0.5
    assert min(default) > 0.75
    assert mean(default) > mean(collapsing) + 0.05
