"""Whom an answer is held against."""

from __future__ import annotations

from typing import Any

from annolog.domain.labeling import encode_value
from annolog.domain.project.settings import AgreementSettings
from annolog.domain.skills.credits import measuring_of
from annolog.projections.skills.answers import shares_of
from tests.world import LABEL_CONFIG

MEASURING = measuring_of(LABEL_CONFIG, AgreementSettings().model_dump_json())


def answer(person: int, label: str, verdict: str | None = None) -> list[Any]:
    return [person, 1, True, False, {"label": encode_value(label)}, False, "2026-11-24", verdict, None]


def test_a_truth_of_ones_own_says_nothing_about_another_answer_of_ones_own() -> None:
    answers = {"11": answer(1, "A"), "12": answer(1, "A"), "13": answer(2, "B")}
    found = shares_of({"truth": 11}, answers, MEASURING)
    assert {key: share[0] for key, share in found.items()} == {("ground_truth", 13): 2}


def test_of_a_deleted_task_not_even_a_review_counts() -> None:
    answers: dict[str, Any] = {"11": answer(1, "A", "accepted")}
    assert shares_of({"truth": None}, answers, MEASURING).keys() == {("review", 11)}
    assert shares_of({"truth": None}, {**answers, "gone": True}, MEASURING) == {}
