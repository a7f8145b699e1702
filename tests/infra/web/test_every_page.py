"""Every page by every role, in an own and a foreign project, and beside another organization."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, WebSocket

from annolog.commands.command import Request
from annolog.commands.scope import SYSTEM
from annolog.domain.access.permissions import Permission
from annolog.domain.activity.events import SignInMethod
from annolog.infra.http.origin import SESSION_COOKIE
from tests.infra.http.neighbours import MARK, Neighbours, neighbours_in
from tests.infra.http.routes_table import ABOVE, MEMBERS, STRANGER, Ask
from tests.infra.web.site import ROOT, Site, Visit, paging

P = Permission
SEES, EVERYBODY = Ask(P.SEE_PROJECT), Ask(None)
# What a page asks for, with what is right in every other respect; a page that is not here fails.
PAGES: dict[str, Ask] = {
    "/my-work": EVERYBODY,
    "/projects": EVERYBODY,
    # Or who manages a workspace to begin one in.
    "/projects/new": Ask(P.CREATE_PROJECT),
    "/projects/{id}": SEES,
    "/projects/{id}/tasks": Ask(P.SEE_QUALITY),
    "/projects/{id}/people": SEES,
    "/projects/{id}/people/{person}": Ask(P.SEE_QUALITY),
    "/projects/{id}/policies": Ask(P.CONFIGURE),
    "/projects/{id}/settings": Ask(P.SEE_SETTINGS),
    "/projects/{id}/settings/{key}": Ask(P.SEE_SETTINGS),
    "/projects/{id}/label": SEES,
    "/projects/{id}/review": SEES,
    "/tasks/{id}": SEES,
    "/tasks/{id}/label": Ask(P.ANNOTATE),
    "/tasks/{id}/review/{annotation}": SEES,
    "/people": Ask(P.SEE_PEOPLE),
    "/people/{person}": Ask(P.SEE_PEOPLE),
    "/roles": EVERYBODY,
    "/groups": Ask(P.CONFIGURE_ORGANIZATION),
    "/activity": Ask(P.READ_ACTIVITY),
    "/workspaces": EVERYBODY,
    "/workspaces/{id}": Ask(P.SEE_WORKSPACE),
    "/system": Ask(P.READ_LOG),
    "/account": EVERYBODY,
}
# Those that know nobody yet, and those that only lead elsewhere.
OUTSIDE = {"/", "/sign-in", "/join"}
ROLES = (*ABOVE, *MEMBERS, STRANGER)
LIST_PAGES = """
from fastapi.routing import APIRoute
from nicegui import core
from annolog.infra.web import pages
pages.register()
paths = [route.path for route in core.app.routes if isinstance(route, APIRoute)]
print(*[path for path in paths if not path.startswith("/_")])
"""


@dataclass(frozen=True)
class Open:
    """Pages before two organizations, and a session for everybody in the first."""

    site: Site
    neighbours: Neighbours
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with neighbours_in(tmp_path_factory.mktemp("neighbours")) as neighbours:
        installation = neighbours.first.api.installation
        sessions = {}
        for role in ROLES:
            person = neighbours.first.people[role]
            session, command = installation.sessions.beginning(person, SignInMethod.PASSWORD)
            installation.bus.run(Request(command, uuid4(), SYSTEM.id))
            sessions[role] = session
        with paging(Site(neighbours.first.api.url, "")) as site:
            yield Open(site, neighbours, sessions)


def test_every_page_is_asked_for() -> None:
    found = subprocess.run(
        [sys.executable, "-c", LIST_PAGES], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert set(found.stdout.split()) - OUTSIDE == set(PAGES)


def opens(ask: Ask, role: str, *, own: bool) -> bool:
    """Whether a page is there for somebody, in a project or workspace of theirs or in one that is not."""
    if role == STRANGER:
        return ask.needs is None
    if ask.needs is P.CREATE_PROJECT and role == "manager":
        return True
    return ask.allows(role) and (own or not ask.hides or role in ABOVE)  # type: ignore[arg-type]


def _at(path: str, place: dict[str, int]) -> str:
    own = {"/tasks/": "task", "/projects/": "project", "/workspaces/": "workspace", "/people/": "somebody"}
    kind = next((name for start, name in own.items() if path.startswith(start)), "project")
    path = path.replace("{key}", "assignment")
    path = path.replace("{annotation}", str(place["annotation"]))
    return path.replace("{id}", str(place[kind])).replace("{person}", str(place.get("person", place["somebody"])))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_whom_the_api_does(pages: Open, path: str, role: str) -> None:
    ask = PAGES[path]
    for place, is_own in ((pages.neighbours.first.own, True), (pages.neighbours.first.foreign, False)):
        answer = httpx.get(f"{pages.site.url}{_at(path, place)}", cookies={SESSION_COOKIE: pages.sessions[role]})
        assert MARK not in answer.text
        closed = 404 if ask.hides and (role == STRANGER or not is_own) else 403
        expected = 200 if opens(ask, role, own=is_own) else closed
        assert answer.status_code == expected, answer.text[-600:]


@pytest.mark.parametrize("path", PAGES)
def test_what_belongs_to_another_organization_is_not_there(pages: Open, path: str) -> None:
    if "{" not in path:
        return
    answer = httpx.get(
        f"{pages.site.url}{_at(path, pages.neighbours.second.own)}", cookies={SESSION_COOKIE: pages.sessions["owner"]}
    )
    assert answer.status_code == 404
    assert MARK not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_led_to_where_one_signs_in(pages: Open, path: str) -> None:
    for cookies in ({}, {SESSION_COOKIE: "of-nobody"}):
        answer = httpx.get(f"{pages.site.url}{_at(path, pages.neighbours.first.own)}", cookies=cookies)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?return_to=%2F")


@pytest.mark.browser
@pytest.mark.parametrize("role", ROLES)
def test_in_a_browser_no_page_complains_or_tells_of_another_organization(
    browser: Browser, pages: Open, role: str
) -> None:
    context = browser.new_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": pages.sessions[role], "url": pages.site.url}])
    visit = Visit(pages.site, context)
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    visit.page.on("websocket", listen)
    for path, ask in PAGES.items():
        if opens(ask, role, own=True):
            visit.go(_at(path, pages.neighbours.first.own))
            assert MARK not in visit.page.content(), path
    assert not [frame for frame in heard if MARK in frame]
    assert heard
    context.close()
    # That somebody has answered a task already is what they are told when they open it to work on it once more, and
    # that nothing is to be reviewed when they ask for it.
    quiet = ("/reservation)", "/review/next)")
    visit.complaints = [one for one in visit.complaints if not one.endswith(quiet)]
    visit.must_be_quiet()
