"""Pages of small teams: pausing, and what each is shown."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.site import Site, visiting
from tests.infra.web.team.figures import cells
from tests.world import LABEL_CONFIG, result

pytestmark = pytest.mark.browser


HOSTILE = ("<img src=x onerror=alert(1)>", "{{7*7}}", ":alert(1)", "n" * 300, "\u202e\u0645\u0631\u062d\u0628\u0627")


def small(site: Site, *handles: str, config: str = LABEL_CONFIG, **settings: Any) -> int:
    """A published project of three tasks with these annotators and a reviewer, `rita`."""
    body = {"title": "Small", "label_config": config, "settings": settings}
    project: int = site.ask("POST", "/v1/projects", json=body)["project"]
    for handle in handles:
        site.member(project, handle, "annotator")
    site.member(project, "rita", "reviewer")
    lines = [{"data": {"text": f"text {number}"}} for number in range(3)]
    site.ask("POST", f"/v1/projects/{project}/imports", json=lines)
    site.ask("POST", f"/v1/projects/{project}/publish")
    return project


def answer(site: Site, task: int, who: str, label: str = "A", **more: Any) -> int:
    body = {"result": result(label), "lead_time": 12.0, **more}
    annotation: int = site.ask("POST", f"/v1/tasks/{task}/annotations", site.people[who], json=body)["annotation"]
    return annotation


def settled(site: Site, project: int) -> None:
    position = site.ask("POST", f"/v1/projects/{project}/unpublish")["position"]
    position = site.ask("POST", f"/v1/projects/{project}/publish")["position"]
    site.ask("GET", f"/v1/projects/{project}/annotators", params={"min_position": position})


def test_somebody_is_paused_for_a_reason_and_may_work_again(browser: Browser, site: Site) -> None:
    project = small(site, "ann", "bob")
    ann = site.people["ann"]
    with visiting(browser, site, reduced_motion="reduce") as visit:
        page = visit.go(f"/projects/{project}/people/{ann}")
        page.get_by_role("button", name="Pause ann").click()
        dialog = page.get_by_role("dialog", name="Pause ann")
        dialog.get_by_label("Reason").fill(f"training {HOSTILE[0]}")
        dialog.get_by_label("Until").fill("2031-03-04T09:30")
        # What is still coming into view looks paler than it is.
        expect(page.locator("[class*='-enter-']")).to_have_count(0)
        visit.must_be_open_to_all()
        dialog.get_by_role("button", name="Pause", exact=True).click()
        expect(page.get_by_text("until 4 Mar 2031, 09:30")).to_contain_text(f"training {HOSTILE[0]}")
        [paused] = [one for one in site.ask("GET", f"/v1/projects/{project}")["members"] if one["person"] == ann]
        assert paused["pauses"][0]["until"] == "2031-03-04T09:30:00+00:00"
        expect(page.get_by_text("Kept from work")).to_be_visible()
        with visiting(browser, site, "ann") as other:
            own = other.go(f"/projects/{project}/people/{ann}")
            expect(own.get_by_text(f"training {HOSTILE[0]}")).to_be_visible()
        visit.go(f"/projects/{project}/people")
        assert "Paused" in cells(page, "Annotators", "ann")
        visit.go(f"/projects/{project}/people/{ann}")
        page.get_by_role("button", name="Resume ann").click()
        expect(page.get_by_role("button", name="Resume ann")).to_have_count(0)
        [member] = [one for one in site.ask("GET", f"/v1/projects/{project}")["members"] if one["person"] == ann]
        assert member["pauses"] == []


def test_an_annotator_is_led_to_their_own_page_and_sees_nobody_else(browser: Browser, site: Site) -> None:
    project = small(site, "ann", "bob", assignment={"overlap": 2})
    bob = site.people["bob"]
    for who, label in (("ann", "A"), ("bob", "B")):
        answer(site, 1, who, label)
    settled(site, project)
    with visiting(browser, site, "ann") as visit:
        page = visit.go(f"/projects/{project}/people")
        expect(page.get_by_role("heading", level=1)).to_have_text("ann")
        figure = page.locator(".an-figure", has=page.get_by_text("Annotations", exact=True))
        expect(figure.locator(".an-figure-value")).to_have_text("1")
        expect(page.get_by_role("button", name="Pause")).to_have_count(0)
        for words in ("Beside the team", "Latest tasks", "Changes noticed", "team's median", "bob"):
            expect(page.get_by_text(words)).to_have_count(0)
        visit.must_be_open_to_all()
        refused = page.goto(f"{site.url}/projects/{project}/people/{bob}")
        assert refused is not None
        assert refused.status == 403
        visit.complaints.clear()
        expect(page.get_by_text("Not for you")).to_be_visible()
        expect(page.get_by_text("bob")).to_have_count(0)


def test_a_reviewer_who_is_shown_no_names_finds_none(browser: Browser, site: Site) -> None:
    blind = {"anonymize_annotations": True, "show_agreement": False}
    project = small(site, "ann", "bob", assignment={"overlap": 2}, review=blind)
    for who in ("ann", "bob"):
        answer(site, 1, who)
    settled(site, project)
    with visiting(browser, site, "rita") as visit:
        page = visit.go(f"/projects/{project}/people")
        ann = site.people["ann"]
        expect(page.get_by_text("Annotators are not shown here")).to_be_visible()
        refused = page.goto(f"{site.url}/projects/{project}/people/{ann}")
        assert refused is not None
        assert refused.status == 403
        visit.complaints.clear()
        for more in ("", "?view=agreement", "?view=reviewers"):
            visit.go(f"/projects/{project}/people{more}")
            expect(page.get_by_text("ann", exact=True)).to_have_count(0)
            expect(page.get_by_text(f"Annotator {ann}")).to_have_count(0)
            expect(page.get_by_role("grid")).to_have_count(0)
            visit.must_be_open_to_all()
        visit.go(f"/projects/{project}/people?view=agreement")
        expect(page.get_by_text("Agreement is not shown here")).to_be_visible()


def test_a_project_without_people_says_so(browser: Browser, site: Site) -> None:
    project = site.ask("POST", "/v1/projects", json={"title": "Empty", "label_config": LABEL_CONFIG})["project"]
    with visiting(browser, site) as visit:
        for more, words in (
            ("", "Nobody annotates here yet"),
            ("?view=agreement", "Nobody to compare yet"),
            ("?view=reviewers", "Nothing has been reviewed yet"),
        ):
            page = visit.go(f"/projects/{project}/people{more}")
            expect(page.get_by_text(words)).to_be_visible()
            visit.must_be_open_to_all()


def test_what_people_call_themselves_and_their_labels_is_text(browser: Browser, site: Site) -> None:
    hostile = HOSTILE[:3]
    choices = "".join(f'<Choice value="{value.replace("<", "&lt;")}"/>' for value in hostile)
    config = f'<View><Text name="text" value="$text"/><Choices name="label" toName="text">{choices}</Choices></View>'
    project = small(site, *(f"p{number}" for number in range(len(HOSTILE))), config=config, assignment={"overlap": 5})
    for number, name in enumerate(HOSTILE):
        who = f"p{number}"
        site.ask("PUT", f"/v1/people/{site.people[who]}", json={"name": name[:200]})
        for task in (1, 2):
            answer(site, task, who, hostile[(number + task) % 3])
    settled(site, project)
    with visiting(browser, site) as visit:
        page = visit.go(f"/projects/{project}/people")
        for name in HOSTILE:
            expect(page.get_by_role("link", name=name[:200], exact=True)).to_be_visible()
        visit.go(f"/projects/{project}/people?view=agreement")
        expect(page.get_by_role("grid").get_by_role("link", name=HOSTILE[0])).to_be_visible()
        page.get_by_role("grid").locator("td").nth(1).click()
        expect(page.get_by_role("dialog").get_by_role("rowheader", name=HOSTILE[0], exact=True)).to_be_visible()
        visit.go(f"/projects/{project}/people/{site.people['p0']}")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
        assert page.locator("img[src=x]").count() == 0
        assert "49" not in page.locator("h1").inner_text()
        visit.must_be_open_to_all()
