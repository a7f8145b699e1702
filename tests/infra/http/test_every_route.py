"""Every route by every role, in an own and a foreign project and workspace, against the table of permissions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annolog.domain.access.roles import ROLES
from tests.infra.http.conftest import served
from tests.infra.http.office import Office, outcome
from tests.infra.http.routes_table import ABOVE, IN_PERSON, MEMBERS, ROUTES, STRANGER, WITHOUT_TOKEN, Ask, all_routes
from tests.world import Backend


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    with served(folder, Backend.EMBEDDED) as api:
        found = Office(api)
        yield found
        found.client.close()


def test_every_route_is_in_the_table() -> None:
    assert all_routes() == ROUTES.keys() | WITHOUT_TOKEN | IN_PERSON.keys()


@pytest.mark.parametrize("route", ROUTES)
def test_every_role_gets_what_the_table_of_permissions_says_and_nothing_else(office: Office, route: str) -> None:
    ask = ROUTES[route]
    for who in (STRANGER, *MEMBERS, *ABOVE):
        allowed = ask.allows(ROLES["member" if who == STRANGER else who])
        # What somebody may do changes things, and the next is to find them as they were.
        around = any(named in route for named in ("workspace", "token", "{invitation}", "/people/{id}"))
        place = office.project(MEMBERS, more=around) if allowed and not route.startswith("GET") else office.own
        expected = "open" if allowed else "hidden" if ask.hides and who == STRANGER else "forbidden"
        found = office.ask(route, ask, who, place)
        assert outcome(found, route, place) == expected, (who, found.status_code)


@pytest.mark.parametrize("route", [route for route, ask in ROUTES.items() if ask.hides])
def test_what_is_in_a_foreign_project_or_workspace_looks_as_if_it_were_not_there(office: Office, route: str) -> None:
    for who in (*MEMBERS, STRANGER):
        found = office.ask(route, ROUTES[route], who, office.foreign)
        assert (found.status_code, outcome(found, route, office.foreign)) == (404, "hidden"), who


@pytest.mark.parametrize("route", IN_PERSON)
def test_what_is_done_in_person_is_done_for_nobody_else(office: Office, route: str) -> None:
    for who in (STRANGER, *MEMBERS, *ABOVE):
        found = office.ask(route, Ask(None, IN_PERSON[route]), who, office.own)
        assert outcome(found, route, office.own) == "forbidden", who
