"""Pages in a process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.conftest import Crowd
from tests.infra.web.site import PASSWORD, Site, paging, visiting

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(crowd: Crowd) -> Iterator[Site]:
    with paging(crowd.site) as found:
        yield found


def test_somebody_signs_in_and_looks_around(browser: Browser, pages: Site) -> None:
    pages.person("olga")
    with visiting(browser, pages, None) as visit:
        page = visit.page
        page.goto(f"{pages.url}/projects")
        page.get_by_label("Name").fill("olga")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/projects")
        expect(page.get_by_role("heading", level=1)).to_have_text("Projects")


def test_nobody_comes_in_by_the_session_of_another(pages: Site) -> None:
    pages.person("olga")
    came = httpx.post(f"{pages.url}/v1/sign-in", json={"name": "olga", "password": PASSWORD})
    assert "annolog_session" in came.headers["set-cookie"]
    assert httpx.get(f"{pages.url}/v1/me").status_code == 401
    assert httpx.get(f"{pages.url}/projects").headers["location"].startswith("/sign-in")


def test_what_is_no_page_is_answered_by_the_api(pages: Site, crowd: Crowd) -> None:
    assert pages.ask("GET", f"/v1/projects/{crowd.project}") == crowd.site.ask("GET", f"/v1/projects/{crowd.project}")
    refused = httpx.get(f"{pages.url}/v1/projects")
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert httpx.get(f"{pages.url}/v1/nothing-of-the-kind").json()["code"] == "not-found"
    assert httpx.put(f"{pages.url}/v1/projects").status_code == 405


def test_a_command_and_a_file_pass_through(pages: Site, crowd: Crowd) -> None:
    person = pages.person("pia")
    assert person == crowd.site.person("pia")
    export = f"/v1/projects/{crowd.project}/export"
    ours = httpx.get(f"{pages.url}{export}", headers={"Authorization": f"Bearer {pages.token}"})
    theirs = httpx.get(f"{crowd.site.url}{export}", headers={"Authorization": f"Bearer {pages.token}"})
    assert ours.content == theirs.content
    assert len(ours.content) > 10_000


def test_the_stream_of_events_comes_as_it_happens(pages: Site) -> None:
    with httpx.stream(
        "GET", f"{pages.url}/v1/events/stream?after=0", headers={"Authorization": f"Bearer {pages.token}"}, timeout=10
    ) as response:
        seen = ""
        for piece in response.iter_text():
            seen += piece
            if seen.count("\nid: ") > 5:
                break
    assert "data: " in seen


def test_another_page_cannot_ride_on_the_session(browser: Browser, pages: Site) -> None:
    pages.person("olga")
    with visiting(browser, pages, "olga") as visit:
        cookies = {cookie["name"]: cookie["value"] for cookie in visit.context.cookies()}  # type: ignore[typeddict-item]
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = httpx.post(f"{pages.url}/v1/sign-out", cookies=cookies, headers=foreign)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")


class Nonsense(BaseHTTPRequestHandler):
    """An API that answers everything with what means nothing to anybody."""

    def do_GET(self) -> None:
        """Answer."""
        body = b'{"unheard": "of <script>alert(1)</script>"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def test_a_defect_is_said_without_its_insides() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with paging(Site(f"http://127.0.0.1:{server.server_port}", ""), fails=True) as pages:
            page = httpx.get(f"{pages.url}/projects", cookies={"annolog_session": "x"})
        server.shutdown()
    assert page.status_code == 500
    assert "Something went wrong here" in page.text
    assert "KeyError" not in page.text
    assert "Content-Security-Policy" in page.headers


def test_without_the_api_people_are_told(crowd: Crowd) -> None:
    with paging(Site("http://127.0.0.1:9", "")) as lost:
        answer = httpx.get(f"{lost.url}/v1/me")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        page = httpx.get(f"{lost.url}/projects", cookies={"annolog_session": "x"})
        assert page.status_code == 503
        assert "cannot be reached" in page.text
