"""Projects that tests set up, and how they find their way."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.infra.web.site import AT_REST, TOLERATED, Site, Visit
from tests.world import LABEL_CONFIG

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}} :alert(1) مرحبا"


def project_in(site: Site, tasks: int = 0, title: str = "Reviews", **settings: Any) -> int:
    body = {"title": title, "label_config": LABEL_CONFIG, "settings": settings}
    id: int = site.ask("POST", "/v1/projects", json=body)["project"]
    if tasks:
        lines = [{"data": {"text": f"text {number}"}} for number in range(tasks)]
        site.ask("POST", f"/v1/projects/{id}/imports", json=lines)
    return id


def seen_by_all(visit: Visit) -> None:
    """Nothing keeps somebody out, once what moves has come to rest."""
    visit.page.wait_for_function(AT_REST)
    if not visit.page.locator(".q-dialog__backdrop").count():
        visit.must_be_open_to_all()
        return
    # Behind and on a dialog of Quasar's axe takes the backdrop for the ground of a button; buttons are seen elsewhere.
    found = Axe().run(visit.page, options={"rules": {"color-contrast": {"enabled": False}}}).response["violations"]
    assert not [one for one in found if one["impact"] not in TOLERATED], found


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).click()
