"""Agreement, consensus and definitions over the wire, for those who may see them."""

from __future__ import annotations

from typing import Any

import pytest

Api = Any

SOURCE = "def agreement(annotation_1, annotation_2, per_label=False):\n    return 0.5\n"


def labelled_in(api: Api) -> tuple[Api, int, list[int]]:
    """Two people who agree on four tasks of six."""
    project, (ann, bob, rev) = api.set_up(6, assignment={"overlap": 2})
    for task, (one, other) in enumerate(("AA", "AB", "BB", "CC", "BC", "AA"), start=1):
        api.submit(task, ann, one)
        api.submit(task, bob, other)
    api.installation.settle()
    return api, project, [ann, bob, rev]


@pytest.fixture(scope="module")
def labelled(shared_api: Api) -> tuple[Api, int, list[int]]:
    return labelled_in(shared_api)


def test_agreement_of_a_project_from_every_side(labelled: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = labelled
    found = api.done("GET", f"/v1/projects/{project}/agreement", rev)
    assert (found["definition"], found["tasks"], found["percent_agreement"]) == (0, 6, pytest.approx(4 / 6))
    label = found["dimensions"]["label"]
    assert (label["metric"], label["labels"]["A"]["tasks"]) == ("exact_match", 3)
    assert label["labels"]["A"]["agreement"] == pytest.approx(2 / 3)

    by_label = {"dimension": "label", "resamples": 200}
    values = api.done("GET", f"/v1/projects/{project}/agreement/coefficients", rev, params=by_label)["coefficients"]
    alpha = values["krippendorff_alpha_nominal"]
    assert alpha["value"] == pytest.approx(label["coefficients"]["krippendorff_alpha_nominal"]["value"])
    assert alpha["interval"][0] <= alpha["value"] <= alpha["interval"][1]
    one = api.done("GET", f"/v1/projects/{project}/agreement/coefficients", rev, params={**by_label, "label": "A"})
    assert one["coefficients"]["percent_agreement"]["value"] == pytest.approx(5 / 6)

    [day] = api.done("GET", f"/v1/projects/{project}/agreement/coefficients/daily", rev, params=by_label)["days"]
    assert day["that_day"]["value"] == day["so_far"]["value"] == alpha["value"]
    assert day["so_far"]["interval"] == alpha["interval"]
    plain = {"dimension": "label"}
    [day] = api.done("GET", f"/v1/projects/{project}/agreement/coefficients/daily", rev, params=plain)["days"]
    assert day["so_far"]["interval"] is None

    two = api.done("GET", f"/v1/projects/{project}/agreement/pairs/{ann}/{bob}", rev, params=by_label)
    assert (two["tasks"], two["coefficients"]["cohen_kappa"]["value"]) == (6, pytest.approx(0.5))
    # These two are all the people there are, so that whatever does not tell them apart is as for the project.
    assert "pair" in values.pop("cohen_kappa")["reason"]
    assert {name: two["coefficients"][name] for name in values} == values
    against = api.done(
        "GET", f"/v1/projects/{project}/agreement/pairs/{ann}/{bob}", rev, params={**by_label, "label": "A"}
    )
    # A and A twice, A and B once, three times neither.
    assert against["coefficients"]["cohen_kappa"]["value"] == pytest.approx((5 / 6 - 1 / 2) / (1 - 1 / 2))
    assert against["coefficients"]["percent_agreement"]["value"] == pytest.approx(5 / 6)

    spread = api.done("GET", f"/v1/projects/{project}/agreement/distribution", rev, params={"threshold": 0.5})
    assert (spread["buckets"][0], spread["buckets"][9], spread["low"]) == (2, 4, 2)

    why = api.done("GET", f"/v1/projects/{project}/agreement/explanation", rev, params={"dimension": "label"})
    assert {task["task"] for task in why["tasks"][:2]} == {2, 5}
    assert {(pair["one"], pair["other"]) for pair in why["labels"]} == {("A", "B"), ("B", "C")}


def test_confusion_and_labels(api: Api) -> None:
    _, project, (_, _, rev) = labelled_in(api)
    truth = api.submit(2, rev, "B").json()["annotation"]
    api.done("PUT", "/v1/tasks/2/ground-truth", rev, json={"annotation": truth})
    review = {"verdict": "accepted"}
    first = api.done("GET", "/v1/tasks/5", rev)["annotations"][0]
    api.done("POST", f"/v1/tasks/5/annotations/{first['id']}/reviews", rev, json=review)
    api.installation.settle()
    found = {}
    for mode in ("all", "accepted", "ground_truth"):
        params = {"dimension": "label", "mode": mode}
        found[mode] = api.done("GET", f"/v1/projects/{project}/confusion", rev, params=params)
    assert found["all"]["comparisons"] == 12
    assert found["accepted"]["cells"] == [{"row": "B", "column": "C", "count": 1}]
    assert found["ground_truth"]["cells"] == [
        {"row": "B", "column": "A", "count": 1},
        {"row": "B", "column": "B", "count": 1},
    ]
    assert found["ground_truth"]["quality"]["B"]["recall"] == 0.5
    labels = api.done("GET", f"/v1/projects/{project}/labels", rev, params={"dimension": "label"})
    assert {row["label"]: row["annotations"] for row in labels["labels"]} == {"A": 5, "B": 4, "C": 3}


def test_confusion_of_one_person_is_what_they_said_where_something_else_is_right(api: Api) -> None:
    _, project, (ann, bob, rev) = labelled_in(api)
    truth = api.submit(2, rev, "B").json()["annotation"]
    api.done("PUT", "/v1/tasks/2/ground-truth", rev, json={"annotation": truth})
    [by_ann] = [one for one in api.done("GET", "/v1/tasks/5", rev)["annotations"] if one["annotator"] == ann]
    api.done("POST", f"/v1/tasks/5/annotations/{by_ann['id']}/reviews", rev, json={"verdict": "accepted"})
    api.installation.settle()
    path = f"/v1/projects/{project}/confusion"

    def cells(person: int, mode: str) -> list[tuple[str, str, float]]:
        found = api.done("GET", path, rev, params={"dimension": "label", "mode": mode, "person": person})
        return [(cell["row"], cell["column"], cell["count"]) for cell in found["cells"]]

    assert (cells(ann, "ground_truth"), cells(bob, "ground_truth")) == ([("B", "A", 1)], [("B", "B", 1)])
    assert (cells(ann, "accepted"), cells(bob, "accepted")) == ([], [("B", "C", 1)])
    refused = api.ask("GET", path, rev, params={"dimension": "label", "person": ann})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "query/person"
    api.done("POST", f"/v1/projects/{project}/settings/review", json={"anonymize_annotations": True})
    asked = {"dimension": "label", "mode": "ground_truth", "person": ann}
    assert api.ask("GET", path, rev, params=asked).status_code == 403


def test_pairs_are_those_of_some_people_if_one_likes(api: Api) -> None:
    _, project, (ann, bob, rev) = labelled_in(api)
    api.submit(1, rev, "A")
    api.installation.settle()
    path = f"/v1/projects/{project}/agreement/pairs"

    def pairs(*people: int) -> list[tuple[int, int]]:
        found = api.done("GET", path, rev, params={"person": people})["pairs"]
        return [(pair["one"], pair["other"]) for pair in found]

    assert pairs() == pairs(ann, bob, rev)
    assert (pairs(ann, bob), pairs(ann)) == ([(ann, bob)], [])
    assert api.ask("GET", path, rev, params={"person": "nobody"}).status_code == 422


def test_the_list_of_annotators_tells_nobody_of_agreement_who_is_not_shown_it(api: Api) -> None:
    _, project, (ann, bob, rev) = labelled_in(api)
    path = f"/v1/projects/{project}/annotators"
    assert {"agreement", "performance_score"} <= api.done("GET", path, rev)["annotators"][0].keys()
    api.done("POST", f"/v1/projects/{project}/settings/review", json={"show_agreement": False})
    rows = api.done("GET", path, rev)["annotators"]
    assert [row["person"] for row in rows] == [ann, bob]
    kept = {"agreement", "consensus_accuracy", "ground_truth_accuracy", "performance_score"}
    assert not any(kept & row.keys() for row in rows)
    assert all("agreement" in row for row in api.done("GET", path)["annotators"])


def test_consensus_models_and_skills(api: Api) -> None:
    _, project, (_, _, rev) = labelled_in(api)
    assert api.installation.fitter.fit(project) == [1]
    api.installation.settle()
    page = api.done("GET", f"/v1/projects/{project}/consensus", rev, params={"limit": 2})
    assert [row["task"] for row in page["tasks"]] == [1, 2]
    assert page["next"] == 2
    task = api.done("GET", "/v1/tasks/2/consensus", rev)["dimensions"]["label"]
    assert task["version"] == 1
    assert sum(entry["probability"] for entry in task["posterior"]) == pytest.approx(1)
    [model] = api.done("GET", f"/v1/projects/{project}/consensus/models", rev)["models"]
    assert (model["tasks"], model["answers"], model["evidence"]["chosen_by"]) == (6, 12, "answers")
    [dimension] = api.done("GET", f"/v1/projects/{project}/consensus/skills", rev)["dimensions"]
    assert len(dimension["people"]) == 2


def test_a_definition_is_proposed_compared_and_activated(api: Api) -> None:
    _, project, (_, _, rev) = labelled_in(api)
    digest = api.done("POST", f"/v1/projects/{project}/agreement/metrics", json={"name": "half", "source": SOURCE})[
        "digest"
    ]
    path = f"/v1/projects/{project}/agreement/definitions"
    version = api.done("POST", path, json={"definition": {"custom": digest}})["version"]
    api.installation.settle()
    rows = api.done("GET", path, rev)["definitions"]
    assert [(row["version"], row["status"], row["score"]) for row in rows] == [
        (0, "active", pytest.approx(4 / 6)),
        (version, "proposed", 0.5),
    ]
    api.done("POST", f"/v1/projects/{project}/agreement/activate", json={"version": version})
    api.installation.settle()
    assert api.done("GET", f"/v1/projects/{project}/agreement", rev)["score"] == 0.5
    old = api.done("GET", f"/v1/projects/{project}/agreement", rev, params={"definition": 0})
    assert (old["score"], old["in_force"]) == (pytest.approx(4 / 6), False)


def test_who_participates_in_a_matrix_is_chosen(labelled: tuple[Api, int, list[int]]) -> None:
    api, _, (ann, bob, rev) = labelled
    whole = api.done("GET", "/v1/tasks/2/agreement", rev)
    assert [(row["one"], row["other"], row["agreement"]) for row in whole["matrix"]] == [(str(ann), str(bob), 0)]
    alone = api.done("GET", "/v1/tasks/2/agreement", rev, params={"participant": [str(ann)]})
    assert alone["matrix"] == []
    refused = api.ask("GET", "/v1/tasks/2/agreement", rev, params={"participant": [str(ann), "model:x", "nobody"]})
    assert refused.status_code == 404
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["query/participant/1", "query/participant/2"]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("metrics", {"name": "", "source": SOURCE}, "/name"),
        ("metrics", {"name": "n" * 201, "source": SOURCE}, "/name"),
        ("withdraw", {"reason": "r" * 1001}, "/reason"),
        ("definitions", {"definition": {"weights": {"label": "much"}}}, "/definition/weights/label"),
        (
            "definitions",
            {"definition": {"metrics": {"label": {"metric": "overlap", "parameters": [1]}}}},
            "/definition",
        ),
        (
            "definitions",
            {"definition": {"metrics": {"label": {"metric": "jaccard", "parameters": {"x": []}}}}},
            "/definition",
        ),
        ("definitions", {"definition": {"metrics": {"label": {"metric": "mood"}}}}, "/definition/metrics/label/metric"),
        ("definitions", {"definition": {"label_weights": {"a/b": {}}}}, "/definition/label_weights/a~1b"),
        ("definitions", {"definition": {"weights": {"label": 0}}}, "/definition/weights"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    labelled: tuple[Api, int, list[int]], path: str, body: dict[str, object], pointer: str
) -> None:
    api, project, _ = labelled
    refused = api.ask("POST", f"/v1/projects/{project}/agreement/{path}", json=body)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"].startswith(pointer)


def test_an_annotator_sees_none_of_it_and_mistakes_are_told(labelled: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, _, rev) = labelled
    base = f"/v1/projects/{project}"
    for path in (
        f"{base}/agreement", f"{base}/agreement/coefficients?dimension=label", f"{base}/confusion?dimension=label",
        f"{base}/consensus", f"{base}/consensus/skills", "/v1/tasks/1/consensus", f"{base}/agreement/definitions",
    ):  # fmt: skip
        assert api.ask("GET", path, ann).status_code == 403
    unknown = api.ask("GET", f"{base}/agreement/coefficients", rev, params={"dimension": "mood"})
    assert (unknown.status_code, "mood" in unknown.json()["detail"]) == (404, True)
    never = api.ask("GET", f"{base}/agreement", rev, params={"definition": 9})
    assert never.status_code == 404
    wrong = api.ask("POST", f"{base}/agreement/definitions", json={"definition": {"weights": {"label": 3}}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-input")
    refused = api.ask("POST", f"{base}/agreement/metrics", json={"name": "x", "source": "def agreement(:"})
    assert "line 1" in refused.json()["detail"]
