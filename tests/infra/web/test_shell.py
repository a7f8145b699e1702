"""What is around every page."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.conftest import Crowd
from tests.infra.web.site import PASSWORD, Visit, visiting

pytestmark = pytest.mark.browser


def test_somebody_signs_in_by_a_password_and_lands_where_they_wanted(browser: Browser, crowd: Crowd) -> None:
    crowd.site.person("petra")
    with visiting(browser, crowd.site, None) as visit:
        page = visit.page
        page.goto(f"{crowd.site.url}/projects?x=1")
        page.wait_for_url("**/sign-in?return_to=%2Fprojects%3Fx%3D1")
        page.get_by_label("Name").fill("petra")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("password")
        # The browser itself reports the refusal.
        assert [one for one in visit.complaints if "401" not in one] == []
        visit.complaints.clear()
        visit.must_be_open_to_all()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/projects?x=1")
        expect(page.get_by_role("heading", level=1)).to_have_text("Projects")


@pytest.mark.parametrize(
    "wanted", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(browser: Browser, crowd: Crowd, wanted: str) -> None:
    crowd.site.person("petra")
    with visiting(browser, crowd.site, None) as visit:
        page = visit.page
        page.goto(f"{crowd.site.url}/sign-in?return_to={wanted}")
        page.get_by_label("Name").fill("petra")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{crowd.site.url}/projects")


def test_help_names_every_key_of_the_page(owner: Visit) -> None:
    page = owner.go("/projects")
    page.keyboard.press("?")
    help = page.get_by_role("dialog", name="Keyboard")
    expect(help).to_contain_text("People and access")
    expect(help).to_contain_text("New project")
    owner.must_be_open_to_all()
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/projects")


def test_keys_do_nothing_while_somebody_types(owner: Visit) -> None:
    page = owner.go("/projects")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search")
    search.type("n?")
    expect(search).to_have_value("n?")


def test_a_project_is_found_by_a_few_letters(owner: Visit, crowd: Crowd) -> None:
    page = owner.go("/projects")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="Search").fill("sentence")
    hit = page.get_by_role("dialog", name="Search").get_by_role("link", name="Sentence pairs")
    expect(hit).to_have_attribute("href", f"/projects/{crowd.project}")
    owner.must_be_open_to_all()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_of_projects_is_open_to_all(owner: Visit, scheme: str) -> None:
    page = owner.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    owner.go("/projects")
    owner.must_be_open_to_all()
    assert page.locator("body").get_attribute("class") is not None
    assert f"body--{scheme}" in str(page.locator("body").get_attribute("class"))


def test_the_theme_is_kept(owner: Visit) -> None:
    page = owner.go("/projects")
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="Light or dark").click()
    assert "body--dark" in str(page.locator("body").get_attribute("class"))
    owner.go("/projects")
    assert "body--dark" in str(page.locator("body").get_attribute("class"))


def test_signing_out_ends_the_session(browser: Browser, crowd: Crowd) -> None:
    crowd.site.person("quinn")
    with visiting(browser, crowd.site, "quinn") as visit:
        page = visit.go("/projects")
        page.get_by_label("Account of quinn").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        page.goto(f"{crowd.site.url}/projects")
        page.wait_for_url("**/sign-in?**")


def test_a_page_that_is_not_there_says_so(owner: Visit, crowd: Crowd) -> None:
    for path in ("/nowhere", "/projects/999", "/projects/x"):
        response = owner.page.goto(f"{crowd.site.url}{path}")
        assert response is not None
        assert response.status == 404, path
        expect(owner.page.get_by_text("There is no such page")).to_be_visible()
    owner.complaints.clear()


def test_a_script_that_slipped_into_a_page_does_not_run(owner: Visit) -> None:
    page = owner.go("/projects")
    page.evaluate(
        """() => {
            const place = document.createElement("div");
            place.innerHTML = '<img src="data:," onerror="window.ran = 1">';
            const script = document.createElement("script");
            script.textContent = "window.ran = 2";
            document.body.append(place, script);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    refused = [one for one in owner.complaints if "Content Security Policy" in one or "data:," in one]
    assert len(refused) >= 2
    owner.complaints.clear()


def test_a_page_is_whole_and_has_its_status_when_it_arrives(owner: Visit, crowd: Crowd) -> None:
    ask = owner.context.request.get
    refused = ask(f"{crowd.site.url}/projects/999/people")
    assert (refused.status, "There is no such page" in refused.text()) == (404, True)
    whole = ask(f"{crowd.site.url}/projects/{crowd.project}/people")
    assert (whole.status, "Annotators" in whole.text()) == (200, True)


def test_what_pages_are_made_of_is_asked_for_again_and_sent_only_when_it_changed(crowd: Crowd) -> None:
    path = f"{crowd.site.url}/static/annolog.js"
    first = httpx.get(path)
    assert "max-age=0" in first.headers["cache-control"]
    again = httpx.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(path, headers={"If-None-Match": '"another version"'}).content == first.content
