"""`make services`: PostgreSQL and Kafka for a developer, until Ctrl-C."""

from __future__ import annotations

import signal
from contextlib import ExitStack

from tools.services.kafka import Kafka
from tools.services.postgresql import PostgreSQL


def main() -> None:
    """Start both, say how to use them, wait."""
    with ExitStack() as stack:
        postgresql, kafka = PostgreSQL(), Kafka()
        for server in (postgresql, kafka):
            stack.callback(server.remove)
            server.start()
        print("PostgreSQL and Kafka run until Ctrl-C; what they hold is thrown away then.\n")
        print(f"export ANNOLOG_LOG_URL={postgresql.create('annolog_log')}")
        print(f"export ANNOLOG_READ_URL={postgresql.create('annolog_read')}")
        print(f"export ANNOLOG_KAFKA_BOOTSTRAP={kafka.bootstrap}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
