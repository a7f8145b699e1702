"""Log lines: one JSON object each, or one readable line, for every record of this process, whoever wrote it.

Everybody logs with `logging.getLogger(__name__)` and `extra={…}`; only this module knows how that is written down.
"""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import format_exc_info
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict

from annolog.infra.telemetry.masking import presentable

LogFormat = Literal["json", "console"]

# What every record has; anything beyond came with `extra`. The last one is uvicorn's message in colours.
OF_EVERY_RECORD = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName", "color_message"})
OURS = frozenset({"time", "level", "logger", "event", "process", "correlation_id", "exception", "exc_info", "_record"})

# These tell of every request they make at INFO, with its whole address.
CHATTY = ("httpx", "httpcore")
# Tells at length, by request, that a broker is gone; whoever uses it tells it once.
UNHEARD = ("kafka",)


def configure_logging(format: LogFormat, level: str, process: str) -> None:
    """Write every record from `level` on to standard error, one line each, marked with the name of this part.

    Doing it again replaces what was configured before. An unknown level raises `ValueError`.
    """
    handler = _Lines()
    handler.setFormatter(_Formatter(format, process, colours=sys.stderr.isatty()))
    root = logging.getLogger()
    root.setLevel(level.upper())
    for present in list(root.handlers):
        # Ours from before, and what `logging.basicConfig` leaves: either would say everything twice.
        if type(present) in (_Lines, logging.StreamHandler):
            root.removeHandler(present)
    root.addHandler(handler)
    for name in UNHEARD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))


def correlated(correlation_id: UUID) -> AbstractContextManager[None]:
    """Every line logged inside, on this thread or task, carries the id that joins what belongs to one request."""
    return bound_contextvars(correlation_id=correlation_id)


class _Lines(logging.Handler):
    """Writes to what is standard error at that moment: a progress bar puts itself in its place for a while."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of a record."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001 - whoever logs has something better to do than to fail for it
            self.handleError(record)


class _Formatter(ProcessorFormatter):
    """From a record to a line. A record that cannot be put into words still gives one."""

    def __init__(self, format: LogFormat, process: str, *, colours: bool) -> None:
        self._process = process
        super().__init__(
            # Masked before anything is rendered, and after everything was gathered.
            foreign_pre_chain=[self._described, merge_contextvars, format_exc_info, self._with_extras],
            processors=[ProcessorFormatter.remove_processors_meta, _presentable, _renderer(format, colours=colours)],
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        try:
            record.getMessage()
        except Exception:  # noqa: BLE001 - the words and the arguments do not fit; both are worth a line
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = f"{presentable(record.msg)} {presentable(record.args)}", ()
        return super().format(record)

    def _described(self, _: Any, __: str, line: EventDict) -> EventDict:
        record: logging.LogRecord = line["_record"]
        return {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **line,
            "process": self._process,
        }

    def _with_extras(self, _: Any, __: str, line: EventDict) -> EventDict:
        """The fields of `extra`. One that bears the name of a field of ours does not take its place."""
        for name, value in line["_record"].__dict__.items():
            if name == "correlation_id":
                # Whoever names it knows better than the context, which ends where another thread begins.
                line[name] = value
            elif name not in OF_EVERY_RECORD:
                line[f"{name}_" if name in OURS else name] = value
        return line


def _presentable(_: Any, __: str, line: EventDict) -> EventDict:
    shown = presentable(line)
    assert isinstance(shown, dict)
    return shown


def _renderer(format: LogFormat, *, colours: bool) -> Any:
    if format == "json":
        return lambda _, __, line: orjson.dumps(line).decode()
    # Exceptions are text by now. structlog's own rendering would print local variables with them.
    return ConsoleRenderer(colors=colours, timestamp_key="time", exception_formatter=plain_traceback)
