"""Files that a command reads more than once, from disk or through a pipe."""

from __future__ import annotations

import shutil
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

IN_MEMORY = 64 * 1024 * 1024


@contextmanager
def seekable(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file, or a copy of what comes through a pipe: it is read twice."""
    if file.seekable():
        yield file
        return
    with SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        shutil.copyfileobj(file, copy)
        yield copy


def rewound(source: IO[bytes]) -> IO[bytes]:
    """The file from its beginning, past a byte order mark."""
    source.seek(0)
    if source.read(len(BOM_UTF8)) != BOM_UTF8:
        source.seek(0)
    return source
