"""Writes docs/asyncapi.json from the events, or with --check says whether it is up to date."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from annolog.infra.backbone.asyncapi import document

FILE = Path(__file__).parents[1] / "docs" / "asyncapi.json"


def main() -> int:
    """Write, or check."""
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if "--check" in sys.argv:
        same = FILE.exists() and FILE.read_text("utf-8") == text
        print("docs/asyncapi.json is up to date" if same else "docs/asyncapi.json is out of date: run `make asyncapi`")
        return 0 if same else 1
    FILE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
