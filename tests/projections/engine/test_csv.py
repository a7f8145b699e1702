"""What is exported as CSV comes back as it was, and runs nothing where a spreadsheet opens it."""

from __future__ import annotations

import csv as standard
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.projections.engine import csv


def read(document: str) -> list[dict[str, str]]:
    return list(standard.DictReader(io.StringIO(document, newline="")))


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_words_come_back_as_they_were_save_for_what_would_be_run(words: list[str]) -> None:
    rows = [{"number": number, "words": said} for number, said in enumerate(words)]
    found = [row["words"] for row in read(csv.document(["number", "words"], rows))]
    assert [
        cell.removeprefix("'") if cell[1:] == said else cell for cell, said in zip(found, words, strict=True)
    ] == words
    assert not any(cell.startswith(csv.RUN) for cell in found)


@pytest.mark.parametrize("said", ["=HYPERLINK(1)", "+1", "-1 is wrong", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_has_an_apostrophe_before_it(said: str) -> None:
    [row] = read(csv.document(["words"], [{"words": said}]))
    assert row["words"] == f"'{said}"


def test_numbers_truths_lists_and_nothing_are_plain() -> None:
    [row] = read(csv.document(["a", "b", "c", "d"], [{"a": -1.5, "b": True, "c": [1, 2], "d": None}]))
    assert row == {"a": "-1.5", "b": "true", "c": "1 2", "d": ""}
