"""A process with a bus of its own: says when it is ready, begins when told, says how long its commands took."""

from __future__ import annotations

import sys
from time import perf_counter
from uuid import uuid4

from annolog.commands.command import Request
from annolog.commands.importing import ImportTasks
from annolog.commands.scope import SYSTEM
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from benchmarks.workload import TEXT, run_all, submissions


def main() -> None:
    kind, project, first, count, in_flight, together = sys.argv[1], *map(int, sys.argv[2:7])
    people = [int(person) for person in sys.argv[7].split(",")]
    with Installation(InstallationSettings(), parts=NOTHING) as found:
        found.bus._most_together = together
        if kind == "import":
            requests = [
                Request(
                    ImportTasks(
                        project=project, tasks=[ImportedTask(data={"text": f"{n}: {TEXT}"}) for n in range(500)]
                    ),
                    uuid4(),
                    SYSTEM.id,
                )
                for _ in range(count // 500)
            ]
        else:
            requests = list(submissions(range(first, first + count), people))
        print("ready", flush=True)
        sys.stdin.readline()
        begun = perf_counter()
        run_all(found, requests, in_flight)
        print(len(requests), perf_counter() - begun, flush=True)


main()
