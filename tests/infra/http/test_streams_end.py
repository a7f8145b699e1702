"""Who may no longer read is sent nothing more: a stream that was opened before ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annolog.commands.tokens import IssueToken
from annolog.infra.composition import digest_of

Api = Any
TOKEN = "a-managers-token"


def kept_out(api: Api, mia: int, token: int, project: int) -> None:
    api.done("POST", f"/v1/people/{mia}/deactivate", json={"reason": "left"})


def without_token(api: Api, mia: int, token: int, project: int) -> None:
    api.done("DELETE", f"/v1/tokens/{token}")


def without_the_right(api: Api, mia: int, token: int, project: int) -> None:
    api.done("DELETE", f"/v1/projects/{project}/members/{mia}")


@pytest.mark.parametrize("happens", [kept_out, without_token, without_the_right])
def test_a_stream_ends_with_the_right_to_read_it(api: Api, happens: Callable[[Api, int, int, int], None]) -> None:
    project, _ = api.set_up(1)
    mia = api.done("POST", "/v1/people", json={"people": [{"handle": "mia"}]})["people"][0]["person"]
    api.done("POST", f"/v1/projects/{project}/members", json={"members": [{"person": mia, "role": "manager"}]})
    token = api.installation.as_system(IssueToken(person=mia, digest=digest_of(TOKEN))).value["token"]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    params = {"project": project, "after": api.installation.log.head()}
    before = api.done("POST", "/v1/tasks/1/comments", json={"text": "before"})["position"]
    with api.client.stream("GET", "/v1/events/stream", params=params, headers=headers, timeout=25) as stream:
        lines = stream.iter_lines()
        while next(lines) != f"id: {before}":
            pass
        happens(api, mia, token, project)
        said = api.done("POST", "/v1/tasks/1/comments", json={"text": "not for her ears"})
        assert said["position"] > before
        assert not any("not for her ears" in line for line in lines)
