"""A process that appends to a log.

    python tests/infra/event_log/writer.py FOLDER TRANSACTIONS SEED

Each transaction takes some ids and begins a stream for each: an id that is handed out twice is a version conflict.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from annolog.domain.event import Event
from annolog.domain.ids import IdKind, task_stream
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import TaskDeleted
from annolog.infra.event_log.log import SqlEventLog
from tests.infra.event_log.logs import log_in

COMMAND = UUID(int=1)


def recorded(position: int, stream: str, version: int, event: Event) -> Recorded:
    return Recorded(position, uuid7(), stream, version, datetime.now(UTC), 0, None, COMMAND, COMMAND, None, 1, event)


def begin_tasks(log: SqlEventLog, count: int) -> range:
    """Begin some streams in one transaction; their ids."""
    with log.transaction() as transaction:
        first = log.ids.take(IdKind.TASK, count)
        ids = range(first, first + count)
        transaction.append(
            [
                recorded(transaction.head + place, task_stream(id), 1, TaskDeleted(project=1, task=id))
                for place, id in enumerate(ids, 1)
            ]
        )
    log.announce()
    return ids


def write(log: SqlEventLog, transactions: int, seed: int) -> int:
    """Append so often; how many events that were."""
    chance = random.Random(seed)
    return sum(len(begin_tasks(log, chance.randint(1, 9))) for _ in range(transactions))


if __name__ == "__main__":
    with log_in(sys.argv[1]) as opened:
        print(write(opened, int(sys.argv[2]), int(sys.argv[3])))
