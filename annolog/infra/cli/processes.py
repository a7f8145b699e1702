"""`annolog api`, `relay`, `projector` and `reactor`: one part of a scaled-out installation each.

Any number of each may run, be started in any order and be killed at any time; of relays one is active.
"""

from __future__ import annotations

import signal
from threading import Event
from typing import Annotated

import typer

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import say
from annolog.infra.cli.options import DataDir, settings_of
from annolog.infra.cli.serving import (
    Host,
    Pages,
    Port,
    begin_logging,
    end_well_on_termination,
    must_listen,
    serve_parts,
    where,
)
from annolog.infra.composition import Installation, Part
from annolog.infra.peers import origin_of

WATCH_PORT = 8081
WatchHost = Annotated[str, typer.Option("--host", help="Address for /livez, /readyz and /metrics.")]
WatchPort = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port for /livez, /readyz and /metrics; 0 takes a free one.")
]


def api(host: Host = None, port: Port = None, data_dir: DataDir = None, pages: Pages = False) -> None:
    """Serve the API and nothing else: read models and reactions are fed by other processes."""
    serve_parts(frozenset({Part.API}), "api", host, port, data_dir, pages)


def pages(
    url: Annotated[str, typer.Option("--api", help="Address of the API, as http://127.0.0.1:8080.")],
    host: Host = None,
    port: Port = None,
) -> None:
    """Serve the pages alone, before an API elsewhere; what is no page is passed on to it.

    The API has to trust this process to say who comes: ANNOLOG_TRUSTED_PROXIES names its address there.
    """
    from annolog.infra.http.serve import serve_app
    from annolog.infra.web.alone import create_pages

    settings = settings_of(None)
    begin_logging(settings, "pages")
    end_well_on_termination()
    api = origin_of(url)
    if api is None:
        message = "is an address such as http://127.0.0.1:8080, without a path"
        raise InvalidInput(f"--api {message}", faults=[Fault("--api", message)])
    address, number, own = where(settings, host, port)
    try:
        serve_app(create_pages(api, settings), address, number, lambda: say(f"Annolog's pages at {own}, of {api}"))
    except OSError as taken:
        must_listen(own, taken)


def relay(host: WatchHost = "127.0.0.1", port: WatchPort = WATCH_PORT, data_dir: DataDir = None) -> None:
    """Publish the log to Kafka. One relay is active, others stand by."""
    if settings_of(data_dir).kafka_bootstrap is None:
        message = "a relay needs a Kafka to publish to; without one, read models follow the log itself"
        raise InvalidInput(message, faults=[Fault("ANNOLOG_KAFKA_BOOTSTRAP", message)])
    _work(Part.RELAY, host, port, data_dir)


def projector(host: WatchHost = "127.0.0.1", port: WatchPort = WATCH_PORT, data_dir: DataDir = None) -> None:
    """Keep read models up with the log, sharing the work with other projectors."""
    _work(Part.PROJECTOR, host, port, data_dir)


def reactor(host: WatchHost = "127.0.0.1", port: WatchPort = WATCH_PORT, data_dir: DataDir = None) -> None:
    """React to events: additional people where there is little agreement, pauses, reservations that ran out."""
    _work(Part.REACTOR, host, port, data_dir)


def _work(part: Part, host: str, port: int, data_dir: DataDir) -> None:
    from annolog.infra.http.serve import running_watch

    settings = settings_of(data_dir)
    begin_logging(settings, part.value)
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with Installation(settings, parts={part}) as installation, running_watch(installation, host, port) as url:
        say(f"Annolog {part.value} at work; {url}/readyz and {url}/metrics tell how it is")
        stopping.wait()
        say(f"Annolog {part.value} finishes what is at hand")
