"""A process under load is killed at any moment: what it acknowledged is there, once, and everything still adds up."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

import pytest

from annolog.domain.recorded import Recorded
from annolog.infra.composition import Installation, scratch_engine
from annolog.infra.read_models import ALL_PROJECTORS
from annolog.infra.settings import InstallationSettings
from tests.faults.chance import chance
from tests.faults.worker import deliver_again, lines_of, unanswered

KILLS = 20
ROOT = Path(__file__).parents[2]
# Which event a command is told the id of, and by what name.
TOLD = {
    "RequestWork": ("TaskReserved", "lease"),
    "SubmitAnnotation": ("AnnotationSubmitted", "annotation"),
    "ReviewAnnotation": ("AnnotationReviewed", "review"),
    "AddComment": ("CommentAdded", "comment"),
    "SkipTask": ("AnnotationSkipped", "task"),
}


def live_and_die(folder: Path, journal: Path, life: int, moments: random.Random) -> None:
    """Run the worker and kill it: most lives end at work, every fifth while it still comes to itself."""
    command = [sys.executable, str(ROOT / "tests/faults/worker.py"), str(folder), str(journal), str(life)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert worker.stdout is not None
        if life % 5 != 4:
            assert worker.stdout.readline() == "ready\n"
        sleep(moments.uniform(0.05, 0.6))
        assert worker.poll() is None
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()


@dataclass(frozen=True)
class Told:
    """An acknowledged command: what was sent, and the answer."""

    client: str
    kind: str
    command: Mapping[str, Any]
    position: int
    answer: Mapping[str, Any]
    repeated: bool


def acknowledged(journal: Path) -> dict[UUID, Told]:
    lines = list(lines_of(journal))
    sent = {line["id"]: line for line in lines if line["what"] == "sent"}
    return {
        UUID(line["id"]): Told(
            line["client"],
            sent[line["id"]]["kind"],
            sent[line["id"]]["command"],
            line["position"],
            line["answer"],
            line["repeated"],
        )
        for line in lines
        if line["what"] == "answered"
    }


def whole_log(installation: Installation) -> list[Recorded]:
    log: list[Recorded] = []
    while batch := installation.log.after(len(log), 5_000):
        log += batch
    return log


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_what_was_acknowledged_survives_twenty_kills_and_is_there_once(tmp_path: Path) -> None:
    folder, journal = tmp_path / "data", tmp_path / "journal"
    moments = chance()
    for life in range(KILLS):
        live_and_die(folder, journal, life, moments)
    with Installation(InstallationSettings(data_dir=folder)) as installation:
        deliver_again(installation, journal)
        installation.settle()
        assert unanswered(journal) == []
        told = acknowledged(journal)
        assert len(told) > 20 * KILLS
        assert any(one.repeated for one in told.values())
        log = whole_log(installation)
        nothing_is_missing_or_there_twice(log)
        every_answer_is_remembered(installation, told)
        every_answer_tells_what_was_recorded(log, told)
        nothing_is_recorded_of_what_was_refused(log, journal)
        nobody_went_back_in_time(told)
        no_task_is_over_its_slots(installation, log)
        for projector in ALL_PROJECTORS:
            scratch = scratch_engine(tmp_path)
            assert installation.verify(projector, scratch) == []
            scratch.dispose()


def nothing_is_missing_or_there_twice(log: Sequence[Recorded]) -> None:
    assert [recorded.position for recorded in log] == list(range(1, len(log) + 1))
    assert len({recorded.id for recorded in log}) == len(log)
    versions: dict[str, list[int]] = defaultdict(list)
    for recorded in log:
        versions[recorded.stream].append(recorded.version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


def every_answer_is_remembered(installation: Installation, told: Mapping[UUID, Told]) -> None:
    with installation.log.transaction() as transaction:
        for id, one in told.items():
            remembered = transaction.remembered([id])[id]
            assert remembered.position == one.position
            assert json.loads(json.dumps(dict(remembered.answer))) == one.answer


def every_answer_tells_what_was_recorded(log: Sequence[Recorded], told: Mapping[UUID, Told]) -> None:
    by_command: dict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in log:
        by_command[recorded.command_id].append(recorded)
    for id, one in told.items():
        events = by_command[id]
        if one.kind == "RequestWork" and one.answer["lane"] in ("held", "returned"):
            assert events == []
            continue
        # All of it, in one piece, and nothing beyond what was acknowledged.
        assert [recorded.position for recorded in events] == list(
            range(one.position - len(events) + 1, one.position + 1)
        )
        if one.kind == "ImportTasks":
            tasks = [recorded.event.task for recorded in events if recorded.type == "TaskImported"]
            first = one.answer["first_task"]
            assert tasks == list(range(first, first + len(one.command["tasks"])))
        else:
            type_name, name = TOLD[one.kind]
            [event] = [recorded.event for recorded in events if recorded.type == type_name]
            assert getattr(event, name) == one.answer[name]
            assert event.task == one.answer["task"]


def nothing_is_recorded_of_what_was_refused(log: Sequence[Recorded], journal: Path) -> None:
    refused = {UUID(line["id"]) for line in lines_of(journal) if line["what"] == "refused"}
    assert refused.isdisjoint(recorded.command_id for recorded in log)


def nobody_went_back_in_time(told: Mapping[UUID, Told]) -> None:
    """A client sends one command at a time, so each of its answers is from a later log than the one before."""
    latest: dict[str, int] = defaultdict(int)
    for one in told.values():
        if not one.repeated:
            assert one.position >= latest[one.client]
            latest[one.client] = one.position


def no_task_is_over_its_slots(installation: Installation, log: Sequence[Recorded]) -> None:
    submitted = [recorded.event for recorded in log if recorded.type == "AnnotationSubmitted"]
    assert len({event.annotation for event in submitted}) == len(submitted)
    assert len({(event.task, event.annotator) for event in submitted}) == len(submitted)
    for stream in {recorded.stream for recorded in log if recorded.stream.startswith("task-")}:
        task = installation.states.task(int(stream.removeprefix("task-")))
        assert len(task.answered()) <= task.slots <= 3
        assert len({*task.answered(), *task.leases}) <= task.slots
