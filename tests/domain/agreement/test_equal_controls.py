"""The share of controls that two answers have in common, beside agreement as it is today."""

from __future__ import annotations

import pytest

from annolog.domain.agreement.equal_controls import share_of_equal_controls
from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.labeling import Value, parse_labeling_config
from annolog.domain.project.settings import AgreementSettings

NAMES = ("first", "second", "third")
ONE: dict[str, Value] = {"first": "yes", "second": "yes"}
OTHER: dict[str, Value] = {"first": "yes", "second": "no"}


@pytest.mark.conformance("A18")
def test_what_both_left_open_counted_as_a_match() -> None:
    assert share_of_equal_controls(ONE, OTHER, NAMES) == pytest.approx(2 / 3)


def test_today_what_both_left_open_says_nothing() -> None:
    controls = "".join(
        f'<Choices name="{name}" toName="text"><Choice value="yes"/><Choice value="no"/></Choices>' for name in NAMES
    )
    config = parse_labeling_config(f'<View><Text name="text" value="$text"/>{controls}</View>')
    assert task_agreement({1: ONE, 2: OTHER}, config, AgreementSettings()).overall == 0.5


def test_what_one_left_open_is_a_difference() -> None:
    assert share_of_equal_controls(ONE, {"first": "yes"}, NAMES) == pytest.approx(2 / 3)
    assert share_of_equal_controls(ONE, {}, ("first", "second")) == 0
    assert share_of_equal_controls({}, {}, ()) == 1
