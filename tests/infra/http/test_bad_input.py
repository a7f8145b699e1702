"""Whatever is sent, the answer is a problem that names what is wrong, and nothing is half written."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.world import LABEL_CONFIG, result

Api = Any
BOMB = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'
    '<View><Text name="t" value="$text"/>&lol2;</View>'
)
JSON = {"Content-Type": "application/json"}


def refused(response: httpx.Response, status: int, code: str, pointer: str | None = None) -> dict[str, Any]:
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"/problems/{code}"
    if pointer is not None:
        assert pointer in [error["pointer"] for error in response.json()["errors"]]
    found: dict[str, Any] = response.json()
    return found


@pytest.fixture(scope="module")
def annotator(shared_api: Api) -> int:
    """Somebody with a task to do."""
    _, (ann, *_) = shared_api.set_up(1)
    return ann


@pytest.mark.parametrize(
    "body",
    [b"{bad", b"", b"[" * 100_00, b'{"title": "\\ud800"}', b'{"title": NaN}', b"\xff\xfe", b'{"title": "x"'],
)
def test_what_is_not_json_is_malformed(shared_api: Api, body: bytes) -> None:
    facts = shared_api.facts()
    response = shared_api.ask("POST", "/v1/projects", content=body, headers=JSON)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
    assert shared_api.facts() == facts


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": 7}, "/title"),
        ({"title": " "}, "/title"),
        ({"title": "x", "colour": "red"}, "/colour"),
        ({"title": "x", "settings": {"assignment": {"overlap": 0}}}, "/assignment/overlap"),
        ({"title": "x", "settings": {"assignment": {"overlaps": 2}}}, "/assignment/overlaps"),
        ({"title": "x", "settings": {"nonsense": {}}}, "/group"),
        ({"title": "x", "label_config": BOMB}, "/label_config"),
        ({"title": "x", "label_config": "<View><Choices"}, "/label_config"),
        ({"title": "x", "label_config": '<View><Choices name="c" toName="no"/></View>'}, "/label_config"),
    ],
)
def test_a_wrong_project_is_refused_by_field(shared_api: Api, body: dict[str, Any], pointer: str) -> None:
    facts = shared_api.facts()
    response = shared_api.ask("POST", "/v1/projects", json=body)
    assert response.status_code == 422
    assert pointer in [error["pointer"] for error in response.json()["errors"]]
    assert shared_api.facts() == facts


@pytest.mark.parametrize(
    ("items", "code", "pointer"),
    [
        (result("Z"), "unknown-label", "/result/0/value/choices/0"),
        ([{**result("A")[0], "from_name": "nothing"}], "invalid-result", "/result/0/from_name"),
        ([{**result("A")[0], "value": {}}], "invalid-result", "/result/0/value/choices"),
        ([*result("A"), *result("B")], "invalid-result", None),
        ("A", "invalid-input", "/result"),
        ([7], "invalid-input", "/result/0"),
    ],
)
def test_a_wrong_answer_is_refused_by_item_and_field(
    shared_api: Api, annotator: int, items: Any, code: str, pointer: str | None
) -> None:
    response = shared_api.ask("POST", "/v1/tasks/1/annotations", annotator, json={"result": items})
    refused(response, 422, code, pointer)
    assert shared_api.done("GET", "/v1/tasks/1")["annotations"] == []


@pytest.mark.parametrize("id", ["0", "-1", "9007199254740992", "9" * 40, "abc", "1.5", "%00"])
def test_an_id_that_cannot_be_is_not_found(shared_api: Api, id: str) -> None:
    assert shared_api.ask("GET", f"/v1/tasks/{id}").status_code == 404
    assert shared_api.ask("POST", f"/v1/tasks/{id}/annotations", json={"result": []}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/tasks/77/annotations", {"result": []}),
        ("POST", "/v1/tasks/77/skip", {}),
        ("POST", "/v1/tasks/77/comments", {"text": "x"}),
        ("POST", "/v1/projects/77/next", None),
        ("POST", "/v1/projects/77/publish", None),
        ("GET", "/v1/projects/77/agreement", None),
        ("GET", "/v1/nowhere", None),
    ],
)
def test_what_does_not_exist_is_not_found(shared_api: Api, method: str, path: str, body: Any) -> None:
    refused(shared_api.ask(method, path, json=body), 404, "not-found")


def test_a_body_that_is_too_large_is_refused_however_it_comes(shared_api: Api) -> None:
    large = json.dumps({"title": "x" * 200_000})
    refused(shared_api.ask("POST", "/v1/projects", content=large, headers=JSON), 413, "too-large")
    pieces = (b"x" * 10_000 for _ in range(5_000))
    refused(shared_api.ask("POST", "/v1/projects", content=pieces, headers=JSON), 413, "too-large")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"If-Match": '"vx"'}, 422),
        ({"Idempotency-Key": "k" * 300}, 422),
        ({"Annolog-On-Behalf-Of": "ann"}, 422),
        ({"Annolog-On-Behalf-Of": "12345"}, 404),
    ],
)
def test_wrong_headers_are_refused_by_name(shared_api: Api, headers: dict[str, str], status: int) -> None:
    response = shared_api.ask("POST", "/v1/projects", json={"title": "x"}, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_method_that_is_not_there_is_a_problem_too(shared_api: Api) -> None:
    refused(shared_api.ask("DELETE", "/v1/projects"), 405, "method-not-allowed")


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/json"])
def test_an_import_names_its_wrong_lines_and_writes_nothing(api: Api, kind: str) -> None:
    project, _ = api.set_up(0)
    tasks = [{"data": {"text": "fine"}}, {"data": {"txt": 1}}, {"text": "bare"}, {"data": 7}, "no task"]
    lines = "\n".join(json.dumps(task) for task in tasks) if kind.endswith("ndjson") else json.dumps(tasks)
    path, headers = f"/v1/projects/{project}/imports", {"Content-Type": kind}
    found = refused(api.ask("POST", path, content=lines, headers=headers), 422, "invalid-input")
    assert [error["pointer"].split("/")[0] for error in found["errors"]] == ["line 2", "line 4", "line 5"]
    assert api.done("GET", f"/v1/projects/{project}")["tasks"] == 0
    report = api.done("POST", f"{path}?on_error=skip", content=lines, headers=headers)
    assert (report["imported"], [wrong["line"] for wrong in report["refused"]]) == (2, [2, 4, 5])
    assert api.done("GET", f"/v1/projects/{project}")["tasks"] == 2


def test_an_import_that_comes_again_changes_nothing(api: Api) -> None:
    project, _ = api.set_up(0)
    lines = "\n".join(json.dumps({"data": {"text": str(number)}}) for number in range(1_200))
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "import"}
    first = api.done("POST", f"/v1/projects/{project}/imports", content=lines, headers=headers)
    again = api.done("POST", f"/v1/projects/{project}/imports", content=lines, headers=headers)
    assert (first["imported"], again["imported"], first["first_task"]) == (1_200, 1_200, again["first_task"])
    assert api.done("GET", f"/v1/projects/{project}")["tasks"] == 1_200


@pytest.mark.parametrize("body", [b"", b"[]", b"{bad", b'{"no": "array"}', b"7"])
def test_an_import_without_tasks_is_refused(shared_api: Api, body: bytes) -> None:
    project, _ = shared_api.set_up(0)
    response = shared_api.ask("POST", f"/v1/projects/{project}/imports", content=body, headers=JSON)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


def test_every_problem_that_is_named_is_explained(shared_api: Api) -> None:
    response = shared_api.ask("POST", "/v1/projects", json={"title": "x", "label_config": LABEL_CONFIG[:-3]})
    explained = shared_api.done("GET", response.json()["type"])
    assert explained["code"] == response.json()["code"]
    assert explained["description"]


def test_a_board_ordered_by_more_columns_than_there_may_be_is_refused_by_field(shared_api: Api, annotator: int) -> None:
    project = shared_api.done("GET", "/v1/projects")["projects"][0]["project"]
    order = [("order", "task")] * 11
    response = shared_api.ask("GET", f"/v1/projects/{project}/tasks", params=order)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "query/order"
