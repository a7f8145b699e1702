"""Questions about agreement that do not fit a control are answered in words or refused, never by a wrong figure."""

from __future__ import annotations

from typing import Any

import pytest

Api = Any

CONFIG = (
    '<View><Text name="text" value="$text"/>'
    '<TextArea name="note" toName="text"/>'
    '<Labels name="span" toName="text"><Label value="X"/><Label value="Y"/></Labels>'
    '<Rating name="stars" toName="text" maxRating="5"/>'
    '<Choices name="unused" toName="text"><Choice value="A"/><Choice value="B"/></Choices>'
    '<Taxonomy name="place" toName="text"><Choice value="x"><Choice value="y"/></Choice></Taxonomy></View>'
)


def item(control: str, type: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "text", "type": type, "value": value, **more}


def answered_in(api: Api) -> tuple[Api, str, list[int]]:
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


@pytest.fixture(scope="module")
def answered(shared_api: Api) -> tuple[Api, str, list[int]]:
    return answered_in(shared_api)


def test_alpha_of_a_text_rests_on_the_tasks_that_somebody_wrote_one_for(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    found = api.done("GET", f"{base}/agreement/coefficients", params={"dimension": "note"})["coefficients"]
    assert list(found) == ["krippendorff_alpha_by_metric"]
    alpha = found["krippendorff_alpha_by_metric"]
    assert (alpha["tasks"], alpha["answers"], alpha["value"]) == (1, 2, pytest.approx(0))


def test_two_people_have_alpha_where_there_are_no_categories_and_no_kappa(
    answered: tuple[Api, str, list[int]],
) -> None:
    """As for the project, which has no other people: of one task with notes, and of two with spans."""
    api, base, (ann, bob) = answered
    for control, tasks in (("note", 1), ("span", 2)):
        pair = api.done("GET", f"{base}/agreement/pairs/{ann}/{bob}", params={"dimension": control})
        assert (pair["coefficients"]["cohen_kappa"]["value"], pair["confusion"]) == (None, [])
        assert "no categories" in pair["coefficients"].pop("cohen_kappa")["reason"]
        whole = api.done("GET", f"{base}/agreement/coefficients", params={"dimension": control})["coefficients"]
        assert pair["coefficients"] == whole
        assert whole["krippendorff_alpha_by_metric"]["tasks"] == tasks
        assert whole["krippendorff_alpha_by_metric"]["chance"]["sampled"] is False
        assert ("krippendorff_alpha_unitizing" in whole) == (control == "span")


def test_alpha_of_regions_can_be_asked_of_one_label(answered: tuple[Api, str, list[int]]) -> None:
    """Both drew the same span of X in both tasks, and nobody one of Y."""
    api, base, (ann, bob) = answered
    for path in ("coefficients", f"pairs/{ann}/{bob}"):
        found = {
            label: api.done("GET", f"{base}/agreement/{path}", params={"dimension": "span", "label": label})
            for label in ("X", "Y")
        }
        assert found["X"]["coefficients"]["krippendorff_alpha_unitizing"]["value"] == 1
        assert found["X"]["coefficients"]["krippendorff_alpha_unitizing"]["tasks"] == 2
        nobodys = found["Y"]["coefficients"]
        assert "krippendorff_alpha_unitizing" not in nobodys
        assert nobodys["krippendorff_alpha_by_metric"]["value"] is None
        assert nobodys["krippendorff_alpha_by_metric"]["reason"] == "no task has two answers"


@pytest.mark.parametrize(("control", "label"), [("span", "ZZ"), ("note", "X"), ("unused", "ZZ"), ("place", "y")])
def test_a_label_that_a_control_has_not_is_refused_by_name(
    answered: tuple[Api, str, list[int]], control: str, label: str
) -> None:
    api, base, (ann, bob) = answered
    for path in ("coefficients", f"pairs/{ann}/{bob}"):
        refused = api.ask("GET", f"{base}/agreement/{path}", params={"dimension": control, "label": label})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (404, "query/label")
        assert label in refused.json()["detail"]


def test_a_label_that_nobody_gave_is_one_of_the_config(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    for control, label in (("unused", "A"), ("place", "x / y"), ("stars", "5")):
        params = {"dimension": control, "label": label}
        found = api.done("GET", f"{base}/agreement/coefficients", params=params)["coefficients"]
        assert "pair" in found["cohen_kappa"]["reason"]
        assert found["krippendorff_alpha_nominal"]["reason"]
    for label in ("6", "4.0", "nan", "many"):
        params = {"dimension": "stars", "label": label}
        assert api.ask("GET", f"{base}/agreement/coefficients", params=params).status_code == 404


def test_a_daily_curve_and_a_confusion_say_why_they_are_empty(answered: tuple[Api, str, list[int]]) -> None:
    api, base, _ = answered
    daily = {
        control: api.done("GET", f"{base}/agreement/coefficients/daily", params={"dimension": control})
        for control in ("note", "span", "unused", "place")
    }
    assert [len(found["days"]) for found in daily.values()] == [0, 0, 0, 1]
    assert daily["note"]["reason"] == daily["span"]["reason"]
    assert "no categories" in daily["note"]["reason"]
    assert (daily["unused"]["reason"], daily["place"]["reason"]) == ("no task has two answers", None)
    confusion = {
        control: api.done("GET", f"{base}/confusion", params={"dimension": control})["reason"]
        for control in ("stars", "note", "unused", "place")
    }
    assert confusion["stars"] == confusion["note"]
    assert "no labels" in confusion["stars"]
    assert (confusion["unused"], confusion["place"]) == ("no task has two answers", None)
    truth = api.done("GET", f"{base}/confusion", params={"dimension": "place", "mode": "ground_truth"})
    assert "ground truth" in truth["reason"]


def test_nobody_is_a_pair_alone(answered: tuple[Api, str, list[int]]) -> None:
    api, base, (ann, _) = answered
    refused = api.ask("GET", f"{base}/agreement/pairs/{ann}/{ann}", params={"dimension": "place"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "path/other")


def test_what_is_only_known_to_be_true_is_a_consensus(api: Api) -> None:
    _, base, _ = answered_in(api)
    api.done("POST", f"{base}/imports", json=[{"data": {"text": "some text"}}] * 2)
    span = item("span", "labels", {"start": 0, "end": 4, "text": "some", "labels": ["X"]}, id="r")
    result = [span, item("place", "taxonomy", {"taxonomy": [["x"]]}), item("note", "textarea", {"text": ["so"]})]
    truth = api.done("POST", "/v1/tasks/3/annotations", json={"result": result})["annotation"]
    api.done("PUT", "/v1/tasks/3/ground-truth", json={"annotation": truth})
    api.installation.settle()
    pages = [api.done("GET", f"{base}/consensus", params={"limit": 2, "after": after}) for after in (0, 2)]
    assert [[row["task"] for row in page["tasks"]] for page in pages] == [[1, 2], [3]]
    assert [page["next"] for page in pages] == [2, None]
    [only] = pages[1]["tasks"]
    assert only == api.done("GET", "/v1/tasks/3/consensus")
    assert (only["answers"], only["dimensions"].keys()) == (0, {"span", "place"})
    place, regions = only["dimensions"]["place"], only["dimensions"]["span"]["regions"]
    assert (place["winners"], place["people"], place["known"]) == ([[["x"]]], [], True)
    assert [(found["region"]["labels"], found["people"]) for found in regions] == [(["X"], [])]
    api.done("POST", f"{base}/tasks/delete", json={"tasks": [3], "reason": "gone"})
    api.installation.settle()
    assert api.done("GET", f"{base}/consensus", params={"after": 2})["tasks"] == []


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
