"""docs/metrics.md is what the code says of its measures, and says so when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from annolog.domain.measures.columns import BY_NAME
from annolog.domain.measures.measure import MEASURES
from tools import metrics


def test_the_page_is_up_to_date() -> None:
    assert metrics.main(["--check"]) == 0


def test_a_page_that_is_out_of_date_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "metrics.md"
    assert metrics.main(["--check"], page=page) == 1
    assert "make metrics" in capsys.readouterr().err
    assert metrics.main([], page=page) == 0
    assert metrics.main(["--check"], page=page) == 0
    page.write_text(page.read_text().replace("performance_score", "goodness"))
    assert metrics.main(["--check"], page=page) == 1


def test_every_column_is_shown_by_some_measure_and_every_key_once() -> None:
    assert {name for measure in MEASURES for name in measure.uses} == set(BY_NAME)
    assert len({measure.key for measure in MEASURES}) == len(MEASURES)
