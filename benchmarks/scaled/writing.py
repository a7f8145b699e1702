"""Committing to PostgreSQL from several API processes, beside one command a transaction in the same run."""

from __future__ import annotations

from time import perf_counter

from benchmarks.measures import Figure
from benchmarks.scaled.ground import Ground
from benchmarks.workload import project_with

PROCESSES = 4
BULK_TASKS = 20_000
SINGLE = 2_000
ALONE = 150


def measured(ground: Ground) -> list[Figure]:
    with ground.opened() as found:
        project, people = project_with(found, PROCESSES * (SINGLE + ALONE) + SINGLE, 1)
        before = found.log.head()
        bulk = _together(ground, "import", project, 1, BULK_TASKS, 8, 256, people)
        imported = (found.log.head() - before) / bulk
        before = found.log.head()
        several = _together(ground, "submit", project, 1, SINGLE, 64 // PROCESSES, 256, people)
        events = (found.log.head() - before) / several
        alone = _together(ground, "submit", project, PROCESSES * SINGLE + 1, ALONE, 64 // PROCESSES, 1, people)
        one = _together(
            ground, "submit", project, PROCESSES * (SINGLE + ALONE) + 1, SINGLE, 64, 256, people, processes=1
        )
    rate, baseline = PROCESSES * SINGLE / several, PROCESSES * ALONE / alone
    return [
        Figure("events, import by 4 API processes", imported, "events/s", ">= 5,000"),
        Figure("single submissions, 4 API processes, 64 in flight", rate, "commands/s", "", f"{events:,.0f} events/s"),
        Figure("the same from one API process", SINGLE / one, "commands/s"),
        Figure("baseline: 4 processes, one command a transaction", baseline, "commands/s"),
        Figure("single submissions against that baseline", rate / baseline, "times", ">= 10"),
        Figure("one API process against that baseline", SINGLE / one / baseline, "times"),
    ]


def _together(
    ground: Ground,
    kind: str,
    project: int,
    first: int,
    count: int,
    in_flight: int,
    together: int,
    people: list[int],
    processes: int = PROCESSES,
) -> float:
    """Seconds from the start until the last of the processes has its part done."""
    crowd = ",".join(map(str, people))
    writers = [
        ground.process(
            "benchmarks.scaled.writer",
            kind,
            *map(str, (project, first + number * count, count, in_flight, together)),
            crowd,
        )
        for number in range(processes)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    begun = perf_counter()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline()
    seconds = perf_counter() - begun
    for writer in writers:
        writer.communicate()
    return seconds
