"""Setting a project up over the API: configs and imports that are looked at, tables, and who changed what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.http.conftest import Api
from tests.world import LABEL_CONFIG, result

CSV = {"Content-Type": "text/csv"}
TEXT = {"Content-Type": "text/plain"}
TWO_FIELDS = LABEL_CONFIG.replace("</View>", '<Text name="more" value="$more"/></View>')


def checked(api: Api, config: str) -> dict[str, Any]:
    return api.done("POST", "/v1/label-configs/check", json={"label_config": config})


def project_with(api: Api, config: str = LABEL_CONFIG) -> int:
    id: int = api.done("POST", "/v1/projects", json={"title": "new", "label_config": config})["project"]
    return id


def data_of(api: Api, project: int) -> list[Any]:
    import orjson

    lines = api.ask("GET", f"/v1/projects/{project}/export").content.splitlines()
    return [orjson.loads(line)["data"] for line in lines]


def test_a_config_says_what_it_asks_and_how_that_can_be_compared(api: Api) -> None:
    found = checked(api, LABEL_CONFIG)
    assert found["valid"]
    assert found["variables"] == ["text"]
    [control] = found["controls"]
    assert control["tag"] == "Choices"
    assert control["default_metric"] in [one["metric"] for one in control["metrics"]]


def test_what_is_no_xml_is_told_with_its_place(api: Api) -> None:
    found = checked(api, "<View>\n  <Text></View>")
    assert not found["valid"]
    assert (found["wrong"][0]["line"], found["wrong"][0]["column"]) == (2, 11)


def test_every_flaw_is_told_where_its_control_stands(api: Api) -> None:
    xml = '<View>\n<Choices name="a" toName="x"><Choice value="1"/></Choices>\n<Rating name="b" toName="y"/></View>'
    found = checked(api, xml)
    assert [(one["line"], one["column"]) for one in found["wrong"]] == [(2, 10), (3, 9)]


def test_a_config_preview_says_what_answers_would_lose(api: Api) -> None:
    project, (ann, *_) = api.set_up(1)
    task = api.done("POST", f"/v1/projects/{project}/next", ann)["task"]
    assert api.submit(task, ann).status_code < 300
    changed = LABEL_CONFIG.replace('<Choice value="A"/>', "").replace('value="$text"', 'value="$words"')
    path = f"/v1/projects/{project}/label-config/preview"
    api.installation.wait_for(api.installation.bus.head)
    change = api.done("POST", path, json={"label_config": changed})["change"]
    assert change["changed_controls"][0]["removed_labels"] == ["A"]
    assert (change["added_variables"], change["removed_variables"]) == (["words"], ["text"])
    assert (change["tasks"], change["annotations"], change["same"]) == (1, 1, False)
    assert api.done("POST", path, json={"label_config": LABEL_CONFIG})["change"]["same"]
    assert api.done("GET", f"/v1/projects/{project}")["config_version"] == 1


def test_a_table_becomes_tasks_whose_values_stay_texts(api: Api) -> None:
    project = project_with(api)
    body = '\ufefftext,number\r\n"one, and\r\ntwo",007\r\n\r\nthree,1e3\r\n'
    found = api.done("POST", f"/v1/projects/{project}/imports", content=body.encode(), headers=CSV)
    assert found["imported"] == 2
    assert data_of(api, project) == [{"text": "one, and\r\ntwo", "number": "007"}, {"text": "three", "number": "1e3"}]


def test_tabs_and_plain_lines_are_tables_too(api: Api) -> None:
    project = project_with(api)
    tabs = {"Content-Type": "text/tab-separated-values"}
    assert api.done("POST", f"/v1/projects/{project}/imports", content=b"text\nx, y\n", headers=tabs)["imported"] == 1
    assert api.done("POST", f"/v1/projects/{project}/imports", content=b"a\n\n b\n", headers=TEXT)["imported"] == 2
    assert data_of(api, project) == [{"text": "x, y"}, {"text": "a"}, {"text": " b"}]


def test_lines_of_text_are_called_as_the_config_calls_them(api: Api) -> None:
    project = project_with(api, LABEL_CONFIG.replace("$text", "$sentence"))
    api.done("POST", f"/v1/projects/{project}/imports", content=b"a\n", headers=TEXT)
    assert data_of(api, project) == [{"sentence": "a"}]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (b"text,more\na,b\n\nc\n", 4, "has 1 values, and there are 2 columns"),
        (b'text\n"a\nb"\n"c" d\n', 4, "is not a row of a table"),
        (b'text\n"never closed\n', 2, "is not a row of a table"),
    ],
)
def test_a_row_that_is_none_is_named_by_its_line(api: Api, body: bytes, line: int, words: str) -> None:
    project = project_with(api)
    refusal = api.ask("POST", f"/v1/projects/{project}/imports", content=body, headers=CSV)
    assert refusal.status_code == 422
    assert any(f"line {line}/" in one["pointer"] and words in one["detail"] for one in refusal.json()["errors"])
    assert api.done("GET", f"/v1/projects/{project}")["tasks"] == 0


@pytest.mark.parametrize("body", [b"\xff\xfe\x00text", b"text,,x\n", b"text,text\n1,2\n", b""])
def test_a_file_that_is_no_table_is_refused_as_a_whole(api: Api, body: bytes) -> None:
    refusal = api.ask("POST", f"/v1/projects/{project_with(api)}/imports", content=body, headers=CSV)
    assert refusal.status_code in (400, 422)
    assert refusal.headers["content-type"] == "application/problem+json"


def test_a_look_at_an_import_writes_nothing_and_names_what_lacks(api: Api) -> None:
    project = project_with(api, TWO_FIELDS)
    before = api.facts()
    body = b"text,other\na,1\nb,2\nc"
    found = api.done("POST", f"/v1/projects/{project}/imports/check?partial=true", content=body, headers=CSV)
    assert api.facts() == before
    assert (found["lines"], found["wrong_count"]) == (2, 2)
    assert found["wrong"][0]["pointer"] == "/data/more"
    assert found["fields"] == [
        {"field": "more", "lines": 0, "needed": True},
        {"field": "text", "lines": 2, "needed": True},
        {"field": "other", "lines": 2, "needed": False},
    ]
    assert [row["data"]["text"] for row in found["rows"]] == ["a", "b"]


HOSTILE: list[Any] = [
    "x",
    [{"value": 3}],
    [{"from_name": "nobody", "to_name": "text", "type": "choices", "value": {"choices": ["A"]}}],
    [{"from_name": ["label"], "to_name": {}, "type": [], "value": None}],
    [result("A")[0] | {"value": {"choices": [1e308]}}],
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_predictions_that_fit_no_config_are_refused_by_line_and_field(api: Api, hostile: Any) -> None:
    project = project_with(api)
    lines = [{"data": {"text": "a"}}, {"data": {"text": "b"}, "predictions": [{"result": hostile, "score": 1e308}]}]
    looked = api.done("POST", f"/v1/projects/{project}/imports/check", json=lines)
    assert [one["line"] for one in looked["wrong"]] == [2]
    assert looked["wrong"][0]["pointer"].startswith("/predictions/0/result")
    refusal = api.ask("POST", f"/v1/projects/{project}/imports", json=lines)
    assert refusal.status_code == 422
    assert refusal.json()["errors"][0]["pointer"] == "line 2" + looked["wrong"][0]["pointer"]
    left_out = api.done("POST", f"/v1/projects/{project}/imports?on_error=skip", json=lines)
    assert (left_out["imported"], left_out["refused"]) == (1, looked["wrong"])


def test_extreme_numbers_of_an_import_stop_no_read_model(api: Api) -> None:
    project = project_with(api)
    predictions = [{"result": result("A"), "score": score, "model_version": f"m{score}"} for score in (1e308, -1e308)]
    line = {"data": {"text": "a"}, "predictions": predictions * 2, "annotations": [{"result": result("A")}]}
    api.done("POST", f"/v1/projects/{project}/imports", json=[line])
    too_long = line | {"annotations": [{"result": result("A"), "lead_time": 1e308}]}
    assert api.ask("POST", f"/v1/projects/{project}/imports", json=[too_long]).status_code == 422
    api.installation.wait_for(api.installation.bus.head)
    assert not api.done("GET", "/v1/system")["parked"]
    assert api.done("GET", f"/v1/projects/{project}/tasks")["tasks"][0]["prediction_count"] == 4


def test_the_history_tells_who_changed_what_the_latest_first(api: Api) -> None:
    project = project_with(api)
    api.done("POST", f"/v1/projects/{project}/settings/assignment", json={"overlap": 2})
    api.done("POST", f"/v1/projects/{project}/settings/review", json={"criteria": "all"})
    api.done("PUT", f"/v1/projects/{project}/instructions", json={"instructions": "look"})
    found = api.done("GET", f"/v1/projects/{project}/changes?limit=2")
    assert [one["type"] for one in found["changes"]] == ["InstructionsRevised", "SettingsChanged"]
    rest = api.done("GET", f"/v1/projects/{project}/changes?before={found['next']}")
    assert [one["type"] for one in rest["changes"]] == ["SettingsChanged", "LabelConfigRevised", "ProjectCreated"]
    assert rest["next"] is None
    [own] = api.done("GET", f"/v1/projects/{project}/changes?group=assignment")["changes"]
    assert (own["data"]["old"]["overlap"], own["data"]["new"]["overlap"]) == (1, 2)
    assert own["actor"] == api.done("GET", "/v1/me")["person"]


def test_letting_a_policy_take_over_is_previewed_without_doing_it(api: Api) -> None:
    project, _ = api.set_up(4)
    before = api.done("GET", f"/v1/projects/{project}")["settings"]
    path = f"/v1/projects/{project}/simulations/apply/preview"
    found = api.done("POST", path, json={"policy": "fixed", "parameter": 3})
    assert found["groups"]["assignment"]["new"]["overlap"] == 3
    assert (found["effect"]["labels_after"], found["effect"]["feasible"]) == (12, False)
    assert api.done("GET", f"/v1/projects/{project}")["settings"] == before
