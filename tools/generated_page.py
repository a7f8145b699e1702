"""A page of the documentation that is written from the code, and checked to be what the code says."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def write_or_check(arguments: list[str] | None, page: Path, text: str, about: str, target: str) -> int:
    """Write the page, or with `--check` only say whether it is what it should be; the exit code is 1 if it is not."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the page is out of date")
    if not parser.parse_args(arguments).check:
        page.write_text(text, encoding="utf-8")
    elif not page.exists() or page.read_text(encoding="utf-8") != text:
        print(f"docs/{page.name} is out of date: run `make {target}`", file=sys.stderr)
        return 1
    return 0
