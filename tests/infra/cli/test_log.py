"""`annolog log show`: one line an event, and new ones as another process writes them."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.infra.cli.terminal import annolog, finished, started


def shown(*arguments: object, **place: str) -> list[dict[str, Any]]:
    result = annolog("log", "show", *arguments, "--json", **place)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_event_is_shown_once_in_order(worked: Path) -> None:
    events = shown("--data-dir", worked)
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    assert len(events) > 100


def test_a_line_for_people_says_when_what_where_and_who(worked: Path) -> None:
    result = annolog("log", "show", "--data-dir", worked, "--type", "AnnotationSubmitted", "--limit", 1)
    (line,) = result.stdout.splitlines()
    position, day, kind, stream, person, by, system = line.split()[:7]
    assert (kind, by, system, day[:2]) == ("AnnotationSubmitted", "by", "0", "20")
    assert (position.isdigit(), person.isdigit(), stream.startswith("task-")) == (True, True, True)


def test_events_are_chosen_by_position_project_stream_type_and_number(worked: Path) -> None:
    def chosen(*arguments: object) -> list[tuple[int, str, str]]:
        return [(e["position"], e["stream"], e["type"]) for e in shown(*arguments, "--data-dir", worked)]

    everything = chosen()
    assert chosen("--after", 10, "--limit", 5) == everything[10:15]
    assert chosen("--stream", "task-7") == [event for event in everything if event[1] == "task-7"]
    assert chosen("--type", "SlotAdded") == [event for event in everything if event[2] == "SlotAdded"] != []
    assert chosen("--project", 1)[0][2] == "ProjectCreated"
    assert chosen("--project", 2) == []


def test_a_server_shows_the_same_events_as_its_folder(worked: Path, served: dict[str, str]) -> None:
    told = shown(**served)
    # That the server's token was used may be noted right after it told.
    assert shown("--data-dir", worked)[: len(told)] == told
    assert len(told) > 100
    assert shown("--project", 1, "--limit", 3, **served) == shown("--project", 1, "--limit", 3, "--data-dir", worked)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_following_prints_what_another_process_writes_until_it_is_told_to_stop(
    worked: Path, end: signal.Signals
) -> None:
    head = len(shown("--data-dir", worked))
    with started("log", "show", "--follow", "--json", "--after", head - 1, "--data-dir", worked) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["position"] == head
        assert finished("project", "create", "--title", "from elsewhere", "--data-dir", worked)[0] == 0
        event = json.loads(process.stdout.readline())
        assert (event["position"], event["data"]["title"]) == (head + 1, "from elsewhere")
        process.send_signal(end)
        _, errors = process.communicate(timeout=20)
    if end is signal.SIGINT:
        assert process.returncode == 130
        assert "--after " in errors
    else:
        assert process.returncode == 143
    assert "Traceback" not in errors


def test_a_reader_that_goes_away_is_no_trouble(worked: Path) -> None:
    with started("log", "show", "--data-dir", worked) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
