"""The activity log over HTTP: who did what, when, from where and on whose behalf, in one organization and no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from annolog.commands.people import RegisterPeople
from annolog.commands.tokens import IssueToken
from annolog.infra.composition import Installation, digest_of
from annolog.infra.http.serve import running_server
from annolog.infra.settings import InstallationSettings
from tests.infra.http.conftest import BACKENDS, LIMITS, Api
from tests.world import Backend, settings_in

HERE = "127.0.0.1"


class Clock:
    """The time, and later than that once it is moved."""

    def __init__(self) -> None:
        self.later = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later


class House(Api):
    """An installation with people who speak for themselves, by tokens."""

    clock: Clock

    def speak(self, person: int, token: str, **more: Any) -> int:
        issued = self.installation.as_system(IssueToken(person=person, digest=digest_of(token), **more))
        found: int = issued.value["token"]
        return found

    def says(self, token: str, method: str, path: str, **more: Any) -> httpx.Response:
        return httpx.request(method, self.url + path, headers={"Authorization": f"Bearer {token}"}, **more)

    def catch_up(self) -> None:
        """Wait for what nobody waits for: whatever was sent before this command is written before it."""
        self.installation.as_system(RegisterPeople(people=[]))
        self.installation.settle()

    def activity(self, token: str | None = None, **asked: Any) -> list[dict[str, Any]]:
        """What the log shows the owner, or whoever has the token, once everything is in it."""
        self.catch_up()
        path = "/v1/activity"
        answer = self.ask("GET", path, params=asked) if token is None else self.says(token, "GET", path, params=asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["activity"]
        return found


@pytest.fixture(params=BACKENDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    clock, backend = Clock(), Backend(request.param)
    with (
        settings_in(tmp_path, backend) as settings,
        Installation(settings.model_copy(update=LIMITS), clock=clock) as installation,
        running_server(installation) as url,
    ):
        found = House(url, installation)
        found.clock = clock
        yield found
        found.client.close()


def of(found: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    """The entries that are so, the oldest first."""
    return [row for row in reversed(found) if all(row[name] == value for name, value in wanted.items())]


def test_the_log_shows_who_did_what_when_from_where_and_on_whose_behalf(house: House) -> None:
    begun = datetime.now(UTC)
    project, (ann, bob, _) = house.set_up()
    owner = house.done("GET", "/v1/me")["person"]
    house.done("POST", f"/v1/projects/{project}/settings/review", json={"sample_percent": 50})
    token = house.speak(ann, "anns-token")
    assert house.says("anns-token", "GET", f"/v1/projects/{project}/export").status_code == 403
    assert house.ask("GET", f"/v1/projects/{project}/export", bob).status_code == 403
    assert house.ask("GET", f"/v1/projects/{project}/export").status_code == 200
    found = house.activity()

    [denied] = of(found, action="denied", person=ann)
    assert (denied["project"], denied["on_behalf_of"], denied["address"]) == (project, None, HERE)
    assert denied["detail"] == {"method": "GET", "route": "/v1/projects/{id}/export", "code": "forbidden"}
    [for_bob] = of(found, action="denied", person=owner)
    assert for_bob["on_behalf_of"] == bob
    [exported] = of(found, action="exported")
    assert (exported["person"], exported["project"], exported["address"]) == (owner, project, HERE)
    assert (exported["detail"]["what"], exported["detail"]["format"]) == ("project", "ndjson")
    assert 0 < exported["detail"]["position"] < exported["position"]
    [changed] = of(found, action="settings_changed", project=project)[-1:]
    assert changed["detail"]["old"] == {"sample_percent": 100}
    assert changed["detail"]["new"] == {"sample_percent": 50}
    added = of(found, action="member_added", person=owner)
    assert {row["subject"] for row in added} >= {ann, bob}
    # What an administrator did tells where from as well, though those events are older than addresses.
    assert {row["address"] for row in [*added, changed]} == {HERE}
    assert of(found, action="token_used", person=ann)[0]["subject"] == token
    moments = [datetime.fromisoformat(row["at"]) for row in found]
    assert moments == sorted(moments, reverse=True)
    assert all(begun - timedelta(minutes=1) < moment <= datetime.now(UTC) for moment in moments)


def test_a_token_that_no_longer_holds_is_noted_and_that_of_a_stranger_is_not(house: House) -> None:
    _, (ann, bob, _) = house.set_up(tasks=0)
    house.speak(ann, "short", expires_at=house.clock() + timedelta(hours=1))
    house.speak(bob, "bobs-token")
    house.done("POST", f"/v1/people/{bob}/deactivate", json={})
    house.clock.later = timedelta(hours=2)
    for token in ("short", "bobs-token", "nobodys"):
        assert house.says(token, "GET", "/v1/me").status_code == 401
    found = of(house.activity(), action="denied")
    assert [(row["person"], row["detail"]["code"]) for row in found] == [
        (ann, "token-expired"),
        (bob, "person-deactivated"),
    ]


def test_a_limited_token_that_is_used_for_more_is_noted_and_many_refusals_are_counted(house: House) -> None:
    project, (ann, *_) = house.set_up(tasks=0)
    house.speak(ann, "limited", scopes=["see_project"])
    for _ in range(5):
        assert house.says("limited", "GET", "/v1/people").status_code == 403
    assert [row["detail"].get("count") for row in of(house.activity(), action="denied")] == [None]
    house.clock.later = timedelta(minutes=2)
    assert house.says("limited", "GET", f"/v1/projects/{project}").status_code == 200
    [first, others] = of(house.activity(), action="denied", person=ann)
    assert others["detail"]["count"] == 4
    assert others["detail"]["since"] < others["at"]
    assert first["position"] < others["position"]


def test_who_tries_one_id_after_another_is_noticed_and_who_misses_a_draft_is_not(house: House) -> None:
    _, (ann, *_) = house.set_up(tasks=1)
    house.speak(ann, "anns-token")
    for _ in range(25):
        assert house.says("anns-token", "GET", "/v1/tasks/1/draft").status_code == 404
    assert of(house.activity(), action="denied") == []
    for id in range(100, 125):
        assert house.says("anns-token", "GET", f"/v1/projects/{id}").status_code == 404
    [probing] = of(house.activity(), action="denied")
    assert (probing["person"], probing["project"]) == (ann, None)
    assert (probing["detail"]["code"], probing["detail"]["count"]) == ("probing", 20)


def test_filters_find_what_fits_and_pages_go_on_where_the_one_before_ended(house: House) -> None:
    project, (ann, *_) = house.set_up(tasks=0)
    whole = house.activity(limit=1000)
    owner = house.done("GET", "/v1/me")["person"]
    assert [row["position"] for row in house.activity(action="member_added")] == [
        row["position"] for row in whole if row["action"] == "member_added"
    ]
    assert {row["project"] for row in house.activity(project=project)} == {project}
    assert {row["person"] for row in house.activity(person=owner)} == {owner}
    assert house.activity(on_behalf_of=ann) == []
    assert [row["action"] for row in house.activity(text="OVER the wire")] == ["project_created"]
    # What a wildcard would be is a character.
    assert house.activity(text="over%wire") == []
    middle = whole[len(whole) // 2]
    assert house.activity(**{"from": middle["at"]}, limit=1000)[-1]["at"] == middle["at"]
    assert all(row["at"] < middle["at"] for row in house.activity(to=middle["at"]))
    pages, before = list[Any](), 2**53 - 1
    while page := house.ask("GET", "/v1/activity", params={"limit": 3, "before": before}).json():
        pages += page["activity"]
        if page["next"] is None:
            break
        before = page["next"]
    assert pages == whole
    assert house.ask("GET", "/v1/activity", params={"action": "nothing"}).status_code == 422
    assert house.ask("GET", "/v1/activity", params={"text": "\0"}).status_code == 422


def test_as_csv_all_of_it_comes_and_that_is_activity_too(house: House) -> None:
    house.set_up(tasks=0)
    whole = house.activity(limit=1000, action="member_added")
    answer = house.ask("GET", "/v1/activity/export", params={"action": "member_added"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [int(row["position"]) for row in rows] == [row["position"] for row in whole]
    assert [orjson.loads(row["detail"]) for row in rows] == [row["detail"] for row in whole]
    [exported] = of(house.activity(), action="exported")
    told = {name: exported["detail"][name] for name in ("what", "format", "rows", "filter")}
    assert told == {"what": "activity", "format": "csv", "rows": 3, "filter": {"action": "member_added"}}


def test_nothing_of_another_organization_is_ever_shown(house: House) -> None:
    house.set_up(tasks=1)
    body = {"name": "others", "owner": "head"}
    head = house.done("POST", "/v1/organizations", json=body)["owner"]
    house.speak(head, "heads-token")
    assert house.says("heads-token", "GET", "/v1/projects/1").status_code == 404
    assert house.says("heads-token", "POST", "/v1/organizations", json=body).status_code == 403
    created = house.says("heads-token", "POST", "/v1/projects", json={"title": "canary-of-others"})
    assert created.status_code == 201, created.text
    theirs, ours = house.activity("heads-token", limit=1000), house.activity(limit=1000)
    assert {row["action"] for row in theirs} >= {"token_used", "denied", "project_created"}
    assert not {row["position"] for row in theirs} & {row["position"] for row in ours}
    assert "canary-of-others" not in str(ours)
    assert "over the wire" not in str(theirs)
    assert house.activity("heads-token", project=1) == []
    assert "over the wire" not in house.says("heads-token", "GET", "/v1/activity/export").text


def test_lists_of_tokens_tell_when_each_was_last_used(house: House) -> None:
    _, (ann, *_) = house.set_up(tasks=0)
    used, unused = house.speak(ann, "used"), house.speak(ann, "unused")
    before = datetime.now(UTC)
    for _ in range(3):
        assert house.says("used", "GET", "/v1/me").status_code == 200
    house.catch_up()
    for path in (f"/v1/people/{ann}/tokens", None):
        answer = house.ask("GET", path) if path else house.says("used", "GET", "/v1/me/tokens")
        tokens = {token["token"]: token["last_used_at"] for token in answer.json()["tokens"]}
        assert tokens[unused] is None
        assert datetime.fromisoformat(tokens[used]) >= before - timedelta(seconds=1)
    # Often in an hour is once.
    assert len(of(house.activity(), action="token_used", subject=used)) == 1
    house.clock.later = timedelta(hours=1, minutes=1)
    assert house.says("used", "GET", "/v1/me").status_code == 200
    assert len(of(house.activity(), action="token_used", subject=used)) == 2


def test_only_who_may_read_it_does_and_a_manager_does_not_find_it_among_the_events_of_the_project(
    house: House,
) -> None:
    project, (ann, bob, _) = house.set_up(tasks=0)
    manager = {"members": [{"person": bob, "role": "manager"}]}
    house.done("POST", f"/v1/projects/{project}/members", json=manager)
    assert house.ask("GET", f"/v1/projects/{project}/export", ann).status_code == 403
    assert house.ask("GET", "/v1/activity", bob).status_code == 403
    assert house.ask("GET", "/v1/activity/export", bob).status_code == 403
    house.catch_up()
    events = house.done("GET", f"/v1/projects/{project}/events?limit=1000", bob)["events"]
    assert not {"AccessDenied", "DataExported", "TokenUsed"} & {event["type"] for event in events}


def test_what_was_counted_is_told_when_the_server_ends_and_everything_is_there_after_a_restart(
    tmp_path: Path,
) -> None:
    settings = InstallationSettings(data_dir=tmp_path, sweep_seconds=0.02, fit_seconds=0)
    settings = settings.model_copy(update=LIMITS)
    with Installation(settings) as installation, running_server(installation) as url:
        first = House(url, installation)
        _, (ann, *_) = first.set_up(tasks=0)
        for _ in range(3):
            assert first.ask("GET", "/v1/people", ann).status_code == 403
        before = first.activity(limit=1000)
        first.client.close()
    with Installation(settings) as installation, running_server(installation) as url:
        again = House(url, installation)
        after = again.activity(limit=1000)
        again.client.close()
    news = after[: len(after) - len(before)]
    assert after[len(news) :] == before
    assert [row["detail"]["count"] for row in of(news, action="denied")] == [2]
