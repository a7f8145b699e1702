"""Several models asked together, and one that collapsed left out."""

from __future__ import annotations

import numpy as np
import pytest

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.fitting import Prior, fit
from annolog.domain.consensus.mixing import KINDS, agreement_beyond_chance, expected_agreement, fit_together
from annolog.domain.consensus.models import Kind
from annolog.domain.consensus.verdicts import consensus_of, mean_of
from annolog.domain.simulation.beliefs import Beliefs
from annolog.domain.simulation.recording import RecordedAnswer, Recording
from tests.domain.consensus.crowds import accuracy, ballots_of, recorded


def leaning(seed: int, least: float, tasks: int = 108, people: int = 39) -> tuple[Ballots, dict[int, str]]:
    """Everybody answers everything, and takes many a "n" for a "y": one accuracy a person cannot say that."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(2, size=tasks)
    wrongly = chance.uniform(least, 0.9, people)
    rightly = np.minimum(wrongly + chance.uniform(0.0, 0.4, people), 0.98)
    yes = chance.random((tasks, people)) < np.stack([wrongly, rightly])[truth]
    answers = [(task, person, "ny"[int(yes[task, person])]) for task in range(tasks) for person in range(people)]
    return Ballots.of(answers), {task: "ny"[true] for task, true in enumerate(truth)}


def test_agreement_beyond_chance_by_hand() -> None:
    together = Ballots.of([(1, 1, "a"), (1, 2, "a"), (2, 1, "b"), (2, 2, "b"), (3, 1, "a")])
    assert agreement_beyond_chance(together) == pytest.approx(1 - 0.5)
    apart = Ballots.of([(1, 1, "a"), (1, 2, "b"), (2, 1, "b"), (2, 2, "a")])
    assert agreement_beyond_chance(apart) == pytest.approx(0 - 0.5)
    assert agreement_beyond_chance(Ballots.of([(1, 1, "a")])) == 0


@pytest.mark.parametrize("name", ["rte", "cf_amt", "sp", "zc_us"])
def test_both_kinds_expect_the_agreement_that_there_is_and_count(name: str) -> None:
    ballots = ballots_of(name)
    fits = fit_together(ballots)
    assert [fitted.model.kind for fitted in fits] == list(KINDS)
    for fitted in fits:
        assert expected_agreement(fitted) == pytest.approx(agreement_beyond_chance(ballots), rel=0.3)


def test_a_model_that_puts_everything_into_one_label_is_left_out() -> None:
    ballots, truth = leaning(2, 0.3)
    one_coin = fit(ballots, Kind.ONE_COIN, prior=Prior.ANSWERED)
    assert one_coin.posteriors.mean(axis=0).max() > 0.9
    [left] = fit_together(ballots)
    assert left.model.kind is Kind.DAWID_SKENE
    assert accuracy(left, truth) > accuracy(one_coin, truth) + 0.1


def test_where_every_model_does_the_votes_are_left() -> None:
    ballots, _ = leaning(1, 0.5)
    assert [fit(ballots, kind).posteriors.mean(axis=0).max() > 0.99 for kind in KINDS] == [True, True]
    assert [fitted.model.kind for fitted in fit_together(ballots)] == [Kind.WEIGHTED]


def test_the_mean_is_close_to_the_better_one_where_the_other_fails() -> None:
    ballots, truth = ballots_of("zc_us"), recorded("zc_us")[1]
    one_coin, confusions = fit_together(ballots)
    mean = (one_coin.posteriors + confusions.posteriors) / 2
    places = {label: place for place, label in enumerate(ballots.labels)}
    true = np.array([places[truth[task]] for task in ballots.task_ids.tolist()])
    assert accuracy(confusions, truth) < 0.85
    assert (mean.argmax(axis=1) == true).mean() > 0.865


def test_one_task_asked_live_is_what_a_replay_believes() -> None:
    answers, _ = recorded("rte")
    recording = Recording.of((RecordedAnswer(*answer) for answer in answers), {})
    beliefs = Beliefs(recording)
    beliefs.learn(np.arange(recording.answers))
    models = [fitted.model for fitted in fit_together(recording.ballots)]
    votes: dict[int, dict[int, str]] = {}
    for task, person, label in answers:
        votes.setdefault(task, {})[person] = label
    for row, task in list(enumerate(recording.ballots.task_ids.tolist()))[::40]:
        live = mean_of([consensus_of(model, votes[task]) for model in models])
        assert list(live.posterior.values()) == pytest.approx(beliefs.posteriors[row].tolist(), abs=1e-9)


def test_nothing_answered_leaves_every_kind() -> None:
    assert len(fit_together(Ballots.of([], labels=["a", "b"]))) == len(KINDS)
