"""Every operation that the API describes, asked by every role for what its author did not think of.

`make fuzz` asks each more often: ANNOLOG_FUZZ_EXAMPLES says how often.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annolog.commands.tokens import IssueToken
from annolog.infra.composition import digest_of
from annolog.infra.http.limits import LONGEST_URL_BYTES
from tests.infra.http.neighbours import MARK, NOWHERE, ROLES_OF_THE_FIRST, Neighbours, neighbours_in
from tests.infra.http.routes_table import IN_PERSON, ROUTES, WITHOUT_TOKEN, all_routes

EXAMPLES = int(os.environ.get("ANNOLOG_FUZZ_EXAMPLES", "2"))
# What has no end, which has a test of its own.
ENDLESS = "GET /v1/events/stream"
OPERATIONS = [route for route in (*ROUTES, *sorted(WITHOUT_TOKEN | IN_PERSON.keys())) if route != ENDLESS]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# What a name stands for in paths, parameters and bodies.
NAMED = {
    "id": "",
    "project": "project",
    "projects": "project",
    "task": "task",
    "tasks": "task",
    "annotation": "annotation",
    "comment": "comment",
    "parent": "comment",
    "person": "person",
    "people": "person",
    "one": "person",
    "other": "other",
    "mentions": "person",
    "author": "person",
    "mentioned": "person",
    "completed_by": "person",
    "workspace": "workspace",
    "token": "token",
}


@dataclass(frozen=True)
class Fuzzed:
    """A server with two organizations, what it says of itself, and a token of every role of the first."""

    neighbours: Neighbours
    url: str
    schema: BaseSchema
    tokens: dict[str, str]
    session: requests.Session


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with neighbours_in(tmp_path_factory.mktemp("fuzzed")) as neighbours, requests.Session() as session:
        first = neighbours.first
        tokens = {who: f"a-token-of-the-{who}" for who in ROLES_OF_THE_FIRST}
        for who, token in tokens.items():
            first.api.installation.as_system(IssueToken(person=first.people[who], digest=digest_of(token)))
        described = first.client.get("/openapi.json").json()
        yield Fuzzed(neighbours, first.api.url, schemathesis.openapi.from_dict(described), tokens, session)


def places(neighbours: Neighbours) -> list[dict[str, Any]]:
    """Where ids come from: another organization most of the time. Of ones own people, one who plays no part."""
    own = neighbours.first.own | {"person": neighbours.first.own["somebody"]}
    return [neighbours.second.own, neighbours.second.foreign, neighbours.second.own, own, NOWHERE]


def with_ids(value: Any, place: dict[str, Any], itself: str) -> Any:
    """The same, with ids of a place wherever something is named as if it were one."""
    if isinstance(value, list):
        return [with_ids(inner, place, itself) for inner in value]
    if not isinstance(value, dict):
        return value
    return {name: _id_or_same(name, inner, place, itself) for name, inner in value.items()}


def _id_or_same(name: str, value: Any, place: dict[str, Any], itself: str) -> Any:
    known = place.get(NAMED.get(name) or itself) if name in NAMED else None
    if known is None or isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return with_ids(value, place, itself)
    return [known] if isinstance(value, list) else str(known) if isinstance(value, str) else known


# The server runs on threads of this process, and what they do with chance is nothing that cases are made of.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize("route", OPERATIONS)
def test_no_request_breaks_the_server_or_is_told_anything_of_another_organization(fuzzed: Fuzzed, route: str) -> None:
    method, path = route.split(" ")
    itself = "task" if path.startswith("/v1/tasks/") else "somebody" if path.startswith("/v1/people/") else "project"
    operation = fuzzed.schema[path][method]
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])
    around = st.sampled_from(places(fuzzed.neighbours))

    @seed(8)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(case=cases, place=around)
    def ask(case: schemathesis.Case, place: dict[str, Any]) -> None:
        case.path_parameters = with_ids(dict(case.path_parameters or {}), place, itself)
        case.query = with_ids(dict(case.query or {}), place, itself)
        # A position that never comes is waited for: that has a test of its own, and takes its time.
        case.query.pop("min_position", None)
        case.body = with_ids(case.body, place, itself)
        for who, token in fuzzed.tokens.items():
            headers = {"Authorization": f"Bearer {token}"}
            # Where an answer leads to is another operation.
            response = case.call(
                base_url=fuzzed.url, session=fuzzed.session, headers=headers, timeout=30, allow_redirects=False
            )
            if response.status_code == 414:
                # The door says so before there is an operation that could describe it, and only where it is so.
                assert len(response.request.url) - len(fuzzed.url) > LONGEST_URL_BYTES
            else:
                # That something is not offered is said with a status of servers, where it is described.
                excluded = [not_a_server_error] if response.status_code == 501 else []
                case.validate_response(response, checks=CHECKS, excluded_checks=excluded)
            knowing = who == "owner" and path == "/v1/organizations"
            assert knowing or MARK.encode() not in response.content, who
            assert MARK not in str(response.headers), who

    ask()


def test_every_operation_that_is_described_is_asked(fuzzed: Fuzzed) -> None:
    described = fuzzed.neighbours.first.client.get("/openapi.json").json()["paths"]
    found = {f"{method.upper()} {path}" for path, operations in described.items() for method in operations}
    assert found - {ENDLESS} == set(OPERATIONS)
    assert found == all_routes()


def test_whatever_waits_for_a_position_says_that_it_may_not_come(fuzzed: Fuzzed) -> None:
    described = fuzzed.neighbours.first.client.get("/openapi.json").json()["paths"]
    waiting = {
        f"{method} {path}": operation["responses"]
        for path, operations in described.items()
        for method, operation in operations.items()
        if any(parameter["name"] == "min_position" for parameter in operation.get("parameters", ()))
    }
    assert len(waiting) > 10
    examples = {
        name: found["503"]["content"]["application/problem+json"]["examples"] for name, found in waiting.items()
    }
    assert [name for name, found in examples.items() if "behind" not in found] == []
