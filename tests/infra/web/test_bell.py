"""What one is told of."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from annolog.domain.notifications.telling import Reason
from annolog.infra.web.bell import REASONS
from tests.infra.web.site import Site, visiting
from tests.world import LABEL_CONFIG, result

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} :alert(1)"


def test_there_are_words_for_every_reason() -> None:
    assert set(REASONS) == {reason.value for reason in Reason}


@pytest.mark.browser
def test_somebody_is_told_of_a_comment_and_has_then_read_it(browser: Browser, site: Site) -> None:
    project = site.ask("POST", "/v1/projects", json={"title": "told", "label_config": LABEL_CONFIG})["project"]
    site.ask("POST", f"/v1/projects/{project}/imports", json=[{"data": {"text": "a text"}}])
    site.ask("POST", f"/v1/projects/{project}/publish")
    ann = site.member(project, "ann", "annotator")
    site.ask("POST", f"/v1/projects/{project}/next", ann)
    annotation = site.ask("POST", "/v1/tasks/1/annotations", ann, json={"result": result("A")})["annotation"]
    told = site.ask("POST", "/v1/tasks/1/comments", json={"text": HOSTILE, "annotation": annotation})
    site.ask("GET", "/v1/notifications", ann, params={"min_position": told["position"]})
    with visiting(browser, site, "ann") as visit:
        page = visit.go("/projects")
        bell = page.get_by_label("Notifications")
        expect(bell).to_contain_text("1")
        bell.click()
        row = page.get_by_role("link", name="A comment on your work")
        expect(row).to_contain_text(HOSTILE)
        expect(row).to_have_attribute("href", "/tasks/1")
        expect(bell).not_to_contain_text("1")
        visit.must_be_open_to_all()
    assert site.ask("GET", "/v1/notifications", ann)["unread"] == 0
