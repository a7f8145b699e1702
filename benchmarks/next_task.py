"""What `next` costs with few and many tasks, and for somebody who has done very many of them."""

from __future__ import annotations

import sys
from time import perf_counter
from uuid import uuid4

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Request
from annolog.commands.working import RequestWork
from annolog.infra.composition import Installation
from benchmarks.measures import Figure, percentile, resident_megabytes, show
from benchmarks.workload import answer_of, installation, project_with, run_all, send

FEW = 1_000
MANY = 1_000_000
DONE = 100_000
ROUNDS = 400


def cost(found: Installation, project: int, people: list[int]) -> tuple[float, float]:
    """Median and 99th percentile of a request for work, in microseconds, with a submission between any two."""
    times = []
    for number in range(ROUNDS):
        person = people[number % len(people)]
        started = perf_counter()
        answer = send(found, RequestWork(project=project), person)
        times.append(perf_counter() - started)
        send(found, SubmitAnnotation(task=answer.value["task"], result=answer_of("yes")), person)
    return percentile(times, 0.5) * 1e6, percentile(times, 0.99) * 1e6


def main() -> None:
    many = int(sys.argv[2]) if len(sys.argv) > 2 else MANY
    done = min(DONE, many // 2)
    with installation() as found:
        small, few_people = project_with(found, FEW, 40, overlap=2)
        few = cost(found, small, few_people)
        large, people = project_with(found, many, 40, overlap=2)
        lots = cost(found, large, people)
        first = FEW + many // 4
        requests = [
            Request(SubmitAnnotation(task=task, result=answer_of("yes")), uuid4(), people[0])
            for task in range(first, first + done)
        ]
        run_all(found, requests, in_flight=256)
        veteran = cost(found, large, people[:1])
        memory = resident_megabytes()
    show(
        "next, in process, one at a time (each includes a durable commit)",
        "python -m benchmarks next_task",
        [
            Figure(f"{FEW:,} tasks, median", few[0], "microseconds", "", f"p99 {few[1]:,.0f}"),
            Figure(f"{many:,} tasks, median", lots[0], "microseconds", "+-30 %", f"p99 {lots[1]:,.0f}"),
            Figure(f"after {done:,} of them, median", veteran[0], "microseconds", "+-30 %", f"p99 {veteran[1]:,.0f}"),
            Figure("memory of the process afterwards", memory, "MiB", "< 400"),
        ],
    )
