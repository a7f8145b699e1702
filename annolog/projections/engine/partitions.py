"""Which partition a project's events are in, where the log comes in partitions."""

from __future__ import annotations

from zlib import crc32

from annolog.domain.recorded import Recorded

WHOLE = -1


def partition_of(project: int | None, count: int) -> int:
    """The partition of a project, of `count`. What belongs to no project is in the first one."""
    return 0 if project is None else crc32(str(project).encode()) % count


def belongs(recorded: Recorded, partition: int, count: int) -> bool:
    """Whether an event is in a partition; `WHOLE` has them all."""
    return partition == WHOLE or partition_of(recorded.project, count) == partition
