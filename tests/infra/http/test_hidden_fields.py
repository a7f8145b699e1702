"""Strings planted in hidden and sensitive fields are found in every answer that may hold them, and in no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annolog.domain.access.roles import ROLES
from annolog.domain.project.data_fields import MARK
from tests.infra.http.conftest import served
from tests.infra.http.office import Office, filled
from tests.infra.http.routes_table import ABOVE, ROUTES, STRANGER, Ask
from tests.receiver import receiving
from tests.world import Backend, result

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="A"/><Choice value="B"/><Choice value="C"/></Choices>'
    '<Labels name="who" toName="text"><Label value="Person"/></Labels></View>'
)
# One is shown by the labeling config and quoted by what was answered, one is not, and one is hidden by role alone.
NEEDED, IBAN, DIAGNOSIS = "canary-of-the-letter", "canary-of-the-account", "canary-of-the-diagnosis"
CANARIES = {NEEDED, IBAN, DIAGNOSIS}
RULES = {
    "text": {"sensitive": True},
    "iban": {"sensitive": True, "how": "withhold"},
    "diagnosis": {"hidden_from": ["annotator", "reviewer", "viewer"]},
}
ACCEPTED = {"verdict": "accepted"}
SEE_ALL = ("manager", *ABOVE)
GETS = [route for route in ROUTES if route.startswith("GET ")]
# Where somebody is given a task to work on: there they see what the labeling config shows.
GIVING = {
    "POST /v1/projects/{id}/next",
    "POST /v1/tasks/{id}/reservation",
    "POST /v1/projects/{id}/review/next",
    "GET /v1/tasks/{id}",
    "GET /v1/tasks/{id}/history",
    "GET /v1/tasks/{id}/draft",
    "GET /v1/tasks/{id}/mine",
}
# The board is without what is sensitive, for everybody.
FOUND = {
    "GET /v1/tasks/{id}": CANARIES,
    "GET /v1/tasks/{id}/history": CANARIES,
    "GET /v1/tasks/{id}/mine": CANARIES,
    "GET /v1/projects/{id}/export": CANARIES,
    "GET /v1/projects/{id}/events": CANARIES,
    "GET /v1/events": CANARIES,
    "GET /v1/events/stream": CANARIES,
    "GET /v1/projects/{id}/tasks": {DIAGNOSIS},
}


def quoting(label: str = "A") -> list[dict[str, Any]]:
    value = {"start": 0, "end": len(NEEDED), "text": NEEDED, "labels": ["Person"]}
    return [*result(label), {"id": "r1", "from_name": "who", "to_name": "text", "type": "labels", "value": value}]


class Clinic(Office):
    """An office whose tasks hold what not everybody is to see. The rules come after the work."""

    def project(self, members: tuple[str, ...], *, more: bool = False) -> dict[str, Any]:
        place = super().project(members, more=more)
        api, project = self.api, place["project"]
        api.done("PUT", f"/v1/projects/{project}/label-config", json={"label_config": CONFIG})
        line = {
            "data": {"text": f"{NEEDED} writes", "iban": IBAN, "diagnosis": {"deep": [DIAGNOSIS]}, "open": "plain"},
            "meta": {"iban": IBAN, "diagnosis": DIAGNOSIS},
            "annotations": [{"result": quoting(), "completed_by": place["person"]}],
            "predictions": [{"result": quoting(), "model_version": "m"}],
        }
        task = api.done("POST", f"/v1/projects/{project}/imports", json=[line, line])["first_task"]
        page = api.done("GET", f"/v1/tasks/{task}")
        annotation = page["annotations"][0]["id"]
        fixed = {"verdict": "fixed", "result": quoting("B")}
        api.done("POST", f"/v1/tasks/{task}/annotations/{annotation}/reviews", json=fixed)
        api.done("PUT", f"/v1/tasks/{task}/ground-truth", json={"annotation": annotation})
        api.done("POST", f"/v1/projects/{project}/settings/data_fields", json={"fields": RULES})
        comment = api.done("POST", f"/v1/tasks/{task}/comments", place["person"], json={"text": "hm"})["comment"]
        return {**place, "task": task, "annotation": annotation, "comment": comment}

    def said(self, route: str, ask: Ask, who: str) -> str:
        """Everything that a route answers, of a stream as much as there is by now."""
        method, path = route.split(" ")
        place = self.own
        known = {**place, "id": place[{"tasks": "task", "people": "person"}.get(path.split("/")[2], "project")]}
        more: dict[str, Any] = {"params": dict(filled(ask.params, known))}
        if ask.body is not None:
            more["json"] = filled(ask.body, known)
        if route.endswith("/events"):
            more["params"]["limit"] = 1_000
        headers = {"Annolog-On-Behalf-Of": str(self.people[who])}
        with self.api.client.stream(method, path.format(**known), headers=headers, **more) as response:
            if not response.headers["content-type"].startswith("text/event-stream"):
                return response.read().decode()
            last = self.api.installation.log.after(0, 10_000, place["project"])[-1].position
            text = ""
            for piece in response.iter_text():
                text += piece
                if f"id: {last}\n" in text and text.endswith("\n\n"):
                    break
            return text


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder: Path = tmp_path_factory.mktemp("clinic")
    with served(folder, Backend.EMBEDDED) as api:
        found = Clinic(api)
        with closing(found.client):
            api.installation.wait_for(api.installation.bus.head)
            yield found


def found_in(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


@pytest.mark.parametrize("route", GETS)
def test_what_is_kept_from_somebody_is_in_no_answer_to_them(clinic: Clinic, route: str) -> None:
    ask = ROUTES[route]
    for who in (STRANGER, "annotator", "reviewer", "viewer"):
        assert found_in(clinic.said(route, ask, who)) == set(), who


@pytest.mark.parametrize("route", GETS)
def test_who_may_see_it_finds_it_where_tasks_leave_and_nowhere_else(clinic: Clinic, route: str) -> None:
    """So that the test above can fail."""
    for who in SEE_ALL:
        expected = FOUND.get(route, set()) if ROUTES[route].allows(ROLES[who]) else set()
        assert found_in(clinic.said(route, ROUTES[route], who)) == expected, who


def test_masked_fields_are_there_without_their_value_and_withheld_ones_are_not(clinic: Clinic) -> None:
    shown = json.loads(clinic.said("GET /v1/tasks/{id}", ROUTES["GET /v1/tasks/{id}"], "viewer"))
    assert shown["data"] == {"text": MARK, "diagnosis": MARK, "open": "plain"}
    assert shown["meta"] == {"diagnosis": MARK}
    [region] = [item for item in shown["annotations"][0]["result"] if item["type"] == "labels"]
    assert region["value"] == {"start": 0, "end": len(NEEDED), "text": MARK, "labels": ["Person"]}


@pytest.mark.parametrize("place", ["data.iban", "data.text", "data.diagnosis", "data", "meta"])
@pytest.mark.parametrize("who", ["reviewer", "viewer"])
def test_nobody_asks_the_board_for_what_is_kept_from_them(clinic: Clinic, place: str, who: str) -> None:
    path = f"/v1/projects/{clinic.own['project']}/tasks"
    item = {"filter": place, "operator": "contains", "value": "canary"}
    nested = {"items": [{"conjunction": "or", "items": [{**item, "filter": f"filter:tasks:{place}"}]}]}
    child = {"items": [{"filter": "task", "operator": "greater", "value": 0, "child_filters": {"items": [item]}}]}
    asks: list[dict[str, Any]] = [{"order": [place]}, {"order": [f"-tasks:{place}"]}]
    asks += [{"filters": filters} for filters in ({"items": [item]}, nested, child)]
    for body in asks:
        refused = clinic.api.ask("POST", f"{path}/query", clinic.people[who], json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-input"), body
        assert f"there is no column '{place}'" in refused.json()["detail"]
    open_one = {"filters": {"items": [{"filter": "data.open", "operator": "equal", "value": "plain"}]}}
    assert clinic.api.done("POST", f"{path}/query", clinic.people[who], json=open_one)["tasks"]


def test_nor_does_who_does_something_to_all_tasks_that_meet_a_filter(clinic: Clinic) -> None:
    """How many there are would tell what is in them."""
    item = {"filter": "data.diagnosis", "operator": "contains", "value": "canary"}
    path = f"/v1/projects/{clinic.own['project']}"
    body = {"filters": {"items": [item]}, "people": [clinic.own["person"]]}
    refused = clinic.api.ask("POST", f"{path}/assignments", clinic.people["reviewer"], json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-input")
    assert "there is no column" in refused.json()["detail"]


def test_who_manages_asks_for_what_is_hidden_and_nobody_for_what_the_board_does_not_have(clinic: Clinic) -> None:
    path = f"/v1/projects/{clinic.own['project']}/tasks/query"

    def asked(place: str) -> int:
        filters = {"items": [{"filter": place, "operator": "contains", "value": "canary"}]}
        return clinic.api.ask("POST", path, clinic.people["manager"], json={"filters": filters}).status_code

    assert [asked(place) for place in ("data.diagnosis", "data", "meta")] == [200, 200, 200]
    assert [asked(place) for place in ("data.iban", "data.text")] == [422, 422]


def test_an_export_says_what_is_kept_from_who_takes_it(clinic: Clinic) -> None:
    path = f"/v1/projects/{clinic.own['project']}/export"
    clinic.api.done("PUT", "/v1/permissions/export/viewer", json={"granted": True})
    try:
        taken = clinic.api.ask("GET", path, clinic.people["viewer"])
    finally:
        clinic.api.done("PUT", "/v1/permissions/export/viewer", json={"granted": None})
    whole = clinic.api.ask("GET", path, clinic.people["manager"])
    assert json.loads(taken.headers["X-Concealed-Fields"]) == {"text": "mask", "iban": "withhold", "diagnosis": "mask"}
    assert json.loads(whole.headers["X-Concealed-Fields"]) == {}
    assert (found_in(taken.text), found_in(whole.text)) == (set(), CANARIES)
    assert len(taken.text.splitlines()) == len(whole.text.splitlines()) == 4


def test_an_owner_lets_reviewers_see_what_is_sensitive(clinic: Clinic) -> None:
    route = "GET /v1/tasks/{id}"
    assert found_in(clinic.said(route, ROUTES[route], "reviewer")) == set()
    clinic.api.done("PUT", "/v1/permissions/see_sensitive/reviewer", json={"granted": True})
    try:
        assert found_in(clinic.said(route, ROUTES[route], "reviewer")) == {NEEDED, IBAN}
    finally:
        clinic.api.done("PUT", "/v1/permissions/see_sensitive/reviewer", json={"granted": None})
    refused = clinic.api.ask("PUT", "/v1/permissions/see_sensitive/annotator", json={"granted": True})
    assert refused.status_code == 422


def test_a_labeling_config_that_needs_what_is_hidden_is_refused_by_its_field(clinic: Clinic) -> None:
    path = f"/v1/projects/{clinic.own['project']}"
    shows = CONFIG.replace("$text", "$diagnosis")
    refused = clinic.api.ask("PUT", f"{path}/label-config", json={"label_config": shows})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/label_config")
    hides = {"fields": {**RULES, "text": {"hidden_from": ["annotator"]}}}
    refused = clinic.api.ask("POST", f"{path}/settings/data_fields", json=hides)
    assert refused.json()["errors"][0]["pointer"] == "/data_fields/fields/text/hidden_from"
    previewed = clinic.api.done("POST", f"{path}/settings/data_fields/preview", json={"fields": {}})
    assert previewed["old"]["fields"].keys() == RULES.keys()


@pytest.mark.parametrize(
    "line",
    [
        {"data": {"iban": IBAN}},
        {"data": {"iban": IBAN, "text": f"{NEEDED}\x00"}},
        {"data": {"iban": IBAN, "text": NEEDED}, "annotations": [{"result": [{"from_name": DIAGNOSIS}]}]},
        {"data": {"iban": IBAN, "text": NEEDED}, "meta": [DIAGNOSIS]},
        {"data": {"iban": IBAN, "text": NEEDED}, "allow_skip": DIAGNOSIS},
        {"data": [IBAN, NEEDED]},
        f'{{"data": {{"iban": "{IBAN}", "text": {NEEDED}}}}}',
    ],
)
def test_what_is_wrong_with_an_import_is_said_without_what_is_in_it(clinic: Clinic, line: Any) -> None:
    path = f"/v1/projects/{clinic.own['project']}/imports"
    body = line if isinstance(line, str) else json.dumps(line)
    for kind in ("application/x-ndjson", "application/json"):
        sent = body if kind.endswith("ndjson") else f"[{body}]"
        refused = clinic.api.ask("POST", path, content=sent, headers={"Content-Type": kind})
        assert refused.status_code in (400, 422), refused.text
        assert found_in(refused.text) == set()


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Clinic]:
    """One of a test's own, to work in."""
    with served(tmp_path, Backend.EMBEDDED) as api:
        found = Clinic(api)
        with closing(found.client):
            yield found


def test_who_is_given_a_task_sees_of_it_what_it_takes_to_answer_for_as_long_as_it_is_theirs(ward: Clinic) -> None:
    api, task, who = ward.api, ward.own["task"], ward.people["annotator"]
    api.done("POST", f"/v1/projects/{ward.own['project']}/overlap", json={"tasks": [task], "slots": 3})
    assert found_in(api.ask("GET", f"/v1/tasks/{task}", who).text) == set()
    given = api.done("POST", f"/v1/tasks/{task}/reservation", who)
    assert given["data"] == {"text": f"{NEEDED} writes", "diagnosis": MARK, "open": "plain"}
    assert found_in(api.ask("GET", f"/v1/tasks/{task}", who).text) == {NEEDED}
    assert found_in(api.ask("GET", f"/v1/tasks/{task + 1}", who).text) == set()
    api.done("DELETE", f"/v1/tasks/{task}/reservation", who)
    assert found_in(api.ask("GET", f"/v1/tasks/{task}", who).text) == set()


def test_who_is_given_an_annotation_to_judge_sees_what_it_quotes_of_that_task_alone(ward: Clinic) -> None:
    api, who = ward.api, ward.people["reviewer"]
    given = api.done("POST", f"/v1/projects/{ward.own['project']}/review/next", who)
    while NEEDED not in json.dumps(given):
        api.done("POST", f"/v1/tasks/{given['task']}/annotations/{given['annotation']}/reviews", who, json=ACCEPTED)
        given = api.done("POST", f"/v1/projects/{ward.own['project']}/review/next", who)
    assert given["data"] == {"text": f"{NEEDED} writes", "diagnosis": MARK, "open": "plain"}
    assert NEEDED in json.dumps(given["result"])
    assert found_in(json.dumps(given)) == {NEEDED}
    assert found_in(api.ask("GET", f"/v1/tasks/{given['task']}", who).text) == {NEEDED}
    assert found_in(api.ask("GET", f"/v1/tasks/{given['task']}/history", who).text) == {NEEDED}
    other = ({ward.own["task"], ward.own["task"] + 1} - {given["task"]}).pop()
    assert found_in(api.ask("GET", f"/v1/tasks/{other}", who).text) == set()
    api.done("DELETE", f"/v1/tasks/{given['task']}/review", who)
    assert found_in(api.ask("GET", f"/v1/tasks/{given['task']}", who).text) == set()


def test_no_route_at_all_answers_with_what_is_kept_from_somebody(ward: Clinic) -> None:
    """Whatever is done with tasks and however it ends, refusals among them."""
    for route, ask in ROUTES.items():
        for who in (STRANGER, "annotator", "reviewer", "viewer"):
            leaked = found_in(ward.said(route, ask, who))
            assert leaked <= ({NEEDED} if route in GIVING else set()), (route, who)


def test_a_webhook_never_carries_what_is_sensitive_also_where_it_asks_for_the_data(ward: Clinic) -> None:
    api, project = ward.api, ward.own["project"]
    with receiving() as receiver:
        hook = {"url": receiver.url, "include_task_data": True, "after": 0}
        api.done("POST", f"/v1/projects/{project}/webhooks", json=hook)
        last = api.installation.log.after(0, 10_000, project)[-1].position
        receiver.wait_for(lambda: bool(receiver.taken) and receiver.sequences[-1] >= last)
        bodies = b"".join(request.body for request in receiver.taken).decode()
    types = {request.type for request in receiver.taken}
    assert {f"io.annolog.{name}.v1" for name in ("task.imported", "prediction.recorded")} <= types
    assert found_in(bodies) == {DIAGNOSIS}
    assert MARK in bodies
