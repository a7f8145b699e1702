"""Fifty people at once, on four API processes, PostgreSQL and Kafka."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from annolog.domain.ids import task_stream
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from tests.crowded import Crowd, lived_by_the_rules
from tests.faults.scaled_out.cluster import TOKEN, Cluster

pytestmark = [pytest.mark.services, pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(360)]


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("crowded"), apis=4)
    yield found
    found.close()


def test_fifty_people_on_four_processes_never_get_in_each_others_way(cluster: Cluster) -> None:
    crowd = Crowd([cluster.url(name) for name in cluster.ports], TOKEN)
    crowd.work_until_all_is_done(200)
    cluster.seconds_until_settled(30)
    settings = InstallationSettings(
        data_dir=cluster.folder,
        log_url=SecretStr(cluster.log_database),
        read_url=SecretStr(cluster.read_database),
        kafka_bootstrap=cluster.kafka.bootstrap,
    )
    with Installation(settings, parts=NOTHING) as installation:
        streams = [task_stream(id) for id in crowd.tasks]
        histories = installation.log.streams(streams)
    for id, stream in zip(crowd.tasks, streams, strict=True):
        lived_by_the_rules(id, histories[stream])
