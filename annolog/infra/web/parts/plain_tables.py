"""Tables to read: few rows, in the order they come in, with room for what can be done about each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from annolog.infra.web.parts.words import Words, block


@contextmanager
def plain_table(*headings: str, classes: str = "", acts: bool = False) -> Iterator[None]:
    """A table with these headings, into which rows are put; where something can be done, `acts`, that has none."""
    with block("table", f"an-plain-table {classes}".rstrip()):
        with block("thead"), block("tr"):
            for words in headings:
                Words("th", words).props["scope"] = "col"
            if acts:
                block("td")
        with block("tbody"):
            yield
