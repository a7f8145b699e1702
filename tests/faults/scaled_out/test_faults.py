"""Every part is killed, every server restarted, the network stands still: nothing is lost, nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep

import pytest
from pydantic import SecretStr

from annolog.domain.task.events import AnnotationSubmitted, SlotAdded
from annolog.infra.composition import NOTHING, Installation, scratch_engine
from annolog.infra.read_models import ALL_PROJECTORS
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.parking import all_parked
from tests.faults.chance import chance
from tests.faults.scaled_out.cluster import Cluster
from tests.faults.scaled_out.crowd import Crowd

pytestmark = [pytest.mark.services, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(240)]

SETTLE_SECONDS = 30.0
TASKS = 600
# So many submissions after the fault show that work goes on.
ENOUGH = 20


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.close()


@contextmanager
def working(cluster: Cluster) -> Iterator[Crowd]:
    """People at work while something goes wrong; afterwards everything is proven to be as it should."""
    crowd = Crowd(cluster, TASKS)
    crowd.begin()
    try:
        sleep(1)
        yield crowd
        # From the end of the fault on, while people go on.
        level = cluster.seconds_until_level(SETTLE_SECONDS)
        crowd.goes_on(ENOUGH)
    finally:
        # Whatever went wrong here: nobody works on into the next test.
        crowd.stop()
    settled = cluster.seconds_until_settled(SETTLE_SECONDS)
    print(f"level {level:.1f} s after the fault; {len(crowd.acknowledged)} submissions, settled {settled:.1f} s later")
    prove(cluster, crowd)


def prove(cluster: Cluster, crowd: Crowd) -> None:
    """No acknowledged command is lost, nothing is applied twice, read models are what the log says."""
    settings = InstallationSettings(
        data_dir=cluster.folder,
        log_url=SecretStr(cluster.log_database),
        read_url=SecretStr(cluster.read_database),
        kafka_bootstrap=cluster.kafka.bootstrap,
    )
    with Installation(settings, parts=NOTHING) as installation:
        submitted, slots = history(installation, crowd.project)
        acknowledged = Counter((one.task, one.person, one.annotation) for one in crowd.acknowledged)
        assert len(crowd.acknowledged) > ENOUGH
        assert submitted == acknowledged
        people = Counter(task for task, _, _ in submitted)
        assert max(people.values()) <= 3
        disagreed = [task for task in people if task % 3 == 0 and people[task] >= 2 and differs(crowd, task)]
        assert slots == Counter(disagreed)
        with installation.read_engine.connect() as connection:
            assert all_parked(connection) == []
        for projector in ALL_PROJECTORS:
            scratch = scratch_engine(cluster.folder)
            assert installation.verify(projector, scratch) == []
            scratch.dispose()


def history(installation: Installation, project: int) -> tuple[Counter[tuple[int, int, int]], Counter[int]]:
    """Submissions and additional slots as the log has them."""
    submitted: Counter[tuple[int, int, int]] = Counter()
    slots: Counter[int] = Counter()
    position = 0
    while batch := installation.log.after(position, 2_000, project):
        for recorded in batch:
            match recorded.event:
                case AnnotationSubmitted(task=task, annotator=person, annotation=annotation):
                    submitted[task, person, annotation] += 1
                case SlotAdded(task=task):
                    slots[task] += 1
        position = batch[-1].position
    return submitted, slots


def differs(crowd: Crowd, task: int) -> bool:
    """Whether the first two who answered a task did so differently."""
    first = sorted((one for one in crowd.acknowledged if one.task == task), key=lambda one: one.position)[:2]
    return len({crowd.people.index(one.person) % 2 for one in first}) == 2


def kill_some(cluster: Cluster, names: list[str], times: int, rest: float) -> None:
    """Kill a process of a kind at a moment nobody chose, and start it again a little later."""
    dice = chance()
    for _ in range(times):
        sleep(dice.uniform(0.2, 1.5))
        name = dice.choice(names)
        cluster.kill(name)
        sleep(rest)
        cluster.start(name)
        if name in cluster.ports:
            cluster.await_api(name)


def restart(server: Callable[[], None], start: Callable[[], None]) -> None:
    server()
    sleep(1)
    start()


def test_nothing_is_lost_when_api_processes_are_killed(cluster: Cluster) -> None:
    with working(cluster):
        kill_some(cluster, ["api-1", "api-2"], times=3, rest=0.3)


def test_nothing_is_lost_when_the_relay_is_killed(cluster: Cluster) -> None:
    with working(cluster):
        kill_some(cluster, ["relay-1", "relay-2"], times=3, rest=1.0)


def test_nothing_is_lost_when_projectors_are_killed(cluster: Cluster) -> None:
    with working(cluster):
        kill_some(cluster, ["projector-1", "projector-2"], times=2, rest=1.0)


def test_nothing_is_lost_when_the_reactor_is_killed(cluster: Cluster) -> None:
    with working(cluster):
        kill_some(cluster, ["reactor-1"], times=3, rest=0.5)


def test_nothing_is_lost_when_kafka_is_killed_and_comes_back(cluster: Cluster) -> None:
    with working(cluster):
        restart(cluster.kafka.kill, cluster.kafka.start)


def test_nothing_is_lost_when_postgresql_is_killed_and_comes_back(cluster: Cluster) -> None:
    with working(cluster):
        restart(cluster.postgresql.kill, cluster.postgresql.start)


@pytest.mark.parametrize("server", ["kafka", "postgresql"])
def test_nothing_is_lost_when_every_connection_is_cut(cluster: Cluster, server: str) -> None:
    proxy = {"kafka": cluster.to_kafka, "postgresql": cluster.to_postgresql}[server]
    with working(cluster):
        dice = chance()
        for _ in range(4):
            # Whoever was cut off is back, so that there is something to cut again.
            proxy.busy(5, SETTLE_SECONDS)
            sleep(dice.uniform(0.5, 2.5))
            assert proxy.cut() > 4


def test_nothing_is_lost_when_processes_hang_for_a_while(cluster: Cluster) -> None:
    hanging = ("api-1", "relay-1", "projector-1", "reactor-1")
    with working(cluster):
        dice = chance()
        for name in hanging:
            sleep(dice.uniform(0, 0.3))
            cluster.freeze(name)
        sleep(25)
        for name in hanging:
            cluster.thaw(name)


def test_nothing_is_lost_when_the_network_stands_still_for_half_a_minute(cluster: Cluster) -> None:
    with working(cluster):
        for proxy in (cluster.to_kafka, cluster.to_postgresql):
            proxy.stall()
        sleep(30)
        for proxy in (cluster.to_kafka, cluster.to_postgresql):
            proxy.flow()
