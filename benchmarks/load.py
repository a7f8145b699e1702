"""A load of annotators over HTTP, in a process of its own: many keep-alive connections, as little work as possible.

    python -m benchmarks.load PORT TOKEN PROJECT MODE CONCURRENCY SECONDS PERSON...

MODE is `loop` (ask for work, submit it, again) or `submit` (submit to tasks of one's own, given by FIRST:COUNT as the
last argument). Prints one JSON object: requests, seconds, rate, p50 and p99 in milliseconds, and errors by status.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

from benchmarks.measures import percentile
from benchmarks.workload import answer_of

BODY = json.dumps({"result": answer_of("yes"), "lead_time": 12.5})


@dataclass(slots=True)
class Tally:
    """What came of the requests."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


class Connection:
    """One keep-alive connection that sends one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader, self._writer = reader, writer
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def post(self, path: str, person: int, key: str, body: str = "{}") -> tuple[int, dict[str, object]]:
        """Status and JSON body of the answer."""
        request = (
            f"POST {path} HTTP/1.1\r\n{self._head}Annolog-On-Behalf-Of: {person}\r\nIdempotency-Key: {key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._writer.write(request.encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head[9:12]), json.loads(await self._reader.readexactly(length))


async def annotator(
    connection: Connection, project: int, person: int, tasks: Iterator[int] | None, until: float, tally: Tally
) -> None:
    """Work until the time is over, or there is nothing left to do."""
    for number in count():
        if perf_counter() >= until:
            return
        started = perf_counter()
        if tasks is None:
            status, answer = await connection.post(
                f"/v1/projects/{project}/next", person, f"n{person}-{number}-{until}"
            )
            tally.times.append(perf_counter() - started)
            tally.statuses[status] += 1
            if status >= 400:
                return
            task = answer["task"]
            started = perf_counter()
        else:
            task = next(tasks, None)
            if task is None:
                return
        status, _ = await connection.post(f"/v1/tasks/{task}/annotations", person, f"s{person}-{task}", BODY)
        tally.times.append(perf_counter() - started)
        tally.statuses[status] += 1


async def main() -> None:
    port, token, project, mode, concurrency, seconds, *rest = sys.argv[1:]
    ranges = rest.pop() if mode == "submit" else ""
    people = [int(person) for person in rest]
    tally = Tally()
    connections = [
        Connection(*await asyncio.open_connection("127.0.0.1", int(port)), token) for _ in range(int(concurrency))
    ]
    shares: list[Iterator[int] | None] = [None] * len(connections)
    if ranges:
        first, total = map(int, ranges.split(":"))
        shares = [iter(range(first + place, first + total, len(connections))) for place in range(len(connections))]
    started = perf_counter()
    until = started + float(seconds)
    workers = [
        annotator(connection, int(project), people[place % len(people)], share, until, tally)
        for place, (connection, share) in enumerate(zip(connections, shares, strict=True))
    ]
    await asyncio.gather(*workers)
    elapsed = perf_counter() - started
    result = {
        "requests": len(tally.times),
        "seconds": elapsed,
        "rate": len(tally.times) / elapsed,
        "p50": percentile(tally.times, 0.5) * 1000,
        "p99": percentile(tally.times, 0.99) * 1000,
        "statuses": dict(tally.statuses),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
