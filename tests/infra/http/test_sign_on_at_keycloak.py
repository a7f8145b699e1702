"""People come in by Keycloak in a browser, and are out here once they are out there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from annolog.infra.identity.providers import ProviderSettings
from tests.infra.browsing import fresh_page, type_in
from tests.infra.http.conftest import LIMITS, Api
from tests.infra.identity.keeper import keeping
from tests.world import settings_in
from tools.services.keycloak import Keycloak
from tools.services.realm import CLIENT, CLIENT_SECRET, PEOPLE

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

SESSION, UNDER_WAY, THERE = "annolog_session", "annolog_sign_on", "annolog_signed_on"


@pytest.fixture
def api(keycloak: Keycloak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("ANNOLOG_PROVIDER_KEYCLOAK_SECRET", CLIENT_SECRET)
    provider = ProviderSettings(issuer=keycloak.issuer, client_id=CLIENT, title="Keycloak")
    with settings_in(tmp_path) as settings:
        set_up = settings.model_copy(update={**LIMITS, "providers": {"keycloak": provider}})
        with Installation(set_up) as installation, running_server(installation) as url:
            found = Api(url, installation)
            yield found
            found.client.close()


def maps(api: Api, *rules: dict[str, Any]) -> None:
    api.done("PUT", "/v1/group-mapping", json={"rules": [{"provider": "keycloak", **rule} for rule in rules]})


def comes(page: Page, api: Api, person: str) -> None:
    """Leave for the provider, and type where there is no session yet."""
    page.goto(f"{api.url}/v1/sign-on/keycloak?return_to=/v1/me")
    if not page.url.startswith(api.url):
        type_in(page, person)
        page.wait_for_url(f"{api.url}/**")


def me(page: Page, api: Api) -> dict[str, Any]:
    answer = page.request.get(f"{api.url}/v1/me")
    assert answer.status == 200, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def is_out(page: Page, api: Api) -> bool:
    return page.request.get(f"{api.url}/v1/me").status == 401


def test_people_come_in_by_the_form_with_what_their_groups_are_worth(
    browser: Browser, page: Page, api: Api, keycloak: Keycloak
) -> None:
    project, _ = api.set_up(tasks=0)
    maps(
        api,
        {"group": "managers", "role": "administrator"},
        {"group": "reviewers", "role": "member"},
        {"group": "reviewers", "project": project, "project_role": "reviewer"},
        {"group": "annotators", "project": project, "project_role": "annotator"},
    )
    comes(page, api, "max")
    assert page.url == f"{api.url}/v1/me"
    person = me(page, api)
    assert (person["name"], person["email"], person["role"]) == ("Max Example", "max@example.org", "administrator")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies(f"{api.url}/v1/sign-on/x")}
    assert cookies.keys() == {SESSION, THERE}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies.values())
    assert "annolog_session" not in str(page.evaluate("document.cookie"))
    api.installation.settle(30)
    members = api.installation.states.project(project).members
    assert members[person["person"]].role.value == "reviewer"
    with keeping(keycloak) as keeper:
        try:
            keeper.is_in("max", "annotators")
            # Until the next sign-in nothing is known of it.
            assert me(page, api)["role"] == "administrator"
            comes(page, api, "max")
        finally:
            keeper.is_in("max", *PEOPLE["max"])
    assert me(page, api)["role"] == "member"
    api.installation.settle(30)
    assert api.installation.states.project(project).members[person["person"]].role.value == "annotator"
    # Whose groups are worth nothing is told so where they can read it.
    with fresh_page(browser) as other:
        comes(other, api, "ola")
        assert "There is no account for you here" in other.inner_text("body")
        assert is_out(other, api)


def test_only_a_verified_address_leads_to_who_is_known_by_it(browser: Browser, page: Page, api: Api) -> None:
    people = [{"handle": name, "email": f"{name}@example.org"} for name in ("ann", "noe")]
    ann, _ = (found["person"] for found in api.done("POST", "/v1/people", json={"people": people})["people"])
    comes(page, api, "ann")
    assert me(page, api)["person"] == ann
    # Noe's address was never verified at Keycloak.
    with fresh_page(browser) as other:
        comes(other, api, "noe")
        assert "There is no account for you here" in other.inner_text("body")


def test_whoever_was_erased_comes_back_as_somebody_new(page: Page, api: Api) -> None:
    maps(api, {"group": "annotators", "role": "member"})
    comes(page, api, "ann")
    before = me(page, api)
    api.done("POST", f"/v1/people/{before['person']}/erase", json={"handle": before["handle"]})
    assert is_out(page, api)
    comes(page, api, "ann")
    after = me(page, api)
    assert (after["name"], after["person"] != before["person"]) == ("Ann Example", True)


def test_who_leaves_here_has_left_there_and_no_other_page_can_make_them(
    page: Page, api: Api, keycloak: Keycloak
) -> None:
    maps(api, {"group": "reviewers", "role": "member"})
    comes(page, api, "rae")
    form = f'<form method="post" action="{api.url}/v1/sign-on/sign-out?return_to=/gone"><button>leave</button></form>'
    # A page of somebody else's: on the same machine, so that the browser sends along what it may to its own site.
    page.route("http://127.0.0.1:1/evil", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://127.0.0.1:1/evil")
    page.click("button")
    assert "foreign-origin" in page.inner_text("body")
    assert me(page, api)["name"] == "Rae Example"
    # And one of another site, to which it sends nothing at all: nobody leaves.
    page.route("http://evil.test/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.test/")
    page.click("button")
    page.wait_for_url(f"{api.url}/gone")
    assert me(page, api)["name"] == "Rae Example"
    with keeping(keycloak) as keeper:
        assert keeper.sessions_of("rae")
        # Our own page.
        page.route(f"{api.url}/own", lambda route: route.fulfill(body=form, content_type="text/html"))
        page.goto(f"{api.url}/own")
        page.click("button")
        page.wait_for_url(f"{api.url}/gone")
        assert keeper.sessions_of("rae") == []
    assert is_out(page, api)
    assert page.context.cookies(f"{api.url}/v1/sign-on/x") == []
    page.goto(f"{api.url}/v1/sign-on/keycloak")
    assert page.is_visible("#kc-login"), "who has left is asked again"


def test_who_is_signed_out_at_the_provider_is_out_here_in_every_browser(
    browser: Browser, page: Page, api: Api, keycloak: Keycloak
) -> None:
    maps(api, {"group": "annotators", "role": "member"})
    with keeping(keycloak) as keeper, fresh_page(browser) as other:
        keeper.tells(f"{api.url}/v1/sign-on/keycloak/ended")
        try:
            for one in (page, other):
                comes(one, api, "ann")
                assert me(one, api)["name"] == "Ann Example"
            keeper.sign_out("ann")
            until = monotonic() + 20
            while not (is_out(page, api) and is_out(other, api)):
                assert monotonic() < until
                sleep(0.1)
        finally:
            keeper.tells(None)
