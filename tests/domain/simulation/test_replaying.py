"""Replays on crowds small enough to work by hand, and what holds of any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from annolog.domain.consensus.models import Kind
from annolog.domain.policies.agreement import Agreement
from annolog.domain.policies.confidence import Confidence
from annolog.domain.policies.expert import Expert
from annolog.domain.policies.fixed import Fixed
from annolog.domain.policies.policy import Policy
from annolog.domain.simulation.curve import accuracy_at, labels_for, points
from annolog.domain.simulation.drawing import NOBODY, Draws
from annolog.domain.simulation.outcome import ASSUMED_SECONDS, Outcome, outcome, references_of
from annolog.domain.simulation.recording import UNKNOWN, RecordedAnswer, Recording
from annolog.domain.simulation.replaying import NOT_ROUTED, replay


def recording(*answers: str, truth: str = "", seconds: float | None = None) -> Recording:
    """A task a word, a person a letter, and the true labels as one word."""
    given = [
        RecordedAnswer(task, person, label, seconds)
        for task, word in enumerate(answers)
        for person, label in enumerate(word)
    ]
    return Recording.of(given, dict(enumerate(truth)))


def crowd(tasks: int = 120, people: int = 12, seed: int = 5) -> Recording:
    """Half of the people are nearly always right, the others guess."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(2, size=tasks)
    given = [
        RecordedAnswer(
            task, person, "ny"[truth[task] if chance.random() < (0.95, 0.5)[person % 2] else 1 - truth[task]]
        )
        for task in range(tasks)
        for person in range(people)
    ]
    return Recording.of(given, {task: "ny"[true] for task, true in enumerate(truth)})


def outcomes(recorded: Recording, policies: Sequence[Policy], seed: int = 0, **options: float | int) -> list[Outcome]:
    references, _ = references_of(recorded)
    return [outcome(recorded, stop, seed, references) for stop in replay(recorded, policies, seed, **options)]


def test_a_fixed_number_takes_as_many_and_no_more_than_there_are() -> None:
    found = outcomes(recording("aa", "abab", "a", truth="aaa"), [Fixed(1), Fixed(2), Fixed(4)])
    assert [one.answers for one in found] == [3, 5, 7]
    assert [one.wanting for one in found] == [0, 1, 2]
    assert found[2].accuracy.share == pytest.approx((1 + 0.5 + 1) / 3)


def test_the_rule_stops_at_agreement_and_goes_on_below_it() -> None:
    found = outcomes(recording("aaaaa", "bbbaaaa", truth="ab"), [Agreement(1.0)])[0]
    assert found.answers == 3 + 7
    agreed = next(replay(recording("aaaaa", "bbbbb"), [Agreement(1.0)], 0))
    assert len(agreed.rows) == 6


def test_the_rule_asks_until_it_agrees() -> None:
    """With three equal answers and one other, whoever comes first decides how many are needed."""
    recorded = recording("aaab")
    needed = [len(next(replay(recorded, [Agreement(0.5)], seed)).rows) for seed in range(40)]
    # The odd one last: three agree. The odd one among the first three: a third agrees, and half of four answers.
    assert set(needed) == {3, 4}


def test_the_same_seed_gives_the_same_answers_and_another_seed_others() -> None:
    recorded = crowd()
    again = [
        [stop.rows.tolist() for stop in replay(recorded, [Confidence(0.8), Confidence(0.99)], 3)] for _ in range(2)
    ]
    assert again[0] == again[1]
    other = [stop.rows.tolist() for stop in replay(recorded, [Confidence(0.8), Confidence(0.99)], 4)]
    assert other != again[0]


def test_a_stop_does_not_depend_on_which_other_parameters_are_tried() -> None:
    recorded = crowd()
    alone = outcomes(recorded, [Confidence(0.8), Confidence(1.0)])[0]
    among = outcomes(recorded, [Confidence(0.6), Confidence(0.8), Confidence(0.9), Confidence(1.0)])[1]
    assert (alone.answers, alone.asked.tolist()) == (among.answers, among.asked.tolist())


def test_a_surer_consensus_takes_more_answers_and_complete_certainty_all_of_them() -> None:
    found = outcomes(crowd(), [Confidence(0.7), Confidence(0.9), Confidence(0.99), Confidence(1.0)])
    used = [one.answers for one in found]
    assert used == sorted(used)
    assert used[-1] == 120 * 12


def test_every_answer_is_one_that_was_recorded_and_none_is_given_twice() -> None:
    recorded = crowd()
    for policy in (Fixed(5), Agreement(0.75), Confidence(0.95)):
        for stop in replay(recorded, [policy], 1):
            assert len(set(stop.rows.tolist())) == len(stop.rows)
            assert recorded.answers > stop.rows.max()


def test_routing_asks_those_who_are_right() -> None:
    recorded = crowd()
    routed, anybody = (
        outcomes(recorded, [Confidence(0.9)], **options)[0] for options in ({}, {"available": NOT_ROUTED})
    )
    share = [one.asked[::2].sum() / one.answers for one in (routed, anybody)]
    assert share[0] > share[1] + 0.1
    assert routed.answers < anybody.answers


def test_a_budget_is_kept_to_the_answer() -> None:
    found = outcomes(crowd(), [Confidence(0.9), Confidence(1.0)], budget=2.05)
    assert [one.answers for one in found if one.spent] == [246] * sum(one.spent for one in found)
    assert found[1].spent
    assert outcomes(crowd(), [Fixed(3)], budget=1.5)[0].answers == 180


def test_where_no_expert_comes_a_disputed_task_stays_open() -> None:
    recorded = recording("abab", "aaaa", "bbbb", truth="aab")
    tier = Expert(Confidence(1.0), after=1, accuracy=2.0)
    found = next(replay(recorded, [tier], 0))
    assert found.wanting >= 1
    assert len(found.rows) < 12


def test_draws_are_as_likely_for_everybody_and_never_repeat() -> None:
    recorded = recording("abcde", "ab")
    seen = np.zeros(5)
    for seed in range(2000):
        draws = Draws(recorded, np.random.default_rng(seed))
        drawn = draws.candidates(np.array([0, 1]), 3)
        assert drawn[1, 2] == NOBODY
        assert len(set(drawn[0].tolist())) == 3
        given = draws.take(np.array([0, 1]), np.array([2, 0]))
        assert given[0] == drawn[0, 2]
        seen[given[0]] += 1
        assert given[0] not in draws.candidates(np.array([0]), 4)[0]
    assert np.abs(seen / 2000 - 0.2).max() < 0.04


def test_time_is_what_was_recorded_and_assumed_where_nothing_was() -> None:
    timed = outcomes(recording("aa", "ab", truth="aa", seconds=4.0), [Fixed(2)])[0]
    assert (timed.seconds, timed.assumed_share) == (16.0, 0.0)
    untimed = outcomes(recording("aa", "ab", truth="aa"), [Fixed(1)])[0]
    assert (untimed.seconds, untimed.assumed_share) == (2 * ASSUMED_SECONDS, 1.0)
    assert untimed.imputed_share == 0.0


def test_without_truth_the_consensus_of_all_answers_takes_its_place() -> None:
    references, name = references_of(recording("aaa", "bbb", "ab"))
    assert (name, references.tolist()) == ("consensus", [0, 1, UNKNOWN])
    assert references_of(recording("aaa", "bbb", truth="b"))[1] == "truth"


def test_a_curve_is_read_on_straight_lines() -> None:
    line = [(3.0, 0.9), (1.0, 0.7), (2.0, 0.8)]
    assert accuracy_at(line, 1.5) == pytest.approx(0.75)
    assert (accuracy_at(line, 0.5), accuracy_at(line, 9.0)) == (0.7, 0.9)
    assert labels_for(line, 0.85) == pytest.approx(2.5)
    assert labels_for(line, 0.1) == 1.0
    assert np.isnan(labels_for(line, 0.91))


def test_points_are_means_over_seeds() -> None:
    recorded = recording("aa", "ab", "bb", truth="aab")
    found = [one for seed in range(4) for one in outcomes(recorded, [Fixed(1), Fixed(2)], seed)]
    single, both = points(found)
    assert (single.seeds, single.labels_per_task, both.labels_per_task) == (4, 1.0, 2.0)
    assert single.accuracy == pytest.approx(np.mean([one.accuracy.share for one in found[::2]]))
    assert both.accuracy_deviation == 0.0


def test_every_kind_of_model_can_be_asked() -> None:
    recorded = crowd(40, 6)
    for kind in (Kind.ONE_COIN, Kind.DAWID_SKENE):
        assert len(list(replay(recorded, [Confidence(0.9)], 0, kinds=[kind]))) == 1
