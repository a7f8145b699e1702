"""What a file is asked, what its scores depend on, and which process answers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from time import monotonic

import pytest

from annolog.domain.agreement import custom
from annolog.domain.agreement.custom import CustomMetric, FailureReason, Scored, Verdict
from annolog.domain.refusals import InvalidInput
from annolog.infra.sandbox import Limits, SandboxedMetric, child, process
from tests.infra.sandbox.conftest import Run, failed, group_scores, needs_sandbox

pytestmark = needs_sandbox

# Label Studio's own example of the contract, a little shorter.
CHOICES = """
def agreement(annotation_1, annotation_2, per_label=False) -> float:
    label_1 = annotation_1["result"][0]["value"]["choices"][0]
    label_2 = annotation_2["result"][0]["value"]["choices"][0]
    if label_1 == label_2:
        return {label_1: 1} if per_label else 1
    return {label_1: 0, label_2: 0} if per_label else 0

def group_agreement(annotations):
    labels = [annotation["result"][0]["value"]["choices"][0] for annotation in annotations]
    return max(labels.count(label) for label in labels) / len(labels)
"""


def choice(label: str) -> dict[str, object]:
    region = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    return {"id": 1, "result": [region]}


def values(verdicts: list[Verdict]) -> list[float]:
    assert all(isinstance(verdict, Scored) for verdict in verdicts), verdicts
    return [verdict.value for verdict in verdicts if isinstance(verdict, Scored)]


# ── the contract ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_scores_pairs_labels_and_groups() -> None:
    cat, dog = choice("cat"), choice("dog")
    with SandboxedMetric(CustomMetric("choices", CHOICES)) as sandbox:
        assert sandbox.pairs([(cat, cat), (cat, dog)]) == [Scored(1.0), Scored(0.0)]
        by_label = sandbox.pairs([(cat, cat), (cat, dog)], per_label=True)
        assert by_label == [Scored(1.0, {"cat": 1.0}), Scored(0.0, {"cat": 0.0, "dog": 0.0})]
        assert sandbox.group([[cat, cat, dog, cat], [dog]]) == [Scored(0.75), Scored(1.0)]
        assert sandbox.pairs([]) == []


def test_a_pair_is_scored_once_in_the_order_given() -> None:
    source = "def agreement(a, b, per_label=False): return a['x'] > b['x']"
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
        assert sandbox.pairs([({"x": 1}, {"x": 2}), ({"x": 2}, {"x": 1})]) == [Scored(0.0), Scored(1.0)]


def test_what_a_file_does_not_define_cannot_be_asked_of_it() -> None:
    pairwise = CustomMetric("mine", "def agreement(a, b, per_label): return 1")
    groupwise = CustomMetric("mine", "def group_agreement(a): return 1")
    with SandboxedMetric(groupwise) as sandbox, pytest.raises(InvalidInput, match=r"/source: .* not define agreement"):
        sandbox.pairs([({}, {})])
    with SandboxedMetric(pairwise) as sandbox, pytest.raises(InvalidInput, match=r"/source: .* define group_agreement"):
        sandbox.group([[]])


@pytest.mark.parametrize(
    "annotation",
    [
        {"x": "Ünïcödé ✓ \U0001f600", "y": [None, True, 1.5, -0.0]},
        {"x": 10**30},
        {"x": "\ud800"},
        {"x": [[[[]]]], "": {"": ""}},
    ],
)
def test_an_annotation_arrives_as_it_is(annotation: dict[str, object]) -> None:
    source = f"def agreement(a, b, per_label=False): return a == {annotation!r} and b == {{}}"
    with SandboxedMetric(CustomMetric("mine", source.encode("ascii", "backslashreplace").decode())) as sandbox:
        assert sandbox.pairs([(annotation, {})]) == [Scored(1.0)]


@pytest.mark.parametrize("value", ["float32(0.5)", "float64(0.5)", "int64(1) / 2", "mean([0, 1])", "bool_(True) / 2"])
def test_a_score_may_be_a_number_of_numpy(run_with_numpy: Run, value: str) -> None:
    assert run_with_numpy(f"value = numpy.{value}") == Scored(0.5)
    assert run_with_numpy("value = numpy.bool_(True)") == Scored(1.0)


def test_a_score_may_be_a_fraction(run: Run) -> None:
    assert run("from fractions import Fraction\nvalue = Fraction(1, 4)") == Scored(0.25)


def test_what_is_offered_can_be_imported_and_works(run: Run, run_with_numpy: Run) -> None:
    code = """
        import collections, datetime, decimal, difflib, fractions, functools, itertools, json, math, random, re
        import statistics, string, unicodedata
        from dataclasses import dataclass

        @dataclass
        class Box:
            width: int

        assert Box(3) == Box(3)
        assert datetime.datetime.strptime("2024-02-29", "%Y-%m-%d").astimezone().utcoffset() == datetime.timedelta(0)
        assert difflib.SequenceMatcher(None, "kitten", "sitting").ratio() > 0.6
        assert re.fullmatch(r"(?i)\\w+", "Straße") and unicodedata.normalize("NFD", "é") == "e\\u0301"
        assert "é".encode("latin-1").decode("latin-1") == "é" and "x".encode("utf-16")
        assert json.loads(json.dumps({"x": [1]})) == {"x": [1]}
        assert statistics.stdev([1, 2, 4]) > 1 and string.Template("$x").substitute(x=1) == "1"
        assert decimal.Decimal(1) / 3 == decimal.Decimal("0.3333333333333333333333333333")
        value = statistics.NormalDist().cdf(0)
    """
    assert run(code) == Scored(0.5)
    code = """
        rng = numpy.random.default_rng(7)
        square = rng.random((200, 200))
        assert numpy.allclose(numpy.linalg.inv(square) @ square, numpy.eye(200), atol=1e-6)
        assert numpy.fft.ifft(numpy.fft.fft([1, 2])).real.tolist() == [1, 2]
        assert numpy.polynomial.Polynomial([1, 2])(3) == 7 and numpy.ma.masked_array([1], [True]).count() == 0
        value = numpy.corrcoef([1, 2, 3], [2, 4, 6])[0, 1]
    """
    assert run_with_numpy(code) == Scored(1.0)


# ── the same source and input give the same score ────────────────────────────────────────────────────────────────────


LESS_PRECISION = "here = getcontext(); here.prec -= 1; return here.prec / 99"


@pytest.mark.parametrize(
    "source",
    [
        "import random\nx = random.random()\ndef group_agreement(annotations): return x * random.random()",
        "import numpy.random\ndef group_agreement(annotations): return numpy.random.random()",
        "def group_agreement(annotations): return (hash('text') % 1009) / 1009",
        "def group_agreement(annotations): return ['a', 'b', 'c', 'd', 'e'].index({'a', 'b', 'c', 'd', 'e'}.pop()) / 5",
        "calls = []\ndef group_agreement(annotations):\n    calls.append(1)\n    return len(calls) / 10",
        "import random\ndef group_agreement(annotations):\n    x = random.random(); random.seed(9); return x",
        f"from decimal import *\ndef group_agreement(a):\n    {LESS_PRECISION}",
    ],
)
def test_a_score_depends_on_source_and_input_alone(source: str) -> None:
    assert len({*values(group_scores(source, jobs=3)), *values(group_scores(source))}) == 1


def test_chance_that_is_not_seeded_cannot_be_had(run: Run) -> None:
    failed(run("import os\nvalue = os.urandom(1)[0] / 255"), FailureReason.CRASH)
    failed(run("import random\nvalue = random.SystemRandom().random()"), FailureReason.CRASH)


def test_the_second_call_of_a_pair_sees_the_annotations_unchanged() -> None:
    source = """
def agreement(a, b, per_label=False):
    a["seen"] = a.get("seen", 0) + 1
    return {"x": a["seen"] / 2} if per_label else a["seen"] / 2
"""
    annotation: dict[str, object] = {}
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
        assert sandbox.pairs([(annotation, annotation)] * 2, per_label=True) == [Scored(0.5, {"x": 0.5})] * 2
    assert annotation == {}


def test_parent_and_child_mean_the_same() -> None:
    assert (child.PAIRWISE, child.GROUPWISE) == (custom.PAIRWISE, custom.GROUPWISE)
    assert (child.MOST_LABELS, child.MOST_MESSAGE) == (custom.MOST_LABELS, custom.MOST_MESSAGE)
    assert (child.MOST_ANSWER, child.NO_MEMORY) == (process.MOST_ANSWER, process.NO_MEMORY)


# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────────

WHO = "import os\ndef group_agreement(annotations): return os.getpid() / 2**32"


def test_one_process_answers_many_jobs_quickly() -> None:
    with SandboxedMetric(CustomMetric("choices", CHOICES)) as sandbox:
        pair = (choice("cat"), choice("dog"))
        sandbox.pairs([pair])
        started = monotonic()
        assert sandbox.pairs([pair] * 200) == [Scored(0.0)] * 200
        milliseconds = (monotonic() - started) / 200 * 1_000
    assert milliseconds < 10
    assert len(set(values(group_scores(WHO, jobs=5)))) == 1


def test_a_process_that_has_served_its_time_is_replaced() -> None:
    assert len(set(values(group_scores(WHO, 3, Limits(lifetime_seconds=0))))) == 3


def test_no_process_is_left_behind() -> None:
    with SandboxedMetric(CustomMetric("who", WHO)) as sandbox:
        (score,) = values(sandbox.group([[]]))
        pid = int(score * 2**32)
        assert os.getpgid(pid) == os.getsid(pid) == pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_works_from_a_thread_and_after_that_thread_is_gone() -> None:
    found: list[Verdict] = []
    with SandboxedMetric(CustomMetric("who", WHO)) as sandbox:
        thread = Thread(target=lambda: found.extend(sandbox.group([[]])))
        thread.start()
        thread.join()
        assert len(set(values(found + sandbox.group([[]])))) == 1


def test_threads_may_share_one() -> None:
    source = "def agreement(a, b, per_label=False): return a['x'] / 100"
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(sandbox.pairs, [({"x": number}, {})] * 5) for number in range(50)]
        assert [job.result() for job in jobs] == [[Scored(number / 100)] * 5 for number in range(50)]


def test_whoever_is_interrupted_gets_no_answer_that_was_meant_for_before(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import os\ndef agreement(a, b, per_label=False): return a['x'] or os.getpid() / 2**32"
    with SandboxedMetric(CustomMetric("mine", source)) as sandbox:
        (score,) = values(sandbox.pairs([({"x": 0}, {})]))
        with monkeypatch.context() as patch:
            patch.setattr(process.SandboxProcess, "_read", interrupted)
            with pytest.raises(KeyboardInterrupt):
                sandbox.pairs([({"x": 0.5}, {})])
        # Nor is the process left to compute what nobody waits for.
        with pytest.raises(ProcessLookupError):
            os.kill(int(score * 2**32), 0)
        assert sandbox.pairs([({"x": 0.75}, {})]) == [Scored(0.75)]


def interrupted(*_: object) -> bytes:
    raise KeyboardInterrupt
