"""Whoever is killed between sending and noting repeats, and never skips; whoever starts goes on where it was."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from annolog.commands.subscribing import RegisterWebhook, ResendWebhook
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from annolog.infra.webhooks.deliveries import standings
from annolog.infra.webhooks.running import WebhookDelivery
from tests.infra.cli.terminal import started
from tests.receiver import SECRET, Receiver, Request, receiving
from tests.world import Backend, MovableClock, World, settings_in

ALLOWED = {"ANNOLOG_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true", "ANNOLOG_WEBHOOK_RETRY_SECONDS": "0.05"}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[InstallationSettings]:
    with settings_in(tmp_path) as found:
        yield found


@contextmanager
def world_of(settings: InstallationSettings, **more: Any) -> Iterator[World]:
    clock = MovableClock()
    with Installation(settings, clock=clock, **more) as installation:
        world = World(installation, clock)
        world.project = 1
        yield world


def lived(settings: InstallationSettings, receiver: Receiver, works: int = 8) -> list[int]:
    """A webhook and some work, with nobody who delivers; the positions that are to arrive."""
    with world_of(settings, parts=NOTHING) as world:
        world.set_up(tasks=works)
        command = RegisterWebhook(
            project=1, url=receiver.url, event_types=["AnnotationSubmitted"], secret=SecretStr(SECRET)
        )
        world.run(command)
        for _ in range(works):
            world.work("ann")
        return [one.position for one in world.installation.log.after(0, 10_000) if one.type == "AnnotationSubmitted"]


@pytest.mark.fault
def test_killed_between_sending_and_noting_it_repeats_and_never_skips(
    settings: InstallationSettings, tmp_path: Path
) -> None:
    with receiving() as receiver:
        expected = lived(settings, receiver)
        for deadly in (2, 5):
            with started("serve", "--port", "0", "--data-dir", tmp_path, **ALLOWED) as process:

                def kill(request: Request, place: int = deadly, pid: int = process.pid) -> int:
                    if request.sequence == expected[place]:
                        os.kill(pid, signal.SIGKILL)
                    return 200

                receiver.answer = kill
                assert process.wait(60) == -signal.SIGKILL
        receiver.answer = lambda _: 200
        with world_of(settings):
            receiver.wait_for(lambda: expected[-1] in receiver.sequences)
        arrived = receiver.sequences
    assert list(dict.fromkeys(arrived)) == expected
    assert all(arrived.count(expected[place]) >= 2 for place in (2, 5))
    # What comes after something is never there before it, and after a repetition everything after it comes again.
    assert all(
        later <= earlier or later == expected[expected.index(earlier) + 1] for earlier, later in pairwise(arrived)
    )


def test_a_restart_goes_on_where_it_was(settings: InstallationSettings) -> None:
    with receiving() as receiver:
        expected = lived(settings, receiver)
        with world_of(settings):
            receiver.wait_for(lambda: len(receiver.taken) == len(expected))
        with world_of(settings) as world:
            with world.installation.read_engine.connect() as connection:
                [standing] = standings(connection, 1)
            assert (standing.delivered, standing.attempts) == (len(expected), 0)
            world.join("late")
            world.bring_in(1)
            world.work("late")
            receiver.wait_for(lambda: len(receiver.taken) == len(expected) + 1)
        assert receiver.sequences[:-1] == expected


def test_a_failing_receiver_keeps_its_place_and_its_wait_over_a_restart(settings: InstallationSettings) -> None:
    with receiving() as receiver:
        expected = lived(settings, receiver)
        receiver.answer = lambda request: 500 if request.sequence == expected[3] else 200
        with world_of(settings):
            receiver.wait_for(lambda: len(receiver.requests) > 5)
        with world_of(settings, parts=NOTHING) as world, world.installation.read_engine.connect() as connection:
            [standing] = standings(connection, 1)
        assert expected[2] <= standing.position < expected[3]
        assert (standing.delivered, standing.last_status) == (3, 500)
        assert standing.attempts >= 2
        receiver.answer = lambda _: 200
        with world_of(settings):
            receiver.wait_for(lambda: len(receiver.taken) == len(expected))
        assert receiver.sequences == expected


def test_losing_the_read_models_repeats_and_never_skips(settings: InstallationSettings) -> None:
    with receiving() as receiver:
        expected = lived(settings, receiver)
        with world_of(settings) as world:
            receiver.wait_for(lambda: len(receiver.taken) == len(expected))
            world.run(ResendWebhook(project=1, webhook=1, after=expected[5]))
            receiver.wait_for(lambda: len(receiver.taken) == len(expected) + 2)
        with world_of(settings, parts=NOTHING) as world, world.installation.read_writer.begin() as connection:
            connection.execute(text("DELETE FROM webhook_delivery"))
            connection.execute(text("DELETE FROM bookmark WHERE reader = 'webhooks'"))
        receiver.taken.clear()
        with world_of(settings):
            receiver.wait_for(lambda: len(receiver.taken) == len(expected))
        assert receiver.sequences == expected


def test_a_stop_does_not_wait_for_a_receiver_that_hangs(settings: InstallationSettings) -> None:
    with receiving() as receiver:
        receiver.hanging = True
        expected = lived(settings, receiver, 1)
        with world_of(settings):
            receiver.wait_for(lambda: len(receiver.requests) == 1)
        receiver.hanging = False
        receiver.released.set()
        with world_of(settings):
            receiver.wait_for(lambda: len(receiver.requests) == 2)
        assert set(receiver.sequences) == set(expected)


def delivery_of(installation: Installation) -> WebhookDelivery:
    [found] = [one for one in installation._senders if isinstance(one, WebhookDelivery)]
    return found


@pytest.mark.services
def test_of_two_processes_one_delivers_and_the_other_takes_over(tmp_path: Path) -> None:
    with settings_in(tmp_path, Backend.POSTGRESQL) as settings, receiving() as receiver:
        expected = lived(settings, receiver)
        with Installation(settings) as one, Installation(settings) as other:
            receiver.wait_for(lambda: len(receiver.taken) == len(expected))
            assert [delivery_of(one).leads, delivery_of(other).leads].count(True) == 1
            leader, standby = (one, other) if delivery_of(one).leads else (other, one)
            delivery_of(leader).stop()
            world = World(standby, MovableClock())
            world.project = 1
            world.join("late")
            world.bring_in(1)
            world.work("late")
            receiver.wait_for(lambda: len(receiver.taken) == len(expected) + 1)
            assert delivery_of(standby).leads
        assert receiver.sequences[:-1] == expected
