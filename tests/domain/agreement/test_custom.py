"""What a file with a metric of one's own must hold, and what its answers mean."""

from __future__ import annotations

import hashlib
import math
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.custom import (
    MOST_BYTES,
    MOST_LABEL,
    MOST_LABELS,
    CustomMetric,
    Failed,
    FailureReason,
    Scored,
    verdict_on,
)
from annolog.domain.refusals import InvalidInput

PAIRS = "def agreement(annotation_1, annotation_2, per_label=False):\n    return 1.0\n"
GROUP = "def group_agreement(annotations):\n    return 1.0\n"


def refused(source: str, name: str = "mine") -> str:
    """The first fault of a file, with the field it names."""
    with pytest.raises(InvalidInput) as caught:
        CustomMetric(name, source)
    (fault,) = caught.value.faults
    return f"{fault.pointer} {fault.message}"


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "pairwise", "groupwise"), [(PAIRS, True, False), (GROUP, False, True), (PAIRS + GROUP, True, True)]
)
def test_a_file_has_one_of_the_two_functions_or_both(source: str, pairwise: bool, groupwise: bool) -> None:
    metric = CustomMetric("mine", source)
    assert (metric.pairwise, metric.groupwise) == (pairwise, groupwise)


def test_the_digest_is_that_of_the_file_as_written() -> None:
    source = "# Übereinstimmung\r\n" + PAIRS
    assert CustomMetric("mine", source).digest == hashlib.sha256(source.encode("utf-8")).hexdigest()
    assert CustomMetric("mine", source + "\n").digest != CustomMetric("mine", source).digest


def test_a_file_is_not_run_when_it_is_checked() -> None:
    CustomMetric("mine", "import sys\nsys.annolog_was_here = True\nraise SystemExit\n" + PAIRS)
    assert not hasattr(sys, "annolog_was_here")


@pytest.mark.parametrize(
    "signature",
    [
        "(a, b, per_label)",
        "(a, b, /, per_label=False)",
        "(a, b, *, per_label=False)",
        "(a, b, per_label=False, threshold=0.5, *more, weight=1, **others)",
        "(a=None, b=None, per_label=True)",
    ],
)
def test_two_annotations_and_per_label_are_all_a_call_needs(signature: str) -> None:
    assert CustomMetric("mine", f"def agreement{signature}: return 1").pairwise


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        ("(a, b)", "agreement must take two annotations and per_label=False"),
        ("(a, per_label=False)", "agreement must take two annotations and per_label=False"),
        ("(a, per_label, b)", "agreement must take two annotations and per_label=False"),
        ("(*pair, per_label=False)", "agreement must take two annotations and per_label=False"),
        ("(a, b, per_label, /)", "agreement must take two annotations and per_label=False"),
        ("(a, b, c, per_label=False)", "parameter c of agreement must have a default"),
        ("(a, b, per_label=False, *, c)", "parameter c of agreement must have a default"),
    ],
)
def test_other_parameters_are_refused_with_line_and_reason(signature: str, reason: str) -> None:
    assert refused(f"import math\n\ndef agreement{signature}: return 1") == f"/source line 3: {reason}"


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        ("()", "group_agreement must take one list of annotations"),
        ("(*annotations)", "group_agreement must take one list of annotations"),
        ("(annotations, weights)", "parameter weights of group_agreement must have a default"),
    ],
)
def test_a_group_function_takes_one_list(signature: str, reason: str) -> None:
    assert refused(PAIRS + f"def group_agreement{signature}: return 1") == f"/source line 3: {reason}"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "/source line 1: the file must define agreement or group_agreement"),
        ("class Metric:\n    " + PAIRS.replace("\n", "\n    "), "/source line 1: the file must define"),
        ("agreement = lambda a, b, per_label=False: 1", "/source line 1: the file must define"),
        ("async " + GROUP, "/source line 1: group_agreement must be a plain function, not async"),
        (PAIRS + "def broken(:\n    pass", "/source line 3: invalid syntax"),
        (PAIRS + "return 5", "/source line 3: 'return' outside function"),
        (PAIRS + "x = '\x00'", "/source line 3: the character NUL"),
        (PAIRS + "\nx = '\ud800'", "/source line 4: a character that UTF-8 cannot express"),
        (PAIRS + "x = " + "-" * 50_000 + "1", "/source line 1: the file is nested too deeply to be read"),
        (PAIRS + "x = a" + "+a" * 40_000, "/source line 1: the file is nested too deeply to be read"),
        (PAIRS + "#" * MOST_BYTES, "/source the file has 100,075 bytes, and at most 100,000 are taken"),
    ],
)
def test_what_cannot_be_used_is_refused_with_line_and_reason(source: str, fault: str) -> None:
    assert refused(source).startswith(fault)


def test_the_limit_counts_bytes_and_is_still_allowed_itself() -> None:
    comment = "#" + "é" * ((MOST_BYTES - len(PAIRS) - 1) // 2)
    source = PAIRS + comment + "#" * (MOST_BYTES - len((PAIRS + comment).encode()))
    assert CustomMetric("mine", source).pairwise
    assert refused(source + "#").startswith("/source the file has 100,001 bytes")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x00", "x" * 101])
def test_a_name_can_be_read(name: str) -> None:
    assert refused(PAIRS, name).startswith("/name ")


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused(text: str) -> None:
    for source in (text, PAIRS + text):
        try:
            assert CustomMetric("mine", source).pairwise
        except InvalidInput as refusal:
            assert refusal.faults[0].pointer == "/source"  # noqa: PT017 - either way is fine, a third is not


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("value", "score"), [(0, 0.0), (1, 1.0), (0.25, 0.25), (True, 1.0), (False, 0.0)])
def test_a_number_from_0_to_1_is_a_score(value: object, score: float) -> None:
    assert verdict_on(value) == Scored(score)


def test_a_mean_of_ones_that_was_rounded_up_is_1() -> None:
    assert verdict_on(math.nextafter(1.0, 2.0)) == Scored(1.0)
    assert verdict_on(-1e-17) == Scored(0.0)
    assert verdict_on(1.000001) == Failed(FailureReason.VALUE, "a score must be a number from 0 to 1, not 1.000001")


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, 2.0, 10**400, "0.5", None, [1], {}, Fraction(1, 2), 1j])
def test_anything_else_is_no_score(value: object) -> None:
    verdict = verdict_on(value)
    assert isinstance(verdict, Failed)
    assert verdict.reason is FailureReason.VALUE
    assert verdict.message.startswith("a score must be a number from 0 to 1, not ")


@pytest.mark.parametrize(
    "labels", [[], "x", {"x": 2.0}, {"x": None}, {1: 1.0}, {"x" * (MOST_LABEL + 1): 1.0}, {"\x00": 1.0}]
)
def test_scores_by_label_are_texts_with_scores(labels: object) -> None:
    verdict = verdict_on(0.5, labels)
    assert isinstance(verdict, Failed)
    assert verdict.reason is FailureReason.VALUE


def test_labels_have_one_order_and_a_limit() -> None:
    verdict = verdict_on(0.5, {"b": 1, "a": False})
    assert verdict == Scored(0.5, {"a": 0.0, "b": 1.0})
    assert isinstance(verdict, Scored)
    assert list(verdict.per_label or ()) == ["a", "b"]
    many = {str(number): 1.0 for number in range(MOST_LABELS)}
    assert isinstance(verdict_on(0.5, many), Scored)
    assert isinstance(verdict_on(0.5, many | {"x": 1.0}), Failed)


@given(st.one_of(st.floats(), st.integers(), st.booleans()))
def test_a_score_is_always_within_its_bounds(value: float) -> None:
    verdict = verdict_on(value)
    if isinstance(verdict, Scored):
        assert 0.0 <= verdict.value <= 1.0
        assert math.isclose(verdict.value, value, abs_tol=1e-9)
    else:
        assert not 0 <= value <= 1
