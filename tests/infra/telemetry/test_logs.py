"""Log lines: whole, one per record, and never a way in."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from annolog.infra.telemetry.logs import CHATTY, configure_logging, correlated
from annolog.infra.telemetry.masking import LONGEST_TEXT, masked_text, presentable

logger = logging.getLogger("annolog.somewhere")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    chatty = {name: logging.getLogger(name).level for name in CHATTY}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in chatty.items():
        logging.getLogger(name).setLevel(before)


class Lines:
    """What was written to standard error since the last look."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def texts(self) -> list[str]:
        return self._capsys.readouterr().err.splitlines()

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.texts()]

    def one(self) -> dict[str, Any]:
        (line,) = self.all()
        return line


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    configure_logging("json", "info", "relay")
    return Lines(capsys)


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


def test_a_record_is_one_json_object_with_everything_it_was_given(lines: Lines) -> None:
    logger.warning("batch %s", "failed", extra={"commands": 3, "cause": "disk full\nreally"})
    line = lines.one()
    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("time")) < timedelta(minutes=1)
    assert line == {
        "level": "warning",
        "logger": "annolog.somewhere",
        "event": "batch failed",
        "process": "relay",
        "commands": 3,
        "cause": "disk full\nreally",
    }


@pytest.mark.parametrize("name", ["uvicorn.error", "alembic.runtime", "sqlalchemy.pool"])
def test_other_peoples_loggers_write_the_same_lines(lines: Lines, name: str) -> None:
    logging.getLogger(name).error("lost %d of %d", 1, 2)
    line = lines.one()
    assert (line["logger"], line["event"], line["process"]) == (name, "lost 1 of 2", "relay")


def test_an_exception_is_text_in_its_line_without_local_variables(lines: Lines) -> None:
    hidden = "a local variable"
    try:
        raise ValueError(f"bad{hidden[:0]}")
    except ValueError as trouble:
        logger.error("projections stopped", extra={"position": 7}, exc_info=trouble)
    line = lines.one()
    assert line["exception"].startswith("Traceback (most recent call last):")
    assert line["exception"].endswith("ValueError: bad")
    assert "a local variable" not in line["exception"]
    assert line["position"] == 7


def test_the_level_decides_what_is_written(lines: Lines) -> None:
    logger.debug("too quiet")
    logging.getLogger("httpx").info("HTTP Request: POST https://example.org")
    assert lines.all() == []
    configure_logging("json", "DEBUG", "relay")
    logger.debug("now heard")
    assert lines.one()["event"] == "now heard"


def test_an_unknown_level_is_an_error_and_an_unknown_format_no_silence() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("json", "loud", "api")


def test_configuring_again_replaces_what_was_there(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().addHandler(logging.StreamHandler())  # as logging.basicConfig leaves it
    configure_logging("console", "info", "first")
    configure_logging("json", "info", "second")
    configure_logging("json", "info", "second")
    logger.info("once")
    assert Lines(capsys).one()["process"] == "second"


# ── correlation ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bound_correlation_id_is_on_every_line_until_it_ends(lines: Lines) -> None:
    outer, inner = uuid4(), uuid4()
    with correlated(outer):
        logger.info("one")
        with correlated(inner):
            logger.info("two")
        logger.info("three")
    logger.info("four")
    found = [line.get("correlation_id") for line in lines.all()]
    assert found == [str(outer), str(inner), str(outer), None]


def test_a_correlation_id_stays_on_its_thread_and_can_be_named_on_another(lines: Lines) -> None:
    def on_another_thread() -> None:
        logger.info("unbound")
        logger.info("named", extra={"correlation_id": UUID(int=5)})

    with correlated(uuid4()), ThreadPoolExecutor(1) as pool:
        pool.submit(on_another_thread).result()
    unbound, named = lines.all()
    assert "correlation_id" not in unbound
    assert named["correlation_id"] == str(UUID(int=5))


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Colour.RED, "red"),
        (UUID(int=1), str(UUID(int=1))),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02 00:00:00+00:00"),
        (2**64, str(2**64)),
        (-(2**70), str(-(2**70))),
        (float("nan"), None),
        ({1: {"a"}, None: (1, 2)}, {"1": ["a"], "None": [1, 2]}),
        (b"\xffabc", "\\xffabc"),
        ("half a pair: \ud800", "half a pair: \\ud800"),
        ({"\ud800": 1}, {"\\ud800": 1}),
        (SecretStr("hidden"), "**********"),
        (ValueError("bad"), "ValueError('bad')"),
        (Unspeakable(), "<Unspeakable that cannot be shown: RuntimeError>"),
        ({Unspeakable(): 1}, {"<Unspeakable that cannot be shown: RuntimeError>": 1}),
    ],
)
def test_a_value_that_json_cannot_hold_is_shown_all_the_same(lines: Lines, value: object, shown: object) -> None:
    logger.info("value", extra={"value": value})
    assert lines.one()["value"] == shown


def test_what_contains_itself_ends_somewhere(lines: Lines) -> None:
    endless: list[object] = []
    endless.append({"endless": endless})
    logger.info("value", extra={"value": endless})
    assert "…" in json.dumps(lines.one(), ensure_ascii=False)


def test_words_that_do_not_fit_their_arguments_still_give_a_line(lines: Lines) -> None:
    # Straight to the handler: the one that pytest adds fails the test for such a record.
    (ours,) = [handler for handler in logging.getLogger().handlers if type(handler).__name__ == "_Lines"]
    for words, argument in (("%d tasks", "many"), ("%s", Unspeakable())):
        ours.handle(logger.makeRecord(logger.name, logging.INFO, "here", 1, words, (argument,), None))
    first, second = lines.all()
    assert first["event"] == "%d tasks ['many']"
    assert "cannot be shown" in second["event"]


def test_a_field_named_like_one_of_ours_does_not_take_its_place(lines: Lines) -> None:
    logger.info("appended", extra={"event": "TaskAdded", "level": 5, "time": 6})
    line = lines.one()
    assert (line["event"], line["event_"], line["level"], line["level_"]) == ("appended", "TaskAdded", "info", 5)


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fields",
    [
        {"token": "hunter2"},
        {"bootstrap_token": "hunter2"},
        {"Authorization": "Bearer hunter2"},
        {"sasl_plain_password": b"hunter2"},
        {"client_secret": ["hunter2"]},
        {"X-Api-Key": "hunter2"},
        {"settings": {"kafka": [{"password": "hunter2"}]}},
        {"headers": [(b"x-api-key", b"hunter2"), ("cookie", "hunter2")]},
        {"url": "postgresql+psycopg://annolog:hunter2@db:5432/annolog"},
        {"url": "postgresql://annolog:a@hunter2:b/c@db/annolog"},
        {"url": "redis://:hunter2@cache"},
        {"dsn": "host=db password=hunter2 user=a"},
        {"dsn": "host=db password='hunter2 hunter2' user=a"},
        {"path": "/v1/events?token=hunter2&after=3"},
        {"body": '{"password": "hunter2"}'},
        {"body": "{'api_key': b'it\\'s hunter2'}"},
        {"body": json.dumps({"body": json.dumps({"token": "hunter2"})})},
        {"header": "authorization: Bearer hunter2hunter2"},
    ],
)
def test_a_secret_is_in_no_line(lines: Lines, fields: dict[str, object]) -> None:
    logger.info("settings", extra=fields)
    logger.info("settings %s", fields)
    try:
        raise RuntimeError(str(fields))
    except RuntimeError:
        logger.exception("failed")
    configure_logging("console", "info", "relay")
    logger.info("settings", extra=fields)
    text = "\n".join(lines.texts())
    assert "***" in text
    assert "hunter2" not in text


def test_our_own_tokens_are_known_by_their_look() -> None:
    assert masked_text(f"got annolog_{'aZ9_-' * 9}, why?") == "got annolog_***, why?"


@pytest.mark.parametrize(
    "text",
    [
        "The token is not known.",
        "a token: what a person proves who they are with",
        "http://127.0.0.1:8080/v1/tasks",
        "postgresql://annolog@db/annolog",
        "annolog_commands_total",
        "kafka.errors: someone@example.org",
    ],
)
def test_words_about_secrets_stay_readable(text: str) -> None:
    assert masked_text(text) == text


def test_a_secret_that_is_not_there_is_said_not_to_be_there() -> None:
    assert presentable({"token": None}) == {"token": None}


@pytest.mark.parametrize(
    "piece", ["://a:", "token", "token'", "Bearer ", "a@", "password=", "\\'", "token':'", "token':'\\"]
)
def test_no_text_takes_long_to_look_through(piece: str) -> None:
    began = perf_counter()
    shown = masked_text(piece * 100_000)
    assert perf_counter() - began < 1
    assert len(shown) < LONGEST_TEXT + 100


def test_a_secret_where_a_text_is_cut_is_masked_too() -> None:
    for before in range(LONGEST_TEXT // 2 - 40, LONGEST_TEXT // 2 + 10, 7):
        secret = " postgresql://u:hunter2hunter2@db/x "
        assert "hunt" not in masked_text("x" * before + secret + "y" * 100_000)
        assert "ter2" not in masked_text("x" * 100_000 + secret + "y" * before)


def test_a_long_text_keeps_its_end() -> None:
    assert masked_text("x" * 1_000_000 + "ValueError: bad").endswith("ValueError: bad")


def test_the_console_gets_a_line_for_people(lines: Lines) -> None:
    configure_logging("console", "info", "api")
    with correlated(UUID(int=3)):
        logger.info("ready", extra={"port": 8080})
    (text,) = lines.texts()
    assert "ready" in text
    assert "port=8080" in text
    assert str(UUID(int=3)) in text
