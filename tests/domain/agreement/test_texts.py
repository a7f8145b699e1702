"""How alike two texts are."""

from __future__ import annotations

from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.distance import edit_distance, jaro_similarity
from nltk.util import ngrams

from annolog.domain.agreement.metrics import METRICS, default_metric, metric
from annolog.domain.agreement.metrics.texts import DISTANCES, GRANULARITIES, SIMILARITIES
from annolog.domain.labeling import Dimension, DimensionKind
from annolog.domain.refusals import InvalidInput

ALGORITHMS = DISTANCES + SIMILARITIES
words = st.text("abc ", min_size=1, max_size=12)
lines = st.lists(st.text("abé\u0301 \n😀", max_size=8), max_size=3).map(tuple)


def alike(one: str, other: str, algorithm: str = "levenshtein", granularity: str = "character") -> float:
    return metric("text_similarity", {"algorithm": algorithm, "granularity": granularity}).score((one,), (other,))


@pytest.mark.conformance("A17")
def test_hello_and_world_have_one_letter_of_five_in_place() -> None:
    assert METRICS["text_similarity"].score(("hello",), ("world",)) == 0.2


@pytest.mark.parametrize(
    ("algorithm", "one", "other", "expected"),
    [
        ("levenshtein", "kitten", "sitting", 1 - 3 / 7),
        ("levenshtein", "123 Main St", "123 Main Street", 1 - 4 / 15),
        ("damerau_levenshtein", "CA", "ABC", 1 - 2 / 3),  # without restriction; the restricted distance is 3
        ("hamming", "karolin", "kathrin", 1 - 3 / 7),
        ("hamming", "karolin", "karo", 1 - 3 / 7),
        ("jaro", "MARTHA", "MARHTA", 0.944),  # Winkler (1990), table of examples
        ("jaro", "DIXON", "DICKSONX", 0.767),
        ("jaro", "DWAYNE", "DUANE", 0.822),
        ("jaro_winkler", "MARTHA", "MARHTA", 0.961),
        ("jaro_winkler", "DIXON", "DICKSONX", 0.813),
        ("jaro_winkler", "DWAYNE", "DUANE", 0.840),
        ("ratcliff_obershelp", "WIKIMEDIA", "WIKIMANIA", 14 / 18),
        # 24/40 one way and 26/40 the other.
        ("ratcliff_obershelp", "GESTALT PATTERN MATCHING", "GESTALT PRACTICE", 25 / 40),
    ],
)
def test_published_pairs_score_as_published(algorithm: str, one: str, other: str, expected: float) -> None:
    assert alike(one, other, algorithm) == pytest.approx(expected, abs=6e-4)
    assert alike(other, one, algorithm) == alike(one, other, algorithm)


@given(words, words)
def test_edit_distances_are_those_of_another_implementation(one: str, other: str) -> None:
    longest = max(len(one), len(other))
    swaps = edit_distance(one, other, transpositions=True)
    assert alike(one, other) == pytest.approx(1 - edit_distance(one, other) / longest)
    assert alike(one, other, "damerau_levenshtein") == pytest.approx(1 - swaps / longest)
    differing = sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))
    assert alike(one, other, "hamming") == pytest.approx(1 - differing / longest)


@given(words, words)
def test_jaro_is_that_of_another_implementation_and_winkler_adds_to_it(one: str, other: str) -> None:
    jaro = (jaro_similarity(one, other) + jaro_similarity(other, one)) / 2
    assert alike(one, other, "jaro") == pytest.approx(jaro)
    assert jaro - 1e-9 <= alike(one, other, "jaro_winkler") <= jaro + 0.4 * (1 - jaro) + 1e-9


@given(words, words)
def test_gestalts_match_by_their_longest_common_pieces(one: str, other: str) -> None:
    def matching(first: str, second: str) -> int:
        pieces = ((end - start, -start, end) for start in range(len(first)) for end in range(start, len(first) + 1))
        found = max((piece for piece in pieces if first[-piece[1] : piece[2]] in second), default=(0, 0, 0))
        length, start, end = found[0], -found[1], found[2]
        if not length:
            return 0
        place = second.index(first[start:end])
        return length + matching(first[:start], second[:place]) + matching(first[end:], second[place + length :])

    expected = (matching(one, other) + matching(other, one)) / (len(one) + len(other))
    assert alike(one, other, "ratcliff_obershelp") == pytest.approx(expected)


@given(words, words)
def test_words_and_n_grams_are_compared_whole(one: str, other: str) -> None:
    cuts = {"word": (one.split(), other.split())}
    for length in (2, 3):
        if min(len(one), len(other)) >= length:
            cuts[f"{length}-gram"] = (list(ngrams(one, length)), list(ngrams(other, length)))
    for granularity, (first, second) in cuts.items():
        longest = max(len(first), len(second))
        expected = 1 - edit_distance(first, second) / longest if longest else 1.0
        assert alike(one, other, granularity=granularity) == pytest.approx(expected)


def test_a_text_shorter_than_a_piece_is_one_piece() -> None:
    assert alike("a", "ab", granularity="2-gram") == 0
    assert alike("a", "ab c", granularity="3-gram") == 0
    assert alike("ab", "ab", granularity="3-gram") == 1


def test_lines_are_compared_one_by_one_and_a_missing_one_counts_nothing() -> None:
    assert METRICS["text_similarity"].score(("hello", "same"), ("world", "same")) == pytest.approx(0.6)
    assert METRICS["text_similarity"].score(("same", "more"), ("same",)) == 0.5
    assert METRICS["text_similarity"].score(("a", "b"), ("b", "a")) == 0


def test_empty_lines_at_the_end_are_none() -> None:
    similarity = METRICS["text_similarity"]
    assert similarity.score(("",), ()) == 1
    assert similarity.score(("",), ("a",)) == 0
    assert similarity.score(("a", "", ""), ("a",)) == 1
    assert similarity.score(("", "a"), ("a",)) == 0


def test_texts_match_from_a_similarity_of_85_percent() -> None:
    twenty = "abcdefghijklmnopqrst"
    within = METRICS["text_similarity_threshold"]
    assert within.score((twenty,), ("XXX" + twenty[3:],)) == 1
    assert within.score((twenty,), ("XXXX" + twenty[4:],)) == 0
    assert metric("text_similarity_threshold", {"threshold": 0.8}).score((twenty,), ("XXXX" + twenty[4:],)) == 1


def test_text_areas_are_compared_by_similarity_unless_a_project_says_otherwise() -> None:
    assert default_metric(Dimension("note", "TextArea", DimensionKind.TEXT, ("text",))).name == "text_similarity"


@pytest.mark.parametrize("parameter", ["algorithm", "granularity"])
def test_an_algorithm_or_a_granularity_that_nobody_knows_is_refused(parameter: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        metric("text_similarity", {parameter: "by_feeling"})
    assert refused.value.faults[0].pointer == f"/parameters/{parameter}"


@given(
    lines,
    lines,
    st.sampled_from(ALGORITHMS),
    st.sampled_from(GRANULARITIES),
)
def test_every_algorithm_is_symmetric_and_between_0_and_1(
    one: tuple[str, ...], other: tuple[str, ...], algorithm: str, granularity: str
) -> None:
    chosen = metric("text_similarity", {"algorithm": algorithm, "granularity": granularity})
    assert 0 <= chosen.score(one, other) <= 1
    assert chosen.score(one, other) == chosen.score(other, one)
    assert chosen.score(one, one) == 1


@pytest.mark.parametrize(("algorithm", "most"), [("damerau_levenshtein", 2_000), ("ratcliff_obershelp", 500)])
def test_slow_algorithms_give_way_to_quick_ones_beyond_a_length(algorithm: str, most: int) -> None:
    """Swapped neighbours cost Damerau one step and Levenshtein two; Ratcliff wants runs, a subsequence does not."""
    swapped = "ab" + "c" * (most - 2), "ba" + "c" * (most - 2)
    short = alike(*swapped, algorithm)
    long = alike(swapped[0] + "d", swapped[1] + "d", algorithm)
    expected = {
        "damerau_levenshtein": (1 - 1 / most, 1 - 2 / (most + 1)),
        "ratcliff_obershelp": ((most - 1) / most, most / (most + 1)),
    }
    assert (short, long) == pytest.approx(expected[algorithm])


def test_the_length_is_that_of_all_lines_together() -> None:
    similarity = metric("text_similarity", {"algorithm": "damerau_levenshtein", "granularity": "character"})
    lines = ("c" * 1_500, "ab" + "c" * 498), ("c" * 1_500, "ba" + "c" * 498)
    assert similarity.score(*lines) == pytest.approx(1 - 1 / 500 / 2)
    more = ("c" * 1_501, lines[0][1]), ("c" * 1_501, lines[1][1])
    assert similarity.score(*more) == pytest.approx(1 - 2 / 500 / 2)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_algorithm_takes_long_for_long_texts(algorithm: str) -> None:
    chance = Random(1)
    one, other = ("".join(chance.choice("ab") for _ in range(10_000)) for _ in range(2))
    began = perf_counter()
    assert 0 < alike(one, other, algorithm) < 1
    assert perf_counter() - began < 0.3
    assert alike(one, other, algorithm) == alike(other, one, algorithm)
