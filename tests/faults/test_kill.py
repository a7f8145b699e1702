"""A process under load is killed at any moment: what it acknowledged is there, once, and everything still adds up."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import sleep
from uuid import UUID

import pytest

from annolog.infra.composition import ALL_PROJECTORS, Installation, scratch_engine
from annolog.infra.settings import InstallationSettings

KILLS = 20
ROOT = Path(__file__).parents[2]


def live_and_die(folder: Path, acknowledged: Path, life: int, seconds: float) -> None:
    """Run the worker, and kill it this long after it began to work."""
    command = [sys.executable, str(ROOT / "tests/faults/worker.py"), str(folder), str(acknowledged), str(life)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        sleep(seconds)
        assert worker.poll() is None
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_what_was_acknowledged_survives_twenty_kills_and_is_there_once(tmp_path: Path) -> None:
    folder, acknowledged = tmp_path / "data", tmp_path / "acknowledged"
    moments = random.Random(20261124)
    for life in range(KILLS):
        live_and_die(folder, acknowledged, life, moments.uniform(0.05, 0.6))
    answers = {}
    for line in acknowledged.read_text().splitlines():
        if line.startswith("< "):
            _, id, position, answer = line.split(" ", 3)
            answers[UUID(id)] = (int(position), json.loads(answer))
    assert len(answers) > 20 * KILLS

    with Installation(InstallationSettings(data_dir=folder)) as installation:
        installation.settle()
        log, position = [], 0
        while batch := installation.log.after(position, 5_000):
            log += batch
            position = batch[-1].position
        assert [recorded.position for recorded in log] == list(range(1, len(log) + 1))
        assert len({recorded.id for recorded in log}) == len(log)

        versions: dict[str, list[int]] = {}
        for recorded in log:
            versions.setdefault(recorded.stream, []).append(recorded.version)
        assert all(found == list(range(1, len(found) + 1)) for found in versions.values())

        with installation.log.transaction() as transaction:
            remembered = transaction.remembered(list(answers)[:30_000])
        by_command = Counter(recorded.command_id for recorded in log)
        for id, (at, answer) in answers.items():
            assert remembered[id].position == at
            assert json.loads(json.dumps(dict(remembered[id].answer))) == answer
            if "annotation" in answer and "lane" not in answer:
                assert by_command[id] >= 1

        submitted = [recorded.event for recorded in log if recorded.type == "AnnotationSubmitted"]
        assert len({event.annotation for event in submitted}) == len(submitted)
        assert len({(event.task, event.annotator) for event in submitted}) == len(submitted)
        for stream in versions:
            if stream.startswith("task-"):
                task = installation.states.task(int(stream.removeprefix("task-")))
                assert len(task.answered()) <= task.slots <= 3

        scratch = scratch_engine(tmp_path)
        for projector in ALL_PROJECTORS:
            assert installation.verify(projector, scratch) == []
        scratch.dispose()
