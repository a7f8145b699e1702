"""The page on which tasks are labeled: a pair after the other, and what comes with them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from annolog.infra.replay.dataset import load
from tests.infra.web.labeling.office import Office
from tests.infra.web.reviewing import HOSTILE, begin, choice, forgive, shown
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


def test_a_pair_is_labeled_by_mouse_and_the_next_one_is_there(browser: Browser, place: Site) -> None:
    office = Office(place, "mouse")
    ann = office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.get_by_text("not entailed").click()
        page.get_by_role("button", name="Submit").click()
        shown(page, office.first + 1)
        expect(page.get_by_role("radio", name="not entailed")).not_to_be_checked()
        page.get_by_role("button", name="Previous").click()
        shown(page, office.first)
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.get_by_text("entailed", exact=True).click()
        page.get_by_role("button", name="Update").click()
        shown(page, office.first + 1)
    [annotation] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert annotation["annotator"] == ann
    assert [one["result"][0]["value"] for one in annotation["revisions"]] == [
        {"choices": ["not entailed"]},
        {"choices": ["entailed"]},
    ]


def test_a_suggestion_of_a_model_is_there_to_be_changed(browser: Browser, place: Site) -> None:
    rte = load("rte")
    prediction = {"result": choice("not entailed"), "model_version": "m-1"}
    office = Office(place, "suggestion", data=[{"data": dict(rte.texts[rte.tasks[0]]), "predictions": [prediction]}])
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404")
    [event] = office.events("AnnotationSubmitted", office.first)
    assert event["data"]["prediction"] is not None
    assert event["data"]["result"][0]["origin"] == "prediction-changed"


def test_returned_work_is_found_with_the_reviewers_words_and_fixed(browser: Browser, place: Site) -> None:
    office = Office(place, "returned")
    ann, rev = office.member("ann"), office.member("rev", "reviewer")
    place.ask("POST", f"/v1/projects/{office.project}/next", ann)
    path = f"/v1/tasks/{office.first}/annotations"
    annotation = place.ask("POST", path, ann, json={"result": choice("entailed")})["annotation"]
    verdict = {"verdict": "rejected", "action": "return", "comment": f"Read on. {HOSTILE}"}
    place.ask("POST", f"{path}/{annotation}/reviews", rev, json=verdict)
    with visiting(browser, place, office.handle("ann")) as visit:
        page = visit.go("/")
        expect(page).to_have_url(f"{place.url}/my-work")
        expect(page.locator(".an-work-said")).to_contain_text("Read on. <img src=x onerror=alert(1)>")
        visit.must_be_open_to_all()
        page.get_by_role("link", name=f"Fix it: task {office.first}").click()
        shown(page, office.first)
        expect(page.get_by_role("alert")).to_contain_text("Read on. <img src=x onerror=alert(1)> {{7*7}}")
        page.keyboard.press("2")
        page.get_by_role("button", name="Send back").click()
        shown(page, office.first + 1)
        expect(page).to_have_url(f"{place.url}{office.path}")
    [found] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert (found["revision"], found["standing"]) == (2, "counted")
    assert found["result"][0]["value"] == {"choices": ["not entailed"]}


def test_who_is_being_introduced_reads_how_an_answer_differs_and_may_change_it(browser: Browser, place: Site) -> None:
    rte = load("rte")
    truth = [{"result": choice("entailed"), "ground_truth": True}]
    data: list[Any] = [{"data": dict(rte.texts[task]), "annotations": truth} for task in rte.tasks[:2]]
    evaluation = {"enabled": True, "onboarding_tasks": 2, "feedback": "hint", "pause_on_failure": False}
    office = Office(place, "introduced", data=data, evaluation=evaluation)
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("2")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("It differs in label. You may change it once more.")
        shown(page, office.first)
        page.keyboard.press("1")
        page.keyboard.press("Alt+Enter")
        expect(page.get_by_text("That was right")).to_be_visible()
        shown(page, office.first + 1)
    told = [event["data"]["right"] for event in office.events("FeedbackGiven", office.first)]
    assert told == [False, True]


def test_a_comment_is_written_beside_the_work(browser: Browser, place: Site) -> None:
    office = Office(place, "comments")
    ann = office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("Alt+c")
        page.keyboard.type("Which sentence counts?")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("complementary", name="Comments").get_by_role("listitem")).to_contain_text("Which")
        shown(page, office.first)
    [event] = office.events("CommentAdded", office.first)
    assert (event["data"]["author"], event["data"]["draft"]) == (ann, True)


def test_the_time_that_a_task_took_arrives_with_the_choice(browser: Browser, place: Site) -> None:
    office = Office(place, "time")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
    kinds = [
        one[0] for event in office.events("InteractionsRecorded", office.first) for one in event["data"]["interactions"]
    ]
    assert kinds[0] == "annotation_loaded"
    assert {"answer_changed", "hotkey_pressed", "annotation_submitted"} <= set(kinds)
    [event] = office.submitted()
    assert 0 < event["data"]["active_time"] <= event["data"]["lead_time"] < 60
