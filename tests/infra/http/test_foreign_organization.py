"""What belongs to another organization is answered like what is not there, to whomever and by whatever id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from annolog.domain.access.roles import ROLES
from tests.infra.http.neighbours import (
    IDS,
    MARK,
    NOWHERE,
    ROLES_OF_THE_FIRST,
    Neighbours,
    ids_in,
    must_bear_no_mark,
    neighbours_in,
    told,
)
from tests.infra.http.routes_table import ROUTES
from tests.world import result

WITH_IDS = [route for route, ask in ROUTES.items() if ids_in(route, ask)]
# What is followed has no end; that has a test of its own.
READING = [route for route in ROUTES if route.startswith("GET") and route != "GET /v1/events/stream"]
PIECES = [(route, name) for route in WITH_IDS for name in ids_in(route, ROUTES[route])]


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    with neighbours_in(tmp_path_factory.mktemp("neighbours")) as found:
        yield found


def seen_from(place: dict[str, Any], ids: dict[str, Any]) -> dict[str, Any]:
    """One's own place with these ids instead."""
    return place | {name: ids[name] for name in (*IDS, "one")}


@pytest.mark.parametrize("route", WITH_IDS)
def test_every_route_answers_ids_of_another_organization_like_ids_of_nothing(
    neighbours: Neighbours, route: str
) -> None:
    ask, first, second = ROUTES[route], neighbours.first, neighbours.second
    nowhere = seen_from(first.own, NOWHERE)
    for theirs in (second.own, second.foreign):
        there = seen_from(first.own, theirs)
        for who in ROLES_OF_THE_FIRST:
            found = first.ask(route, ask, who, there)
            must_bear_no_mark(found)
            assert told(found, there) == told(first.ask(route, ask, who, nowhere), nowhere), who
            allowed = ask.hides or ask.allows(ROLES["member" if who == "stranger" else who])
            assert found.status_code == (404 if allowed else 403), who


@pytest.mark.parametrize("route", WITH_IDS)
def test_to_the_owner_of_the_second_organization_nothing_of_the_first_is_there(
    neighbours: Neighbours, route: str
) -> None:
    ask, first, second = ROUTES[route], neighbours.first, neighbours.second
    there, nowhere = seen_from(second.own, first.own), seen_from(second.own, NOWHERE)
    found = second.ask(route, ask, None, there)
    assert told(found, there) == told(second.ask(route, ask, None, nowhere), nowhere)
    assert found.status_code == 404


@pytest.mark.parametrize(("route", "name"), PIECES)
def test_one_foreign_id_among_ones_own_does_what_an_id_of_nothing_does(
    neighbours: Neighbours, route: str, name: str
) -> None:
    """A foreign person in one's own project, a foreign task in a list of it, a foreign annotation of one's own task."""
    ask, first, second = ROUTES[route], neighbours.first, neighbours.second
    there, nowhere = first.own | {name: second.own[name]}, first.own | {name: NOWHERE[name]}
    for who in ("owner", "manager", "annotator"):
        found = first.ask(route, ask, who, there)
        must_bear_no_mark(found)
        assert told(found, there) == told(first.ask(route, ask, who, nowhere), nowhere), who


@pytest.mark.parametrize("route", READING)
def test_what_is_read_in_the_first_organization_bears_no_mark_of_the_second(neighbours: Neighbours, route: str) -> None:
    first = neighbours.first
    more = {"archived": "true"} if route.split(" ")[1] in ("/v1/projects", "/v1/workspaces") else {}
    if route.split(" ")[1] in ("/v1/events", "/v1/people", "/v1/projects"):
        more["limit"] = "1000"
    # Owners of the first organization run the installation, and know by name who shares it.
    knowing = {"owner"} if route == "GET /v1/organizations" else set()
    for who in sorted({*ROLES_OF_THE_FIRST} - knowing):
        for place in (first.own, first.foreign):
            must_bear_no_mark(first.ask(route, ROUTES[route], who, place, more))


def test_the_second_organization_reads_its_own_marks_everywhere(neighbours: Neighbours) -> None:
    """Without which it would prove nothing that others do not."""
    second = neighbours.second
    log = "".join(second.client.get("/v1/events", params={"limit": 1000, "after": after}).text for after in (0, 1000))
    kinds = (
        *("org", "owner", "one of many", "text 0", "hm", "choice", "look", "rule", "skill", "hook", "source", "pause"),
        *("slot", "review", "to you", "gone", "role", "left", "first", "the manager"),
    )
    assert [kind for kind in kinds if f"{MARK}{kind}" not in log] == []
    bearing = {
        route for route in READING if MARK.encode() in second.ask(route, ROUTES[route], None, second.own).content
    }
    assert {f"GET /v1/{path}" for path in MARKED} <= bearing


MARKED = (
    *("me", "people", "people/{id}/tokens", "workspaces", "workspaces/{workspace}", "roles", "projects", "events"),
    *("projects/{id}", "projects/{id}/events", "projects/{id}/tasks", "projects/{id}/export", "projects/{id}/comments"),
    *("projects/{id}/rules", "projects/{id}/webhooks", "projects/{id}/skills", "tasks/{id}", "tasks/{id}/history"),
)


def events_followed(neighbours: Neighbours, who: str, **params: Any) -> list[str]:
    """What somebody is sent from the beginning up to an event that is theirs to see."""
    first = neighbours.first
    task = first.own["task"]
    last = first.done("POST", f"/v1/tasks/{task}/comments", json={"text": "the last thing said"})["position"]
    headers, lines = {"Annolog-On-Behalf-Of": str(first.people[who])}, []
    with first.client.stream("GET", "/v1/events/stream", params=params, headers=headers, timeout=20) as stream:
        assert stream.status_code == 200
        for line in stream.iter_lines():
            lines.append(line)
            if line == f"id: {last}":
                return lines
    raise AssertionError("the stream ended")


def test_nobody_follows_what_happens_in_another_organization(neighbours: Neighbours) -> None:
    first, second = neighbours.first, neighbours.second
    project = first.own["project"]
    for who, params in (("owner", {}), ("administrator", {}), ("manager", {"project": project})):
        lines = events_followed(neighbours, who, **params)
        assert len([line for line in lines if line.startswith("data:")]) > 10
        assert not any(MARK in line for line in lines), who
        theirs = {second.own["project"], second.foreign["project"]}
        assert not any(f'"project":{id}' in line for line in lines for id in theirs)
    for project in (second.own["project"], NOWHERE["project"]):
        answer = first.client.get("/v1/events/stream", params={"project": project})
        assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no project {project}.")


def test_nobody_is_acted_for_across_organizations(neighbours: Neighbours) -> None:
    for here, there in ((neighbours.first, neighbours.second), (neighbours.second, neighbours.first)):
        for id in (there.people["annotator"], NOWHERE["person"]):
            for method, path in (("GET", "/v1/me"), ("POST", f"/v1/projects/{here.own['project']}/next")):
                answer = here.client.request(method, path, headers={"Annolog-On-Behalf-Of": str(id)})
                assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no person {id}.")


def bodies(own: dict[str, Any], ids: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Requests in one's own project with an id of somewhere else inside."""
    project, task = f"/v1/projects/{own['project']}", f"/v1/tasks/{own['task']}"
    signed = {"result": result("A"), "completed_by": ids["person"]}
    return [
        ("POST", "/v1/projects", {"title": "x", "workspace": ids["workspace"]}),
        ("PUT", f"{project}/workspace", {"workspace": ids["workspace"]}),
        ("POST", f"{task}/comments", {"text": "you", "mentions": [ids["person"]]}),
        ("POST", f"{task}/comments", {"text": "you", "parent": ids["comment"]}),
        ("POST", f"{task}/comments", {"text": "you", "annotation": ids["annotation"]}),
        ("POST", f"{project}/assignments", {"tasks": [own["task"]], "people": [ids["person"]], "as_reviewers": True}),
        ("POST", f"{project}/assignments", {"tasks": [own["task"]], "people": [ids["person"]], "unassign": True}),
        ("POST", f"{project}/assignments", {"tasks": [ids["task"]], "people": [own["person"]]}),
        ("POST", f"{project}/imports", [{"data": {"text": "signed"}, "annotations": [signed]}]),
        (
            "POST",
            f"{project}/imports",
            [{"data": {"text": "x"}, "annotations": [signed | {"completed_by": {"id": ids["person"]}}]}],
        ),
        ("POST", f"{project}/members/{ids['person']}/pause", {}),
        ("POST", f"{project}/members/{ids['person']}/resume", None),
        ("GET", f"/v1/projects?workspace={ids['workspace']}&archived=true", None),
        ("GET", f"{project}/dashboard?person={ids['person']}", None),
        ("GET", f"/v1/dashboard?projects={own['project']},{ids['project']}", None),
        ("GET", f"{project}/comments?author={ids['person']}", None),
        ("GET", f"{project}/comments?task={ids['task']}", None),
        ("GET", f"{project}/burndown?person={ids['person']}", None),
    ]


def test_ids_inside_bodies_and_parameters_are_no_way_to_another_organization(neighbours: Neighbours) -> None:
    first, second = neighbours.first, neighbours.second
    for who in ("owner", "manager"):
        headers = {"Annolog-On-Behalf-Of": str(first.people[who])}
        own = first.project(MEMBERS_OF_BOTH, more=True)
        for theirs, nothing in zip(bodies(own, second.own), bodies(own, NOWHERE), strict=True):
            found, none = (
                first.client.request(method, path, json=body, headers=headers)
                for method, path, body in (theirs, nothing)
            )
            must_bear_no_mark(found)
            assert without_new_ids(told(found, second.own)) == without_new_ids(told(none, NOWHERE)), theirs
            assert found.status_code != 403 or who == "manager"


MEMBERS_OF_BOTH = ("manager", "annotator", "reviewer", "viewer")


def without_new_ids(found: tuple[int, dict[str, str], str]) -> tuple[int, dict[str, str], str]:
    """An answer without the numbers of what it made."""
    status, headers, text = found
    return status, headers, re.sub(r'"(import|first_task|comment|project|annotation)":\d+', r'"\1":0', text)
