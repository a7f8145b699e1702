"""The relay goes on from what Kafka really has, one at a time, and nothing is ever left out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic, sleep

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.refusals import InvalidInput
from annolog.infra.backbone.envelope import Carried, read
from annolog.infra.backbone.relay import RELAY_LOCK, Relay
from annolog.infra.backbone.tails import Tail, tail_of
from annolog.infra.backbone.topic import Topic
from annolog.infra.composition import Installation, Part
from annolog.infra.databases import SERVER_KEEPALIVE_OF_A_LEADER
from annolog.infra.event_log.notices import listening
from annolog.infra.settings import InstallationSettings
from tests.infra.backbone.conftest import Open
from tests.infra.backbone.records import label, records_of, rows_of, send
from tests.infra.cli.terminal import started

TAKEOVER_SECONDS = 5.0


def relay_of(installation: Installation) -> Relay:
    [relay] = [part for part in installation._followers if isinstance(part, Relay)]
    return relay


def until(done: Callable[[], bool], seconds: float = 20.0) -> float:
    begun = monotonic()
    while not done():
        assert monotonic() - begun < seconds
        sleep(0.02)
    return monotonic() - begun


def published(topic: Topic) -> dict[int, list[int]]:
    """Positions of events by partition, as a reader takes them who drops what it has seen, or what comes too early."""
    found: dict[int, list[int]] = {}
    for partition, records in records_of(topic).items():
        mine: list[int] = []
        for record in records:
            one = read(record.headers, record.value)
            if isinstance(one, Carried) and one.previous == max(mine, default=0):
                mine.append(one.position)
        found[partition] = mine
    return found


def complete(topic: Topic, installation: Installation) -> bool:
    positions = sorted(position for mine in published(topic).values() for position in mine)
    return positions == list(range(1, installation.log.head() + 1))


@pytest.mark.services
def test_whichever_relay_leads_after_the_active_one_lost_its_session_leaves_nothing_out(
    opened: Open, settings: InstallationSettings
) -> None:
    one, other = opened(Part.RELAY), opened(Part.RELAY)
    first, second = relay_of(one), relay_of(other)
    until(lambda: first.leads or second.leads)
    sleep(0.5)
    assert first.leads is not second.leads
    label(one)
    assert settings.log_url is not None
    address = settings.log_url.get_secret_value().replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND ((classid::bigint << 32) | objid::bigint) = %s",
            (RELAY_LOCK,),
        )
    label(one)
    topic = Topic.of(settings)
    until(lambda: complete(topic, one))


@pytest.mark.services
@pytest.mark.fault
@pytest.mark.slow
def test_after_the_process_that_leads_is_killed_the_next_event_is_in_kafka_within_five_seconds(
    opened: Open, settings: InstallationSettings
) -> None:
    quiet, topic = opened(Part.API), Topic.of(settings)
    assert settings.log_url is not None
    environment = {
        "ANNOLOG_LOG_URL": settings.log_url.get_secret_value(),
        "ANNOLOG_KAFKA_BOOTSTRAP": topic.bootstrap,
        "ANNOLOG_KAFKA_TOPIC": topic.name,
        "ANNOLOG_KAFKA_PARTITIONS": str(topic.partitions),
    }
    with ExitStack() as stack:
        relays = {
            name: stack.enter_context(started("relay", "--port", 0, PGAPPNAME=name, **environment))
            for name in ("relay-1", "relay-2")
        }
        for process in relays.values():
            assert process.stdout is not None
            assert "at work" in process.stdout.readline()
        label(quiet, 3)
        until(lambda: complete(topic, quiet))
        killed = leader(quiet)
        relays[killed].kill()
        begun = monotonic()
        label(quiet, 1)
        until(lambda: complete(topic, quiet))
        assert monotonic() - begun < TAKEOVER_SECONDS
        assert leader(quiet) in relays.keys() - {killed}


def leader(installation: Installation) -> str:
    """The process whose session holds the lock, by the name it gives itself."""
    with installation.log_reader.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory'"
            f" AND granted AND ((classid::bigint << 32) | objid::bigint) = {RELAY_LOCK}"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return str(found.scalar_one())


@pytest.mark.services
@pytest.mark.fault
def test_a_standby_that_was_in_trouble_is_well_once_it_stands_by_again(
    opened: Open, settings: InstallationSettings
) -> None:
    relays = [relay_of(opened(Part.RELAY)) for _ in range(2)]
    until(lambda: any(relay.leads for relay in relays))
    address = str(settings.log_database.set(drivername="postgresql"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    until(lambda: all(relay.trouble for relay in relays))
    until(lambda: any(relay.leads for relay in relays))
    until(lambda: not any(relay.trouble for relay in relays))


@pytest.mark.services
def test_the_session_of_the_relay_is_given_up_by_the_server_before_a_standby_should_lead(
    opened: Open, settings: InstallationSettings
) -> None:
    """As it is for a host that vanishes: no packet of it says that its sessions are over."""
    relay = relay_of(opened(Part.RELAY))
    until(lambda: relay.leads)
    with listening(str(settings.log_database.set(drivername="postgresql")), SERVER_KEEPALIVE_OF_A_LEADER) as session:
        names = ("idle", "interval", "count")
        found = {name: session.execute(f"SHOW tcp_keepalives_{name}").fetchone()[0] for name in names}  # type: ignore[index]
        unanswered = session.execute("SHOW tcp_user_timeout").fetchone()
    assert int(found["idle"]) + int(found["interval"]) * int(found["count"]) < TAKEOVER_SECONDS
    assert unanswered == ("3000",)


@pytest.mark.services
@pytest.mark.fault
def test_what_a_lost_batch_left_out_is_sent_again_from_there_on(opened: Open, settings: InstallationSettings) -> None:
    """A batch is lost while a later one arrives: the next relay finds the gap and closes it."""
    quiet = opened(Part.API)
    label(quiet)
    topic = Topic.of(settings)
    topic.ensure()
    rows = rows_of(quiet)
    middle = len(rows) // 2
    send(topic, rows, leave_out=range(middle, middle + 5))
    opened(Part.RELAY)
    until(lambda: complete(topic, quiet))


@pytest.mark.services
@pytest.mark.fault
def test_a_topic_that_is_gone_is_filled_again_from_the_log(opened: Open, settings: InstallationSettings) -> None:
    from kafka import KafkaAdminClient

    quiet = opened(Part.API)
    label(quiet)
    topic = Topic.of(settings)
    with_relay = opened(Part.RELAY)
    until(lambda: relay_of(with_relay).leads)
    until(lambda: complete(topic, quiet))
    with_relay.close()
    admin = KafkaAdminClient(bootstrap_servers=topic.bootstrap)
    admin.delete_topics([topic.name])
    admin.close()
    sleep(0.5)
    opened(Part.RELAY)
    until(lambda: complete(topic, quiet))


@pytest.mark.services
def test_a_topic_with_another_number_of_partitions_is_refused(settings: InstallationSettings) -> None:
    topic = Topic.of(settings)
    topic.ensure()
    topic.ensure()
    with pytest.raises(InvalidInput, match="cannot be changed") as refusal:
        Topic(topic.bootstrap, topic.name, topic.partitions + 1).ensure()
    assert refusal.value.faults[0].pointer == "ANNOLOG_KAFKA_PARTITIONS"


@given(st.data())
def test_a_tail_ends_before_the_first_thing_that_is_missing(data: st.DataObject) -> None:
    """Whatever is lost, repeated or marked: nothing up to the tail's position is missing."""
    positions = sorted(data.draw(st.sets(st.integers(1, 60), max_size=20)))
    lost = data.draw(st.sets(st.sampled_from(positions))) if positions else set()
    records: list[tuple[bool, int, int]] = []
    previous = 0
    for position in positions:
        if position not in lost:
            records.append((True, position, previous))
        previous = position
        if not lost and data.draw(st.booleans()):
            records.append((False, position + data.draw(st.integers(0, 0)), position))
        if records and data.draw(st.booleans()):
            records.append(data.draw(st.sampled_from(records)))
    tail = tail_of(records)
    if not records:
        assert tail == Tail()
        return
    first = min(position for is_event, position, _ in records)
    assert not [position for position in lost if first < position <= tail.position]
    assert tail.event <= tail.position


def test_what_was_lost_once_and_came_again_is_not_sent_for_ever() -> None:
    """A record is missing, later ones are there; a relay has sent all from the gap on once more."""
    gap = [(True, 1, 0), (True, 4, 3), (True, 5, 4)]
    assert tail_of(gap) == Tail(1, 1)
    again = [(True, 2, 1), (True, 3, 2), (True, 4, 3), (True, 5, 4)]
    for count, end in ((1, 2), (2, 3), (3, 4), (4, 5)):
        assert tail_of([*gap, *again[:count]]) == Tail(end, end)


@given(st.data())
def test_a_gap_that_was_filled_by_a_later_relay_is_none(data: st.DataObject) -> None:
    positions = sorted(data.draw(st.sets(st.integers(1, 60), min_size=1, max_size=20)))
    whole = [(True, position, previous) for previous, position in zip([0, *positions], positions, strict=False)]
    lost = data.draw(st.sets(st.sampled_from(positions[1:]))) if positions[1:] else set()
    sent = [record for record in whole if record[1] not in lost]
    tail = tail_of(sent)
    sent += [record for record in whole if record[1] > tail.position]
    assert tail_of(sent) == Tail(positions[-1], positions[-1])
