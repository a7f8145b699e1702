"""The official SDK's converter, run as a program by the interpreter in whose environment it is installed.

`converting.py EXPORT CONFIG FOLDER FORMAT …` writes each format into a folder of its name. Prints as JSON what was
logged from WARNING on; a Python warning ends it.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path


class Heard(logging.Handler):
    """Keeps what was said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def convert(export: Path, config: Path, folder: Path, formats: list[str]) -> list[str]:
    heard = Heard()
    logging.getLogger().addHandler(heard)
    from label_studio_sdk.converter import Converter

    for format in formats:
        converter = Converter(config.read_text(encoding="utf-8"), project_dir=str(folder), download_resources=False)
        assert format in converter.supported_formats, (format, converter.supported_formats)
        converter.convert(str(export), str(folder / format), format, is_dir=False)
    return heard.said


if __name__ == "__main__":
    warnings.simplefilter("error")
    print(json.dumps(convert(*map(Path, sys.argv[1:4]), sys.argv[4:])))
