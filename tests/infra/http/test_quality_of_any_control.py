"""Questions about agreement that do not fit a control are answered in words or refused, never by a wrong figure."""

from __future__ import annotations

from typing import Any

import pytest

Api = Any

CONFIG = (
    '<View><Text name="text" value="$text"/>'
    '<TextArea name="note" toName="text"/><Labels name="span" toName="text"><Label value="X"/></Labels>'
    '<Choices name="unused" toName="text"><Choice value="A"/><Choice value="B"/></Choices>'
    '<Taxonomy name="place" toName="text"><Choice value="x"><Choice value="y"/></Choice></Taxonomy></View>'
)


def item(control: str, type: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "text", "type": type, "value": value, **more}


@pytest.fixture
def answered(api: Api) -> tuple[Api, str, list[int]]:
    """Two people, whose notes differ on one task and are missing on the other; they drew the same span on each."""
    body = {"title": "any", "label_config": CONFIG, "settings": {"assignment": {"overlap": 2}}}
    project = api.done("POST", "/v1/projects", json=body)["project"]
    people = api.done("POST", "/v1/people", json={"people": [{"handle": "ann"}, {"handle": "bob"}]})["people"]
    ids = [person["person"] for person in people]
    members = [{"person": id, "role": "annotator"} for id in ids]
    api.done("POST", f"/v1/projects/{project}/members", json={"members": members})
    api.done("POST", f"/v1/projects/{project}/imports", json=[{"data": {"text": "some text"}}] * 2)
    api.done("POST", f"/v1/projects/{project}/publish")
    span = item("span", "labels", {"start": 0, "end": 4, "text": "some", "labels": ["X"]}, id="r")
    for person, note in zip(ids, ("hello", "hallo"), strict=True):
        first = [
            item("note", "textarea", {"text": [note]}),
            item("place", "taxonomy", {"taxonomy": [["x", "y"]]}),
            span,
        ]
        for task, result in ((1, first), (2, [span])):
            api.done("POST", f"/v1/tasks/{task}/annotations", person, json={"result": result})
    api.installation.settle()
    return api, f"/v1/projects/{project}", ids


def test_alpha_of_a_text_rests_on_the_tasks_that_somebody_wrote_one_for(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    found = api.done("GET", f"{base}/agreement/coefficients", params={"dimension": "note"})["coefficients"]
    assert list(found) == ["krippendorff_alpha_by_metric"]
    alpha = found["krippendorff_alpha_by_metric"]
    assert (alpha["tasks"], alpha["answers"], alpha["value"]) == (1, 2, pytest.approx(0))


def test_what_has_no_categories_has_no_kappa_and_a_text_no_labels(
    answered: tuple[Api, str, list[int]],
) -> None:
    api, base, (ann, bob) = answered
    for control in ("note", "span"):
        pair = api.done("GET", f"{base}/agreement/pairs/{ann}/{bob}", params={"dimension": control})
        assert (pair["coefficients"]["cohen_kappa"]["value"], pair["confusion"]) == (None, [])
        assert "no categories" in pair["coefficients"]["cohen_kappa"]["reason"]
    label = api.done("GET", f"{base}/agreement/coefficients", params={"dimension": "note", "label": "X"})
    assert [found["value"] for found in label["coefficients"].values()] == [None]


def test_alpha_of_regions_can_be_asked_of_one_label(answered: tuple[Api, str, list[int]]) -> None:
    """Both drew the same span of X in both tasks, and nobody one of another label."""
    api, base, _ = answered
    found = {
        label: api.done("GET", f"{base}/agreement/coefficients", params={"dimension": "span", "label": label})
        for label in ("X", "nobody's")
    }
    assert found["X"]["coefficients"]["krippendorff_alpha_unitizing"]["value"] == 1
    assert found["X"]["coefficients"]["krippendorff_alpha_unitizing"]["tasks"] == 2
    nobodys = found["nobody's"]["coefficients"]
    assert {name: value["value"] for name, value in nobodys.items()} == {"krippendorff_alpha_by_metric": None}
    assert nobodys["krippendorff_alpha_by_metric"]["reason"] == "no task has two answers"


def test_only_answers_to_a_control_are_compared_for_its_confusion(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    comparisons = {
        control: api.done("GET", f"{base}/confusion", params={"dimension": control})["comparisons"]
        for control in ("span", "place", "unused")
    }
    assert comparisons == {"span": 4, "place": 2, "unused": 0}


def test_places_of_a_taxonomy_are_told_by_their_paths(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    rows = api.done("GET", f"{base}/labels", params={"dimension": "place"})["labels"]
    assert [(row["label"], row["annotations"]) for row in rows] == [("x / y", 2)]


def test_pairs_by_a_control_that_is_not_there_are_refused(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    refused = api.ask("GET", f"{base}/agreement/pairs", params={"dimension": "mood"})
    assert (refused.status_code, "mood" in refused.json()["detail"]) == (404, True)


def test_what_a_command_would_not_take_is_refused_by_field(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    source = "def agreement(annotation_1, annotation_2, per_label=False):\n    return 0.5\n"
    for name in ("", "n" * 201):
        refused = api.ask("POST", f"{base}/agreement/metrics", json={"name": name, "source": source})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/name")
    refused = api.ask("POST", f"{base}/agreement/withdraw", json={"reason": "r" * 1_001})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reason")
