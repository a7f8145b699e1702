"""All answers at once give what task by task and pair by pair gives, and what was published about real crowds."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.analysis import Analysis, analyse
from annolog.domain.agreement.majority import majority
from annolog.domain.agreement.methodology import Methodology
from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.labeling import Value, parse_labeling_config
from annolog.domain.project.settings import AgreementSettings, MetricChoice
from tests.domain.agreement.crowds import CROWDS, votes_of

SIX_DIGITS = 5e-7
ONE = parse_labeling_config(
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="a"/></Choices></View>'
)
FOUR = parse_labeling_config(
    """
<View><Text name="text" value="$text"/>
<Choices name="label" toName="text"><Choice value="a"/></Choices>
<Choices name="topics" toName="text" choice="multiple"><Choice value="a"/></Choices>
<Rating name="stars" toName="text"/>
<Labels name="span" toName="text"><Label value="a"/></Labels></View>
"""
)
Answers = dict[int, dict[int, dict[str, Value]]]


def crowd_of(folder: Path) -> Answers:
    votes, _ = votes_of(folder)
    return {task: {who: {"label": vote} for who, vote in people.items() if vote} for task, people in votes.items()}


def span(start: float, label: str) -> Value:
    return (("end", start + 5), ("labels", (label,)), ("shape", "span"), ("start", start), ("target", "text"))


labels = st.sampled_from("abcd")
answer = st.fixed_dictionaries(
    {},
    optional={
        "label": labels,
        "topics": st.lists(labels, unique=True).map(lambda found: tuple(sorted(found))),
        "stars": st.integers(1, 5).map(float),
        "span": st.lists(st.builds(span, st.sampled_from([0.0, 3.0]), labels), max_size=2).map(tuple),
    },
)
crowds = st.dictionaries(st.integers(1, 9), st.dictionaries(st.integers(1, 7), answer, max_size=6), max_size=6)
metrics = st.fixed_dictionaries(
    {},
    optional={
        "label": st.sampled_from(["jaccard", "exact_match"]),
        "topics": st.sampled_from(["jaccard", "jaccard_threshold", "exact_match"]),
        "stars": st.sampled_from(["numeric_threshold", "exact_match"]),
    },
)
settings = st.builds(
    lambda chosen, weights, methodology: AgreementSettings(
        metrics={name: MetricChoice(metric=metric) for name, metric in chosen.items()},
        weights=weights,
        methodology=methodology,
    ),
    metrics,
    st.dictionaries(st.sampled_from(["label", "topics", "stars"]), st.sampled_from([0.0, 0.3, 1.0])),
    st.sampled_from(Methodology),
)


def close(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-12)


@given(crowds, settings)
def test_every_task_has_the_scores_it_has_alone(answers: Answers, chosen: AgreementSettings) -> None:
    found = analyse(answers, FOUR, chosen)
    scores = []
    for task, people in answers.items():
        alone = task_agreement(people, FOUR, chosen)
        together = found.overall.tasks.get(task)
        assert (together.pairwise if together else None) == close(alone.pairwise)
        assert (together.consensus if together else None) == close(alone.consensus)
        assert (together.agreement if together else None) == close(alone.overall)
        scores += [] if alone.overall is None else [alone.overall]
        for name, score in alone.dimensions.items():
            in_dimension = found.dimensions[name].scores.tasks.get(task)
            assert (in_dimension.agreement if in_dimension else None) == close(score)
    assert found.agreement == close(sum(scores) / len(scores) if scores else None)
    assert found.overall.compared == len(scores)


@given(crowds, settings)
def test_every_pair_has_the_mean_of_what_it_has_in_each_task_alone(answers: Answers, chosen: AgreementSettings) -> None:
    pairwise = chosen.model_copy(update={"methodology": Methodology.PAIRWISE})
    overall: dict[tuple[int, int], list[float]] = defaultdict(list)
    by_dimension: dict[tuple[str, int, int], list[float]] = defaultdict(list)
    for people in answers.values():
        said = {name for answer in people.values() for name in answer}
        for one, other in combinations(sorted(people), 2):
            # A dimension that these two left open and another answered is an agreement about nothing to say.
            both = task_agreement({one: people[one], other: people[other]}, FOUR, pairwise).dimensions
            scores = {name: both[name] if both[name] is not None else 1.0 for name in said}
            weights = {name: chosen.weights.get(name, 1.0) for name in said}
            if total := sum(weights.values()):
                overall[one, other].append(sum(weights[name] * score for name, score in scores.items()) / total)
            for name, score in scores.items():
                by_dimension[name, one, other].append(score)
    found = analyse(answers, FOUR, chosen)
    assert {pair: (score.tasks, score.agreement) for pair, score in found.overall.pairs.items()} == {
        pair: (len(scores), close(sum(scores) / len(scores))) for pair, scores in overall.items()
    }
    assert {
        (name, *pair): (score.tasks, score.agreement)
        for name, part in found.dimensions.items()
        for pair, score in part.scores.pairs.items()
    } == {key: (len(scores), close(sum(scores) / len(scores))) for key, scores in by_dimension.items()}


@given(
    st.dictionaries(st.integers(1, 20), st.dictionaries(st.integers(1, 9), st.fixed_dictionaries({"label": labels})))
)
def test_counting_groups_and_comparing_pairs_agree(answers: Answers) -> None:
    """Of two single choices the Jaccard index is their equality, and it has no shorter way."""
    by_groups = analyse(answers, ONE, AgreementSettings())
    by_pairs = analyse(answers, ONE, AgreementSettings(metrics={"label": MetricChoice(metric="jaccard")}))
    assert by_groups.agreement == close(by_pairs.agreement)
    for task, score in by_groups.overall.tasks.items():
        assert score.pairwise == close(by_pairs.overall.tasks[task].pairwise)
    assert by_groups.overall.pairs == by_pairs.overall.pairs


@given(crowds)
def test_the_winners_are_those_of_each_task_alone(answers: Answers) -> None:
    found = analyse(answers, FOUR, AgreementSettings())
    for name, part in found.dimensions.items():
        alone = {task: majority([answer.get(name) for answer in people.values()]) for task, people in answers.items()}
        assert part.winners == {task: winners for task, winners in alone.items() if winners}


@given(crowds, settings, st.randoms())
def test_the_order_of_answers_changes_nothing(answers: Answers, chosen: AgreementSettings, chance: Any) -> None:
    tasks = list(answers.items())
    chance.shuffle(tasks)
    shuffled = {task: dict(sorted(people.items(), key=lambda _: chance.random())) for task, people in tasks}
    assert analyse(shuffled, FOUR, chosen) == analyse(answers, FOUR, chosen)


@pytest.mark.parametrize("folder", CROWDS, ids=lambda folder: folder.name)
def test_the_figures_of_a_crowd(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    answers = crowd_of(folder)
    found = analyse(answers, ONE, AgreementSettings())
    assert len(found.annotators) == expected["counts"]["tasks"]
    assert found.agreement == pytest.approx(expected["agreement"]["pairwise_agreement_mean_over_tasks"], abs=SIX_DIGITS)
    pairs = found.overall.pairs.values()
    pooled = sum(pair.tasks * pair.agreement for pair in pairs) / sum(pair.tasks for pair in pairs)
    assert pooled == pytest.approx(expected["agreement"]["pairwise_agreement_pooled_pairs"], abs=SIX_DIGITS)
    alpha = found.dimensions["label"].coefficients["krippendorff_alpha_nominal"].value
    assert alpha == pytest.approx(expected["agreement"]["krippendorff_alpha_nominal"], abs=SIX_DIGITS)
    unanimous = [score.consensus == 1 for score in found.overall.tasks.values()]
    share = expected["agreement"]["unanimous_task_share"]
    assert sum(unanimous) / len(unanimous) == pytest.approx(share, abs=SIX_DIGITS)


def label_figures(answers: Answers, name: str = "label") -> dict[str, tuple[float | None, int, int]]:
    found = analyse(answers, FOUR, AgreementSettings()).dimensions[name].labels
    return {label: (figure.agreement, figure.answers, figure.tasks) for label, figure in found.items()}


def test_agreement_on_a_label_is_that_of_the_pairs_of_whom_one_gave_it() -> None:
    answers: Answers = {
        1: {1: {"label": "a"}, 2: {"label": "a"}, 3: {"label": "b"}},
        2: {1: {"label": "b"}, 2: {"label": "b"}},
        3: {1: {"label": "c"}},
        4: {1: {"label": "d"}, 2: {"stars": 1.0}},
    }
    assert label_figures(answers) == {
        "a": (pytest.approx(1 / 3), 2, 1),  # one pair of three in which both gave it
        "b": ((0 + 1) / 2, 3, 2),
        "c": (None, 0, 0),
        "d": (0.0, 1, 1),
    }


def test_a_label_counts_in_sets_and_regions_by_itself() -> None:
    answers: Answers = {
        1: {1: {"topics": ("a", "b"), "span": (span(0.0, "a"),)}, 2: {"topics": ("b",), "span": (span(3.0, "a"),)}},
    }
    assert label_figures(answers, "topics") == {"a": (0.0, 1, 1), "b": (1.0, 2, 1)}
    assert label_figures(answers, "span") == {"a": (0.25, 2, 1)}
    assert label_figures(answers, "stars") == {}


def test_a_task_that_one_person_answered_has_no_score_and_enters_no_mean() -> None:
    found = analyse({1: {1: {"label": "a"}}, 2: {1: {"label": "a"}, 2: {"label": "b"}}}, FOUR, AgreementSettings())
    assert list(found.overall.tasks) == [2]
    assert (found.agreement, found.overall.compared) == (0.0, 1)
    assert found.dimensions["label"].winners == {1: ("a",), 2: ("a", "b")}


@pytest.mark.parametrize("answers", [{}, {1: {}}, {1: {1: {}, 2: {}}}])
def test_nothing_to_compare_gives_nothing(answers: Answers) -> None:
    found: Analysis = analyse(answers, FOUR, AgreementSettings())
    assert (found.agreement, found.overall.tasks, found.overall.pairs) == (None, {}, {})


def test_a_dimension_of_many_different_answers_says_why_it_has_no_coefficient() -> None:
    answers: Answers = {task: {person: {"label": f"{task}/{person}"} for person in (1, 2)} for task in range(600)}
    found = analyse(answers, FOUR, AgreementSettings()).dimensions["label"].coefficients
    assert found["krippendorff_alpha_nominal"].value is None
    assert "different answers" in (found["krippendorff_alpha_nominal"].reason or "")
