"""Dashboards that begin empty, move by themselves, and show each what is theirs to see."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.dashboard.reading import drawn, figure, filter_of, rows_of
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


HOSTILE = ["<img src=x onerror=alert(1)>", "{{7*7}}", ":alert(1)", "x" * 300, "مرحبا بالعالم"]
CONFIG = """<View><Text name="text" value="$text"/><Choices name="label" toName="text">{}</Choices></View>"""


def project_in(site: Site, labels: list[str], tasks: int, title: str = "Small", **settings: Any) -> int:
    """A published project with tasks, of which nobody has answered any."""
    choices = "".join(f"<Choice value={quoted(label)}/>" for label in labels)
    body = {"title": title, "label_config": CONFIG.format(choices), "settings": settings}
    project: int = site.ask("POST", "/v1/projects", json=body)["project"]
    if tasks:
        lines = [{"data": {"text": f"text {place}"}} for place in range(tasks)]
        site.ask("POST", f"/v1/projects/{project}/imports", json=lines)
        site.ask("POST", f"/v1/projects/{project}/publish")
    return project


def quoted(text: str) -> str:
    """A value of an attribute."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(sign, written)
    return f'"{text}"'


def answer(site: Site, project: int, person: int, label: str) -> int:
    """Somebody's answer to the next task; the task."""
    task: int = site.ask("POST", f"/v1/projects/{project}/next", person)["task"]
    item = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    site.ask("POST", f"/v1/tasks/{task}/annotations", person, json={"result": [item], "lead_time": 7.5})
    return task


def test_a_project_without_tasks_says_what_comes_next_and_fills_by_itself(browser: Browser, place: Site) -> None:
    project = project_in(place, ["a", "b"], 0)
    with visiting(browser, place) as visit:
        page = visit.go(f"/projects/{project}")
        expect(page.get_by_role("heading", name="Nothing to count yet")).to_be_visible()
        expect(page.get_by_role("link", name="Import tasks")).to_have_attribute("href", f"/projects/{project}/settings")
        visit.must_be_open_to_all()
        place.ask("POST", f"/v1/projects/{project}/imports", json=[{"data": {"text": "one"}}])
        expect(figure(page, "remaining_tasks")).to_have_text("1")


def test_numbers_move_by_themselves_and_what_is_unchanged_is_not_sent_again(browser: Browser, place: Site) -> None:
    project = project_in(place, ["a", "b"], 5, review={"sample_percent": 0})
    ann = place.member(project, "ann", "annotator")
    with visiting(browser, place) as visit:
        frames: list[str] = []
        visit.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
        page = visit.go(f"/projects/{project}")
        expect(figure(page, "submissions")).to_have_text("0")
        drawn(page, "Annotations")
        for number, label in enumerate(("a", "b")):
            answer(place, project, ann, label)
            expect(figure(page, "submissions")).to_have_text(str(number + 1))
            expect(figure(page, "tasks_done")).to_have_text(str(number + 1))
        last_bar = """([name, wanted]) => {
            const found = document.querySelector(`figure[aria-label="${name}"] .nicegui-echart`);
            const { data } = window.getElement(+found.id.slice(1)).chart.getOption().series[0];
            return data[data.length - 1] === wanted;
        }"""
        page.wait_for_function(last_bar, arg=["Annotations", 2])
        # Of what changed once more, the chart of reviews is nothing.
        frames.clear()
        answer(place, project, ann, "a")
        expect(figure(page, "submissions")).to_have_text("3")
        page.wait_for_function(last_bar, arg=["Annotations", 3])
        assert [frame for frame in frames if "Skipped" in frame]
        assert not [frame for frame in frames if "Fixed and accepted" in frame]


def test_annotators_see_their_own_work_and_nothing_of_agreement(browser: Browser, place: Site) -> None:
    project = project_in(place, ["a", "b"], 4, assignment={"overlap": 2})
    ann, bob = place.member(project, "ann", "annotator"), place.member(project, "bob", "annotator")
    for person, label in ((ann, "a"), (ann, "b"), (bob, "a")):
        answer(place, project, person, label)
    with visiting(browser, place, "ann") as visit:
        page = visit.go(f"/projects/{project}")
        expect(page.get_by_text("Your work", exact=False)).to_be_visible()
        expect(figure(page, "submissions")).to_have_text("2")
        drawn(page, "Annotations")
        expect(page.get_by_role("heading", name="Tasks by state")).to_have_count(0)
        expect(page.get_by_role("heading", name="Agreement", exact=False)).to_have_count(0)
        assert {target for target, _ in rows_of(page, "Labels of label")} == {""}
        visit.must_be_open_to_all()


def test_reviewers_who_are_not_shown_agreement_see_none(browser: Browser, place: Site) -> None:
    project = project_in(place, ["a", "b"], 4, assignment={"overlap": 2}, review={"show_agreement": False})
    ann = place.member(project, "ann", "annotator")
    place.member(project, "rev", "reviewer")
    answer(place, project, ann, "a")
    with visiting(browser, place, "rev") as visit:
        page = visit.go(f"/projects/{project}")
        drawn(page, "Tasks by state")
        expect(page.get_by_role("heading", name="Remaining tasks")).to_be_visible()
        expect(figure(page, "reviews_given")).to_have_text("0")
        expect(figure(page, "submissions")).to_have_text("0")
        expect(page.get_by_role("heading", name="Agreement", exact=False)).to_have_count(0)
        expect(page.get_by_role("heading", name="What is taken for what")).to_have_count(0)


def test_what_users_wrote_is_shown_as_text(browser: Browser, place: Site) -> None:
    project = project_in(place, HOSTILE, 5, HOSTILE[0], assignment={"overlap": 2})
    people = [place.member(project, handle, "annotator") for handle in ("ann", "bob")]
    for number, label in enumerate(HOSTILE):
        answer(place, project, people[0], label)
        answer(place, project, people[1], HOSTILE[number - 1])
    with visiting(browser, place) as visit:
        page = visit.go(f"/projects/{project}")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
        drawn(page, "Labels of label")
        drawn(page, "What is taken for what")
        rows = rows_of(page, "Labels of label")
        assert {row["Label"] for _, row in rows} == set(HOSTILE)
        for target, row in rows:
            assert filter_of(target)["items"][0]["value"] == row["Label"]
        expect(page.get_by_role("listitem").filter(has_text=HOSTILE[0]).first).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size({"width": 820, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
