"""What one answer adds: right or wrong by the project's metric, label by label, and never against itself."""

from __future__ import annotations

import pytest

from annolog.domain.agreement.comparison import Comparison
from annolog.domain.agreement.trillionths import TRILLION
from annolog.domain.labeling import encode_value, parse_labeling_config
from annolog.domain.project.settings import AgreementSettings
from annolog.domain.skills.credits import Majority, Measuring
from annolog.domain.skills.skill import Source
from annolog.domain.task.kinds import Verdict

CONFIG = parse_labeling_config(
    '<View><Text name="text" value="$text"/>'
    '<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/></Choices>'
    '<Choices name="topics" toName="text" choice="multiple"><Choice value="x"/><Choice value="y"/></Choices>'
    '<TextArea name="note" toName="text"/></View>'
)
A, B = encode_value("a"), encode_value("b")
X, XY = encode_value(("x",)), encode_value(("x", "y"))
NOTE, OTHER = encode_value(("red cat",)), encode_value(("blue sea",))


def measuring(**changes: object) -> Measuring:
    return Measuring(Comparison.of(CONFIG, AgreementSettings.model_validate(changes)))


def test_a_right_answer_and_a_wrong_one_count_by_dimension_and_by_the_true_label() -> None:
    found = measuring().held_against(Source.GROUND_TRUTH, (A, X, ""), (A, XY, ""))
    assert found == {
        ("ground_truth", "", ""): (TRILLION // 2, 1),
        ("ground_truth", "label", ""): (TRILLION, 1),
        ("ground_truth", "label", "a"): (TRILLION, 1),
        ("ground_truth", "topics", ""): (0, 1),
        ("ground_truth", "topics", "x"): (TRILLION, 1),
        ("ground_truth", "topics", "y"): (0, 1),
    }


def test_metrics_and_weights_are_the_projects() -> None:
    metrics = {"topics": {"metric": "jaccard"}}
    found = measuring(metrics=metrics, weights={"label": 0.5}).held_against(
        Source.GROUND_TRUTH, (B, X, ""), (A, XY, "")
    )
    assert found["ground_truth", "topics", ""] == (TRILLION // 2, 1)
    assert found["ground_truth", "", ""] == (round(TRILLION * 0.5 / 1.5), 1)


def test_an_answer_where_the_truth_is_open_is_wrong_and_recognises_no_label() -> None:
    found = measuring().held_against(Source.GROUND_TRUTH, (A, "", ""), ("", "", ""))
    assert found == {("ground_truth", "", ""): (0, 1), ("ground_truth", "label", ""): (0, 1)}


def test_texts_have_a_score_against_the_truth_but_neither_majority_nor_labels() -> None:
    same = measuring().held_against(Source.GROUND_TRUTH, ("", "", NOTE), ("", "", NOTE))
    assert same == {("ground_truth", "", ""): (TRILLION, 1), ("ground_truth", "note", ""): (TRILLION, 1)}
    crowd = [(A, "", NOTE), (A, "", NOTE), (A, "", NOTE)]
    others, credits = measuring().against_others(crowd)[crowd[0]]
    assert others == (A, None, None)
    assert credits == {
        ("consensus", "", ""): (TRILLION, 1),
        ("consensus", "label", ""): (TRILLION, 1),
        ("consensus", "label", "a"): (TRILLION, 1),
    }


@pytest.mark.parametrize(
    ("answers", "mine", "others"),
    [
        ("aaa", "a", "a"),
        # Whoever is held against a majority that they made themselves is hardly ever wrong.
        ("aab", "b", "a"),
        ("aab", "a", None),
        ("aabb", "a", "b"),
        ("aabbc", "c", None),
        ("aabbc", "a", "b"),
        ("abc", "a", None),
        ("aa", "a", None),
        ("aa", "", "a"),
        ("ab", "", None),
        ("a", "", None),
        ("", "", None),
        ("aaabb", "a", None),
        ("aaaabb", "a", "a"),
    ],
)
def test_the_majority_is_of_the_others_and_a_tie_is_none(answers: str, mine: str, others: str | None) -> None:
    assert Majority.of(answers).without(mine) == others


@pytest.mark.parametrize(("verdict", "right"), [("accepted", TRILLION), ("fixed", 0), ("rejected", 0)])
def test_a_verdict_counts_for_every_label_that_was_given(verdict: str, right: int) -> None:
    found = measuring().judged((A, XY, ""), Verdict(verdict))
    places = [("", ""), ("label", ""), ("label", "a"), ("topics", ""), ("topics", "x"), ("topics", "y")]
    assert found == {("review", *place): (right, 1) for place in places}
