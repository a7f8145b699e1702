"""Group commit through the bus, beside one transaction for each event, on the same disk in the same run."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from annolog.commands.command import Request
from annolog.commands.importing import ImportTasks
from annolog.commands.scope import SYSTEM
from annolog.domain.task.importing import ImportedTask
from benchmarks.measures import Figure, Stopwatch, show
from benchmarks.workload import TEXT, Installation, installation, project_with, run_all, submissions

TASKS = 6_000
PEOPLE = 3
SINGLE = 1_500


def flush_seconds() -> float:
    """The median time that this disk takes to make 4 KiB durable."""
    with TemporaryDirectory() as folder:
        file = os.open(f"{folder}/flush", os.O_CREAT | os.O_WRONLY)
        times = []
        for _ in range(200):
            os.write(file, b"x" * 4096)
            started = perf_counter()
            os.fdatasync(file)
            times.append(perf_counter() - started)
        os.close(file)
    return sorted(times)[100]


def one_transaction_an_event(found: Installation) -> float:
    """Events a second when each is appended in a durable transaction of its own."""
    body = b'{"project": 1}' + b" " * 400
    watch = Stopwatch()
    for number in range(SINGLE):
        found.log.recorder.insert_events([StoredEvent(f"baseline-{uuid4()}", 1, "Baseline", body)])
        del number
    return SINGLE / watch.seconds


def one_command_a_transaction(found: Installation, first: int, people: list[int]) -> tuple[float, float]:
    """Commands and events a second when each command waits for the one before."""
    requests = list(submissions(range(first, first + SINGLE // PEOPLE), people))
    head = found.log.head()
    seconds = run_all(found, requests, in_flight=1)
    return len(requests) / seconds, (found.log.head() - head) / seconds


def import_rate(found: Installation, project: int) -> float:
    """Tasks a second through the bus, 500 a command."""
    commands = [
        ImportTasks(project=project, tasks=[ImportedTask(data={"text": f"{n}: {TEXT}"}) for n in range(500)])
        for _ in range(60)
    ]
    watch = Stopwatch()
    for future in [found.bus.send(Request(command, uuid4(), SYSTEM.id)) for command in commands]:
        future.result()
    return 500 * len(commands) / watch.seconds


def main() -> None:
    with installation() as found:
        project, people = project_with(found, TASKS + SINGLE, PEOPLE, overlap=PEOPLE)
        requests = list(submissions(range(1, TASKS + 1), people))
        head = found.log.head()
        seconds = run_all(found, requests, in_flight=256)
        commands, events = len(requests) / seconds, (found.log.head() - head) / seconds
        single = one_transaction_an_event(found)
        alone_commands, alone_events = one_command_a_transaction(found, TASKS + 1, people)
        imported = import_rate(found, project)
    flush = flush_seconds()
    show(
        "Writing, durable SQLite (synchronous=FULL), one process",
        "python -m benchmarks bus",
        [
            Figure("group commit: events", events, "events/s", ">= 10,000"),
            Figure("group commit: submissions decided and answered", commands, "commands/s"),
            Figure("baseline: one durable transaction an event, no rules", single, "events/s"),
            Figure("group commit over that baseline", events / single, "times", ">= 20", "see flush time"),
            Figure(
                "one command at a time through the bus",
                alone_commands,
                "commands/s",
                "",
                f"{alone_events:,.0f} events/s",
            ),
            Figure("import, 500 tasks a command", imported, "tasks/s"),
            Figure("time this disk takes to flush 4 KiB, median", flush * 1e6, "microseconds"),
            Figure(
                "the ratio if a flush took 4 ms, as on the reference disk",
                events * (1 / single - flush + 0.004),
                "times",
            ),
        ],
    )
