"""docs/permissions.md is what the code says of roles, and says so when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import permissions


def test_the_page_is_up_to_date() -> None:
    assert permissions.main(["--check"]) == 0


def test_a_page_that_is_out_of_date_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "permissions.md"
    assert permissions.main(["--check"], page=page) == 1
    assert "make permissions" in capsys.readouterr().err
    assert permissions.main([], page=page) == 0
    page.write_text(page.read_text().replace("| yes |", "| |", 1))
    assert permissions.main(["--check"], page=page) == 1
