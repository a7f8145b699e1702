"""Fifty people at once, one process, SQLite."""

from __future__ import annotations

import pytest

from annolog.domain.ids import task_stream
from tests.crowded import Crowd, lived_by_the_rules
from tests.infra.http.conftest import TOKEN, Api


@pytest.mark.timeout(180)
def test_fifty_people_on_one_project_never_get_in_each_others_way(api: Api) -> None:
    crowd = Crowd([api.url], TOKEN)
    crowd.work_until_all_is_done(60)
    streams = [task_stream(id) for id in crowd.tasks]
    histories = api.installation.log.streams(streams)
    for id, stream in zip(crowd.tasks, streams, strict=True):
        lived_by_the_rules(id, histories[stream])
