"""What a fit makes of small and of strange crowds."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from annolog.domain.consensus import fitting
from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.choosing import choose_kind
from annolog.domain.consensus.fitting import Fit, Prior, fit
from annolog.domain.consensus.models import Kind, Model
from annolog.domain.consensus.skills import skills, wilson
from annolog.domain.consensus.verdicts import consensus_of, consensuses
from annolog.domain.refusals import InvalidInput, TooLarge
from tests.domain.consensus.crowds import accuracy, invented

kinds = pytest.mark.parametrize("kind", list(Kind))


def winners_of(fitted: Fit) -> dict[int, tuple[str, ...]]:
    return {task: consensus.winners for task, consensus in consensuses(fitted)}


def test_whoever_always_errs_is_found_out_and_their_answers_are_turned_round() -> None:
    answers, truth = invented([0.8, 0.75, 0.8, 0.75, 0.02], 400, "yn", seed=1)
    fitted = fit(Ballots.of(answers), Kind.DAWID_SKENE)
    assert skills(fitted)[5].accuracy.high < 0.1
    without = fit(Ballots.of(answer for answer in answers if answer[1] != 5), Kind.DAWID_SKENE)
    assert accuracy(fitted, truth) > accuracy(without, truth) + 0.05
    yes_alone = consensus_of(fitted.model, {5: "y"})
    assert yes_alone.winners == ("n",)
    assert yes_alone.posterior["n"] > 0.9


@pytest.mark.parametrize("kind", [Kind.WEIGHTED, Kind.ONE_COIN, Kind.DAWID_SKENE])
def test_who_is_often_right_outweighs_two_who_guess(kind: Kind) -> None:
    answers, truth = invented([0.95, 0.95, 0.55, 0.55, 0.55], 300, "abc", seed=2)
    fitted = fit(Ballots.of(answers), kind)
    assert consensus_of(fitted.model, {1: "a", 3: "b", 4: "b"}).winners == ("a",)
    assert accuracy(fitted, truth) > accuracy(fit(Ballots.of(answers), Kind.MAJORITY), truth)


def test_the_estimated_accuracies_are_those_that_the_answers_were_made_with() -> None:
    made_with = [0.95, 0.9, 0.8, 0.7, 0.6]
    answers, _ = invented(made_with, 2_000, "abc", seed=3)
    for kind in (Kind.ONE_COIN, Kind.DAWID_SKENE):
        found = skills(fit(Ballots.of(answers), kind))
        assert [found[person].accuracy.share for person in range(1, 6)] == pytest.approx(made_with, abs=0.03)


@kinds
def test_ties_are_told(kind: Kind) -> None:
    fitted = fit(Ballots.of([(1, 1, "a"), (1, 2, "b"), (2, 1, "b"), (2, 2, "a")]), kind)
    assert winners_of(fitted) == {1: ("a", "b"), 2: ("a", "b")}
    assert consensus_of(fitted.model, {1: "a", 2: "b"}).winners == ("a", "b")


@kinds
def test_where_all_agree_all_are_right(kind: Kind) -> None:
    answers = [(task, person, "ab"[task % 2]) for task in range(1, 21) for person in range(1, 4)]
    fitted = fit(Ballots.of(answers), kind)
    assert winners_of(fitted) == {task: ("ab"[task % 2],) for task in range(1, 21)}
    assert fitted.converged
    assert all(skill.accuracy.share > 0.98 for skill in skills(fitted).values())


@kinds
def test_one_label_only_is_certain(kind: Kind) -> None:
    fitted = fit(Ballots.of([(1, 1, "a"), (1, 2, "a"), (2, 1, "a")]), kind)
    assert np.array_equal(fitted.posteriors, np.ones((2, 1)))
    assert consensus_of(fitted.model, {9: "a"}).posterior == {"a": 1.0}
    assert consensus_of(fitted.model, {9: "a"}).entropy == 0


@kinds
def test_without_answers_there_is_a_model_of_nobody(kind: Kind) -> None:
    fitted = fit(Ballots.of([], labels="ab"), kind)
    assert fitted.posteriors.shape == (0, 2)
    assert dict(consensuses(fitted)) == {}
    assert skills(fitted) == {}
    assert consensus_of(fitted.model, {}).winners == ()
    assert consensus_of(fitted.model, {}).posterior == {"a": 0.5, "b": 0.5}
    assert consensus_of(fitted.model, {1: "b"}).winners == ("b",)
    assert fit(Ballots.of([]), kind).model.labels == ()
    assert choose_kind(Ballots.of([]))[0] is Kind.DAWID_SKENE


@kinds
def test_a_label_that_the_model_never_saw_can_win(kind: Kind) -> None:
    answers, _ = invented([0.9, 0.9, 0.9], 200, "ab", seed=4)
    model = fit(Ballots.of(answers), kind).model
    found = consensus_of(model, {1: "new", 2: "new", 3: "new"})
    assert found.winners == ("new",)
    assert sum(found.posterior.values()) == pytest.approx(1)
    assert consensus_of(model, {1: "a"}, known="other").winners == ("other",)


@pytest.mark.parametrize("kind", [Kind.ONE_COIN, Kind.DAWID_SKENE])
def test_a_stranger_is_the_crowd(kind: Kind) -> None:
    answers, _ = invented([0.9, 0.8, 0.7], 500, "ab", seed=5)
    model = fit(Ballots.of(answers), kind).model
    assert model.accuracy_of(99) == pytest.approx(0.8, abs=0.03)
    assert model.shares_of(99, 0) == pytest.approx([model.accuracy_of(99), 1 - model.accuracy_of(99)], abs=1e-6)


@kinds
def test_the_only_answer_to_a_task_says_nothing_of_its_person(kind: Kind) -> None:
    answers, _ = invented([0.9, 0.8, 0.7], 50, "ab", seed=6)
    alone = [(task, 4, "a") for task in range(100, 160)]
    fitted = fit(Ballots.of([*answers, *alone]), kind, prior=Prior.ESTIMATED)
    without = fit(Ballots.of(answers), kind, prior=Prior.ESTIMATED)
    assert 4 not in skills(fitted)
    assert fitted.model.people == without.model.people
    assert fitted.posteriors[:50] == pytest.approx(without.posteriors)


@pytest.mark.parametrize("kind", [Kind.WEIGHTED, Kind.ONE_COIN, Kind.DAWID_SKENE])
def test_ground_truth_makes_even_the_only_answer_evidence(kind: Kind) -> None:
    answers, _ = invented([0.9, 0.8, 0.7], 50, "ab", seed=6)
    alone = [(task, 4, "a") for task in range(100, 160)]
    known = dict.fromkeys(range(100, 160), "b")
    fitted = fit(Ballots.of([*answers, *alone]), kind, known)
    assert skills(fitted)[4].accuracy.share == 0
    assert skills(fitted)[4].tasks == 60
    assert skills(fitted, known_only=True).keys() == {4}
    assert fitted.model.accuracy_of(4) < 0.2


def test_ground_truth_overrules_a_crowd_that_is_wrong() -> None:
    answers, truth = invented([0.3, 0.3, 0.3, 0.9], 300, "yn", seed=7)
    ballots = Ballots.of(answers)
    misled = fit(ballots, Kind.DAWID_SKENE)
    assert accuracy(misled, truth) < 0.4
    known = {task: truth[task] for task in range(1, 31)}
    cold = fit(ballots, Kind.DAWID_SKENE, known)
    warm = fit(ballots, Kind.DAWID_SKENE, known, start=misled.model)
    assert accuracy(cold, truth) > 0.85
    assert np.array_equal(warm.posteriors, cold.posteriors)


def test_the_weights_are_the_log_odds_of_agreeing_with_the_others() -> None:
    """By hand: in 3 tasks person 1 is twice with the majority of the others, and once a tie is half with them."""
    votes = {1: "aab", 2: "aaa", 3: "aba", 4: "abb"}
    answers = [(task, person, given[task - 1]) for person, given in votes.items() for task in (1, 2, 3)]
    fitted = fit(Ballots.of(answers), Kind.WEIGHTED, shrinkage=0)
    # Task 1: all agree. Tasks 2 and 3: two against two, so everybody is alone against two of the others.
    assert {person: skill.correct for person, skill in fitted.model.people.items()} == dict.fromkeys(votes, 1.0)
    weight = log((1 / 3) / (2 / 3))
    found = consensus_of(fitted.model, {1: "a", 2: "a", 3: "b"}).posterior
    assert log(found["a"] / found["b"]) == pytest.approx(weight)


def test_a_tie_of_the_others_is_shared() -> None:
    answers = [(1, 1, "a"), (1, 2, "a"), (1, 3, "b")]
    people = fit(Ballots.of(answers), Kind.WEIGHTED).model.people
    assert [people[person].correct for person in (1, 2, 3)] == [0.5, 0.5, 0.0]


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3."""
    for right, answers, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = wilson(right, answers)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "guess"}, "/kind"),
        ({"labels": ["a", "a"]}, "/labels"),
        ({"prior": [1.0]}, "/prior"),
        ({"prior": [0.5, float("nan")]}, "/prior/1"),
        ({"shrinkage": -1}, "/shrinkage"),
        ({"people": {"1": [1.0, 2.0, [[0, 2, 1.0]]]}}, "/people/1/2"),
        ({"people": {"one": [1.0, 2.0, []]}}, "/people/one/[key]"),
        ({"more": 1}, "/more"),
    ],
)
def test_parameters_that_no_model_wrote_are_refused_by_name(change: dict[str, object], pointer: str) -> None:
    parameters = fit(Ballots.of([(1, 1, "a"), (1, 2, "b")]), Kind.DAWID_SKENE).model.to_parameters()
    with pytest.raises(InvalidInput) as refused:
        Model.from_parameters({**parameters, **change})
    assert refused.value.faults[0].pointer == pointer


@pytest.mark.parametrize("option", [{"shrinkage": -1.0}, {"tolerance": float("nan")}, {"iterations": 0}])
def test_options_without_meaning_are_refused_by_name(option: dict[str, float]) -> None:
    with pytest.raises(InvalidInput) as refused:
        fit(Ballots.of([(1, 1, "a")]), Kind.ONE_COIN, **option)  # type: ignore[arg-type]
    assert refused.value.faults[0].pointer == f"/{next(iter(option))}"


def test_more_confusions_than_memory_holds_are_refused() -> None:
    answers = ((task, task % 50, str(task)) for task in range(1, 10_001))
    with pytest.raises(TooLarge):
        fit(Ballots.of(answers), Kind.DAWID_SKENE)


def test_a_kind_that_memory_does_not_hold_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_NUMBERS", 100)
    answers, _ = invented([0.9, 0.8, 0.7, 0.6, 0.5], 20, "abcde", seed=8)
    kind, evidence = choose_kind(Ballots.of(answers))
    assert kind is not Kind.DAWID_SKENE
    assert Kind.DAWID_SKENE not in evidence.scores


def test_a_stored_model_is_the_same_in_whatever_order_a_database_gives_it_back() -> None:
    answers, _ = invented([0.9, 0.8, 0.7, 0.6] * 5, 100, "abc", seed=9)
    model = fit(Ballots.of(answers), Kind.DAWID_SKENE).model
    stored = model.to_parameters()
    people = stored["people"]
    assert isinstance(people, dict)
    shuffled = Model.from_parameters({**stored, "people": dict(reversed(people.items()))})
    votes = {person: "abc"[person % 3] for person in range(1, 8)}
    assert consensus_of(shuffled, votes) == consensus_of(model, votes)
