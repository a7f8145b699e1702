"""Members of a group fold every event once, whatever Kafka repeats, loses, or hands to somebody else."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

import pytest

from annolog.domain.refusals import InvalidInput
from annolog.infra.backbone.topic import Topic
from annolog.infra.composition import NOTHING, Installation, Part
from annolog.infra.read_models import PROJECTORS
from annolog.infra.settings import InstallationSettings
from tests.infra.backbone.conftest import Open, is_proven
from tests.infra.backbone.records import label, rows_of, send
from tools.services.ground import free_port

pytestmark = [pytest.mark.services, pytest.mark.fault]


def counted(installation: Installation, metric: str) -> float:
    text = installation.observer.metrics.rendered()[0].decode()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(metric))


def healed(installation: Installation) -> float:
    return counted(installation, "annolog_gaps_healed_total")


def test_what_kafka_lost_is_filled_from_the_log(opened: Open, settings: InstallationSettings, tmp_path: Path) -> None:
    quiet = opened(Part.API)
    for _ in range(3):
        label(quiet)
    rows = rows_of(quiet)
    topic = Topic.of(settings)
    topic.ensure()
    third = len(rows) // 3
    send(topic, rows, leave_out=[*range(1, 9), *range(third, third + 20)])
    projecting = opened(Part.PROJECTOR)
    opened(Part.RELAY)
    quiet.wait_for(quiet.log.head(), 30)
    assert healed(projecting) >= 2
    assert is_proven(quiet, tmp_path)


def test_what_kafka_lost_is_filled_also_where_one_read_model_is_ahead_of_the_others(
    opened: Open, settings: InstallationSettings, tmp_path: Path
) -> None:
    """The first of them was built anew meanwhile: what is missing begins where the others stand."""
    quiet = opened(Part.API)
    relay, projecting = opened(Part.RELAY), opened(Part.PROJECTOR)
    label(quiet, 4)
    quiet.wait_for(quiet.log.head(), 30)
    relay.close()
    projecting.close()
    for _ in range(3):
        label(quiet, 4)
    ahead = quiet.renewed(PROJECTORS[:1])
    for _ in range(3):
        label(quiet, 4)
    send(Topic.of(settings), rows_of(quiet), leave_out=range(1, ahead + 40))
    again = opened(Part.PROJECTOR)
    opened(Part.RELAY)
    quiet.wait_for(quiet.log.head(), 30)
    assert healed(again) >= 1
    assert is_proven(quiet, tmp_path)


def test_records_of_somebody_else_are_counted_and_left_out(
    opened: Open, settings: InstallationSettings, tmp_path: Path
) -> None:
    quiet = opened(Part.API)
    first, projecting = opened(Part.RELAY), opened(Part.PROJECTOR)
    opened(Part.REACTOR)
    label(quiet)
    quiet.settle(30)
    foreign: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
        (b"hello", []),
        (None, []),
        (b"{}", [("ce_type", b"com.example.order.placed"), ("ce_sequence", b"7"), ("ce_previous", b"0")]),
        (b"{}", [("ce_type", b"io.annolog.annotation.submitted.v1"), ("ce_sequence", b"x"), ("ce_previous", b"0")]),
        (b"{}", [("ce_type", b"io.annolog.annotation.submitted.v1"), ("ce_sequence", b"9"), ("ce_previous", b"8")]),
    ]
    topic = Topic.of(settings)
    producer = topic.producer()
    for partition in range(topic.partitions):
        for value, headers in foreign:
            producer.send(topic.name, key=b"k", value=value, headers=headers, partition=partition).get(30)
    producer.close()
    label(quiet)
    quiet.settle(30)
    first.close()
    opened(Part.RELAY)
    label(quiet)
    quiet.settle(30)
    assert counted(projecting, "annolog_foreign_records_total") == len(foreign) * topic.partitions
    assert is_proven(quiet, tmp_path)


def test_everything_sent_twice_changes_nothing(opened: Open, settings: InstallationSettings, tmp_path: Path) -> None:
    quiet = opened(Part.API)
    opened(Part.RELAY)
    opened(Part.PROJECTOR)
    opened(Part.REACTOR)
    for _ in range(2):
        label(quiet)
    quiet.settle(30)
    head = quiet.log.head()
    send(Topic.of(settings), rows_of(quiet))
    label(quiet)
    quiet.settle(30)
    assert quiet.log.head() > head
    assert is_proven(quiet, tmp_path)
    streams = [event.stream for event in quiet.log.after(0, 100_000)]
    versions = [(event.stream, event.version) for event in quiet.log.after(0, 100_000)]
    assert len(set(versions)) == len(streams)


def test_members_that_come_and_go_while_events_flow_fold_each_of_them_once(opened: Open, tmp_path: Path) -> None:
    quiet = opened(Part.API)
    opened(Part.RELAY)
    first = opened(Part.PROJECTOR)
    label(quiet)
    second = opened(Part.PROJECTOR)
    label(quiet)
    first.close()
    label(quiet)
    third = opened(Part.PROJECTOR)
    label(quiet)
    second.close()
    label(quiet)
    quiet.wait_for(quiet.log.head(), 30)
    assert is_proven(quiet, tmp_path)
    third.close()


def test_a_reader_that_believes_it_still_owns_a_partition_is_fenced_by_the_bookmark(
    opened: Open, settings: InstallationSettings, tmp_path: Path
) -> None:
    """Two groups are given all partitions at once: the worst that a member taken for dead could do."""
    from annolog.infra.backbone.projecting import KafkaProjector

    class Zombie(KafkaProjector):
        """Belongs to a group of its own, so that Kafka gives it everything."""

        def start(self) -> None:
            self._group = f"{self._topic.name}.zombies"
            super().start()

    quiet = opened(Part.API)
    opened(Part.RELAY)
    opened(Part.PROJECTOR)
    zombie = Zombie(Topic.of(settings), quiet.log, quiet.read_writer, PROJECTORS, settings.parking, quiet.observer)
    zombie.start()
    for _ in range(3):
        label(quiet)
        sleep(0.1)
    quiet.wait_for(quiet.log.head(), 30)
    zombie.stop()
    assert is_proven(quiet, tmp_path)


def test_an_installation_moves_from_kafka_to_the_log_itself_and_back(
    settings: InstallationSettings, tmp_path: Path
) -> None:
    """Read models that stand at different positions in their partitions are built anew; nothing is folded twice."""
    without = settings.model_copy(update={"kafka_bootstrap": None})
    for now in (settings, without, settings):
        with Installation(now) as installation:
            for _ in range(2):
                label(installation, 5)
            installation.settle(40)
            assert is_proven(installation, tmp_path)


def test_whoever_only_looks_must_say_that_kafka_feeds_the_read_models(settings: InstallationSettings) -> None:
    with Installation(settings) as installation:
        installation.settle(40)
    with pytest.raises(InvalidInput, match="ANNOLOG_KAFKA_BOOTSTRAP"):
        Installation(settings.model_copy(update={"kafka_bootstrap": None}), parts=NOTHING)


def test_without_a_broker_a_member_says_so_and_stops_when_told_to(settings: InstallationSettings) -> None:
    nowhere = settings.model_copy(update={"kafka_bootstrap": f"127.0.0.1:{free_port()}"})
    begun = monotonic()
    with Installation(nowhere, parts={Part.PROJECTOR, Part.RELAY}) as installation:
        while installation.trouble is None:
            assert monotonic() - begun < 20
            sleep(0.05)
        stopping = monotonic()
    assert monotonic() - stopping < 15
