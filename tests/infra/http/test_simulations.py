"""Simulations over the wire: for managers, bounded, and with what is needed to choose."""

from __future__ import annotations

import pytest

from annolog.infra import simulation
from tests.infra.http.conftest import Api


def worked(api: Api) -> tuple[int, list[int]]:
    project, people = api.set_up(tasks=4, assignment={"overlap": 2})
    for who in people[:2]:
        for task in range(1, 5):
            assert api.submit(task, who).status_code == 201
    return project, people


def test_managers_see_what_each_policy_needs_and_let_one_take_over(api: Api) -> None:
    project, (ann, bob, rev) = worked(api)
    path = f"/v1/projects/{project}/simulations"
    body = {"policies": [{"policy": "fixed"}, {"policy": "rule", "parameters": [0.5]}], "seeds": 2}
    found = api.done("POST", path, json=body)
    keys = [(row["policy"], row["parameter"], row["seed"]) for row in found["outcomes"]]
    tried = (("fixed", 1.0), ("fixed", 2.0), ("rule", 0.5))
    assert sorted(keys) == [(name, parameter, seed) for name, parameter in tried for seed in (0, 1)]
    assert 0 < found["position"] <= api.installation.log.head()
    everything = next(row for row in found["outcomes"] if row["parameter"] == 2.0)
    assert everything["asked"] == [{"person": ann, "labels": 4}, {"person": bob, "labels": 4}]
    assert (everything["imputed_share"], everything["accuracy"], everything["against"]) == (0, 1.0, "consensus")
    for who in (ann, rev):
        assert api.ask("POST", path, who, json=body).status_code == 403
        assert api.ask("POST", f"{path}/apply", who, json={"policy": "fixed", "parameter": 1}).status_code == 403

    applied = api.ask("POST", f"{path}/apply", json={"policy": "confidence", "parameter": 0.9, "budget": 1.72})
    # Both people of the project are asked already.
    assert (applied.status_code, applied.json()["code"]) == (422, "infeasible-settings")
    accepted = {"accept_infeasible": True}
    chosen = {"policy": "confidence", "parameter": 0.9, "budget": 1.72}
    api.done("POST", f"{path}/apply", params=accepted, json=chosen)
    rule = api.done("GET", f"/v1/projects/{project}")["settings"]["reassignment"]
    assert (rule["enabled"], rule["policy"], rule["confidence"], rule["budget"]) == (True, "confidence", 0.9, 1.8)
    api.done("POST", f"{path}/apply", json={"policy": "fixed", "parameter": 1})
    settings = api.done("GET", f"/v1/projects/{project}")["settings"]
    assert (settings["assignment"]["overlap"], settings["reassignment"]["enabled"]) == (1, False)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"seeds": 1000}, "/seeds"),
        ({"policies": [{"policy": "fixed"}, {"policy": "guess"}]}, "/policies/1/policy"),
        ({"policies": [{"policy": "rule", "parameters": [0.5, 2]}]}, "/policies/0/parameters/1"),
        ({"budget": -1}, "/budget"),
        ({"polices": []}, "/polices"),
    ],
)
def test_what_is_wrong_is_named(api: Api, body: dict[str, object], pointer: str) -> None:
    project, _ = worked(api)
    refused = api.ask("POST", f"/v1/projects/{project}/simulations", json=body)
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]


def test_long_work_is_refused_by_the_field_that_makes_it_long(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    project, _ = worked(api)
    path, body = f"/v1/projects/{project}/simulations", {"policies": [{"policy": "fixed"}], "seeds": 4}
    monkeypatch.setattr(simulation, "MOST_LOOKED_AT", 48)
    refused = api.ask("POST", path, json=body).json()
    assert refused["errors"] == [{"pointer": "/seeds", "detail": "with 8 answers and so many parameters at most 3"}]
    monkeypatch.setattr(simulation, "MOST_TASKS", 3)
    refused = api.ask("POST", path, json=body).json()
    assert [fault["pointer"] for fault in refused["errors"]] == ["path/id"]


def test_what_cannot_take_over_is_refused(api: Api) -> None:
    project, _ = worked(api)
    path = f"/v1/projects/{project}/simulations/apply"
    for body, pointer in (
        ({"policy": "guess", "parameter": 1}, "/policy"),
        ({"policy": "fixed", "parameter": 1.5}, "/parameter"),
        ({"policy": "rule", "parameter": 0.5, "budget": 2}, "/budget"),
        ({"policy": "fixed", "parameter": 200}, "/assignment/overlap"),
    ):
        refused = api.ask("POST", path, json=body)
        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert api.ask("POST", "/v1/projects/99/simulations", json={}).status_code == 404
