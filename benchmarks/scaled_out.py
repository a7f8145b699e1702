"""PostgreSQL and Kafka, both on this machine, and processes beside them. Name parts to measure only those."""

from __future__ import annotations

import sys

from benchmarks.measures import show
from benchmarks.scaled import latency, reading, writing
from benchmarks.scaled.ground import Ground, servers

MILLION = 1_000_000
COMMAND = "python -m benchmarks scaled_out"


def main() -> None:
    wanted = sys.argv[2:] or ["writing", "reading", "latency", "rebuild"]
    with servers() as found:
        for part in wanted:
            ground = Ground(*found)
            match part:
                case "writing":
                    show("Writing, durable PostgreSQL", f"{COMMAND} writing", writing.measured(ground))
                case "reading":
                    show("Reading, through Kafka", f"{COMMAND} reading", reading.relay_and_projectors(ground))
                case "latency":
                    show("From acknowledged to visible", f"{COMMAND} latency", latency.measured(ground))
                case "rebuild":
                    show("Building read models anew", f"{COMMAND} rebuild", reading.rebuilding(ground, MILLION))
                case _:
                    raise SystemExit(f"there is no part {part!r}")
