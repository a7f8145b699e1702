"""The page on which tasks are labeled, and My work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from annolog.infra.replay.dataset import load
from tests.infra.web.site import Site, Visit, serving, sign_in, visiting

pytestmark = pytest.mark.browser

CONFIG = (
    '<View><Text name="text" value="$text"/><Text name="hypothesis" value="$hypothesis"/>'
    '<Choices name="label" toName="text" choice="single" required="true">'
    '<Choice value="entailed"/><Choice value="not entailed"/></Choices></View>'
)
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} :alert(1) " + "x" * 300 + " \u202eabc"
SLIPPED = "violates the following Content Security Policy"


def answer(label: str) -> list[dict[str, Any]]:
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests alone; each has a project and people of its own."""
    with serving(tmp_path_factory.mktemp("work")) as found:
        yield found


class Office:
    """A project of real sentence pairs, and the people who work in it."""

    def __init__(self, site: Site, title: str, tasks: int = 4, data: list[Any] | None = None, **settings: Any) -> None:
        self.site = site
        made = {"title": title, "label_config": CONFIG, "settings": settings}
        self.project: int = site.ask("POST", "/v1/projects", json=made)["project"]
        rte = load("rte")
        pairs = data or [{"data": dict(rte.texts[task])} for task in rte.tasks[:tasks]]
        self.first: int = site.ask("POST", f"/v1/projects/{self.project}/imports", json=pairs)["first_task"]
        site.ask("POST", f"/v1/projects/{self.project}/publish")
        self.title = title

    def member(self, name: str, role: str = "annotator") -> int:
        return self.site.member(self.project, f"{name}-{self.project}", role)

    def handle(self, name: str) -> str:
        return f"{name}-{self.project}"

    def events(self, task: int, type: str) -> list[Any]:
        history = self.site.ask("GET", f"/v1/tasks/{task}/history")["events"]
        return [event for event in history if event["type"] == type]

    def submitted(self) -> list[Any]:
        tasks = range(self.first, self.first + 4)
        return [event for task in tasks for event in self.events(task, "AnnotationSubmitted")]

    @property
    def path(self) -> str:
        return f"/projects/{self.project}/label"


def task_shown(page: Page, task: int) -> Locator:
    found = page.get_by_role("heading", name=f"Task {task}", exact=True)
    expect(found).to_be_visible()
    return found


def begin(visit: Visit, office: Office) -> Page:
    page = visit.page
    page.goto(f"{visit.site.url}{office.path}")
    return page


def forgive(visit: Visit, *words: str) -> None:
    """The browser itself reports what did not arrive or was refused."""
    visit.complaints[:] = [one for one in visit.complaints if not any(word in one for word in words)]


def test_a_pair_is_labeled_by_mouse_and_the_next_one_is_there(browser: Browser, place: Site) -> None:
    office = Office(place, "mouse")
    ann = office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.get_by_text("not entailed").click()
        page.get_by_role("button", name="Submit").click()
        task_shown(page, office.first + 1)
        expect(page.get_by_role("radio", name="not entailed")).not_to_be_checked()
        page.get_by_role("button", name="Previous").click()
        task_shown(page, office.first)
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.get_by_text("entailed", exact=True).click()
        page.get_by_role("button", name="Update").click()
        task_shown(page, office.first + 1)
    [annotation] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert annotation["annotator"] == ann
    assert [one["result"][0]["value"] for one in annotation["revisions"]] == [
        {"choices": ["not entailed"]},
        {"choices": ["entailed"]},
    ]


def test_a_pair_is_labeled_by_keyboard_alone_after_the_instructions(browser: Browser, place: Site) -> None:
    office = Office(place, "keyboard")
    office.member("ann")
    told = {"instructions": f"<h1>How</h1><p>Only what the <b>text</b> says.</p>{HOSTILE}<script>alert(1)</script>"}
    place.ask("PUT", f"/v1/projects/{office.project}/instructions", json=told)
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        instructions = page.get_by_role("dialog", name="Instructions")
        expect(instructions).to_contain_text("Only what the text says.")
        assert instructions.locator("script, [onerror]").count() == 0
        forgive(visit, SLIPPED, "404")
        page.keyboard.press("Enter")
        task_shown(page, office.first)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("needs an answer")
        page.keyboard.press("1")
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_checked()
        page.keyboard.press("Control+Enter")
        task_shown(page, office.first + 1)
        page.keyboard.press("Control+Space")
        task_shown(page, office.first + 2)
        page.keyboard.press("Alt+PageUp")
        task_shown(page, office.first)
        page.keyboard.press("2")
        page.keyboard.press("Alt+Enter")
        task_shown(page, office.first + 2)
        page.keyboard.press("?")
        help = page.get_by_role("dialog", name="Keyboard")
        expect(help).to_contain_text("Submit")
        expect(help).to_contain_text("not entailed")
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+i")
        expect(instructions).to_be_visible()
        forgive(visit, SLIPPED, "404")
    assert len(office.events(office.first + 1, "AnnotationSkipped")) == 1
    [event] = office.events(office.first, "AnnotationRevised")
    assert event["data"]["result"][0]["value"] == {"choices": ["not entailed"]}


def test_a_reload_in_mid_work_restores_it(browser: Browser, place: Site) -> None:
    office = Office(place, "reload", assignment={"sampling": "uniform", "seed": 7})
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        heading = page.get_by_role("heading", level=2).first
        expect(heading).to_contain_text("Task")
        shown = str(heading.text_content())
        page.keyboard.press("2")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name=shown, exact=True)).to_be_visible()
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.keyboard.press("1")
        page.reload()
        expect(page.get_by_role("heading", name=shown, exact=True)).to_be_visible()
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_checked()
    task = int(shown.split()[1])
    assert len(office.events(task, "ReservationReleased")) >= 2


def test_what_is_handed_in_without_a_network_is_sent_once_when_it_is_back(browser: Browser, place: Site) -> None:
    office = Office(place, "cut")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        visit.context.set_offline(True)
        page.keyboard.press("1")
        expect(page.get_by_text("Kept in this browser")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your answer is kept")).to_be_visible()
        expect(page.get_by_text("1 answer is kept in this browser")).to_be_visible()
        assert office.submitted() == []
        visit.context.set_offline(False)
        task_shown(page, office.first + 1)
        forgive(visit, "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    assert len(office.submitted()) == 1


def test_what_waits_outlives_its_tab_and_is_sent_once_by_several(browser: Browser, place: Site) -> None:
    office = Office(place, "crash")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.route("**/v1/tasks/*/annotations", lambda route: route.abort())
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your answer is kept")).to_be_visible()
        page.close(run_before_unload=False)
        forgive(visit, "ERR_FAILED")
        assert office.submitted() == []
        tabs = [visit._new() for _ in range(3)]
        for tab in tabs:
            tab.goto(f"{place.url}{office.path}", wait_until="commit")
        for tab in tabs:
            task_shown(tab, office.first + 1)
    [event] = office.submitted()
    assert event["data"]["result"][0]["value"] == {"choices": ["entailed"]}


def test_an_answer_whose_acknowledgement_was_lost_is_there_once(browser: Browser, place: Site) -> None:
    office = Office(place, "lost")
    office.member("ann")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(str(route.request.headers["idempotency-key"]))
        assert route.fetch().status == 201
        route.abort()

    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.route("**/v1/tasks/*/annotations", lose_first)
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        task_shown(page, office.first + 1)
        forgive(visit, "ERR_FAILED")
    assert len(lost) == 1
    assert len(office.submitted()) == 1


def test_what_waits_is_not_sent_in_the_name_of_who_signs_in_next(browser: Browser, place: Site) -> None:
    office = Office(place, "shared browser", assignment={"overlap": 2})
    ann = office.member("ann")
    office.member("bob")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.route("**/v1/tasks/*/annotations", lambda route: route.abort())
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your answer is kept")).to_be_visible()
        sign_in(visit.context, place, office.handle("bob"))
        page.unroute("**/v1/tasks/*/annotations")
        expect(page.get_by_text("Sign in again")).to_be_visible(timeout=20_000)
        assert office.submitted() == []
        sign_in(visit.context, place, office.handle("ann"))
        page.reload()
        task_shown(page, office.first + 1)
        forgive(visit, "ERR_FAILED")
    [event] = office.submitted()
    assert event["data"]["annotator"] == ann


def test_who_comes_second_to_the_last_place_is_told_kindly_and_the_work_is_kept(browser: Browser, place: Site) -> None:
    office = Office(place, "race", tasks=1)
    ann = office.member("ann")
    office.member("bob")
    with (
        visiting(browser, place, office.handle("ann")) as one,
        visiting(browser, place, office.handle("bob")) as other,
    ):
        page = begin(one, office)
        task_shown(page, office.first)
        page.keyboard.press("1")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        # As if her time had run out.
        place.ask("DELETE", f"/v1/tasks/{office.first}/reservation", ann)
        faster = begin(other, office)
        task_shown(faster, office.first)
        faster.keyboard.press("2")
        faster.keyboard.press("Control+Enter")
        expect(faster.get_by_text("All tasks have their answers")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Somebody else was faster")).to_be_visible()
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        one.must_be_open_to_all()
        for visit in (one, other):
            forgive(visit, "403", "404", "409")
        mine = one.go("/my-work")
        expect(mine.get_by_text("somebody was faster")).to_be_visible()
    draft = place.ask("GET", f"/v1/tasks/{office.first}/draft", ann)
    assert (draft["result"][0]["value"], draft["reason"]) == ({"choices": ["entailed"]}, "slot-taken")
    assert len(office.events(office.first, "AnnotationSubmitted")) == 1


def test_returned_work_is_found_with_the_reviewers_words_and_fixed(browser: Browser, place: Site) -> None:
    office = Office(place, "returned")
    ann, rev = office.member("ann"), office.member("rev", "reviewer")
    place.ask("POST", f"/v1/projects/{office.project}/next", ann)
    path = f"/v1/tasks/{office.first}/annotations"
    annotation = place.ask("POST", path, ann, json={"result": answer("entailed")})["annotation"]
    verdict = {"verdict": "rejected", "action": "return", "comment": f"Read on. {HOSTILE}"}
    place.ask("POST", f"{path}/{annotation}/reviews", rev, json=verdict)
    with visiting(browser, place, office.handle("ann")) as visit:
        page = visit.go("/")
        expect(page).to_have_url(f"{place.url}/my-work")
        expect(page.locator(".an-work-said")).to_contain_text("Read on. <img src=x onerror=alert(1)>")
        visit.must_be_open_to_all()
        page.get_by_role("link", name=f"Fix it: task {office.first}").click()
        task_shown(page, office.first)
        expect(page.get_by_role("alert")).to_contain_text("Read on. <img src=x onerror=alert(1)> {{7*7}}")
        page.keyboard.press("2")
        page.get_by_role("button", name="Send back").click()
        task_shown(page, office.first + 1)
        expect(page).to_have_url(f"{place.url}{office.path}")
    [shown] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert (shown["revision"], shown["standing"]) == (2, "counted")
    assert shown["result"][0]["value"] == {"choices": ["not entailed"]}


def test_a_skip_takes_a_reason_where_the_project_asks_and_is_not_offered_where_it_is_not_allowed(
    browser: Browser, place: Site
) -> None:
    rte = load("rte")
    tasks = [{"data": dict(rte.texts[task])} for task in rte.tasks[:2]]
    tasks[1]["allow_skip"] = False  # type: ignore[assignment]
    office = Office(place, "skip", data=tasks, assignment={"comment_on_skip": True})
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.keyboard.press("Control+Space")
        dialog = page.get_by_role("dialog", name="Skip the task")
        dialog.get_by_role("button", name="Skip").click()
        expect(dialog.get_by_role("alert")).to_contain_text("asks for a reason")
        visit.must_be_open_to_all()
        dialog.get_by_label("Reason").fill("Both sentences are cut off.")
        page.keyboard.press("Control+Enter")
        task_shown(page, office.first + 1)
        expect(page.get_by_role("button", name="Skip")).to_have_count(0)
    [event] = office.events(office.first, "AnnotationSkipped")
    assert event["data"]["comment"] == "Both sentences are cut off."


def test_the_time_that_a_task_took_arrives_with_the_answer(browser: Browser, place: Site) -> None:
    office = Office(place, "time")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        task_shown(page, office.first + 1)
    kinds = [
        one[0] for event in office.events(office.first, "InteractionsRecorded") for one in event["data"]["interactions"]
    ]
    assert kinds[0] == "annotation_loaded"
    assert {"answer_changed", "hotkey_pressed", "annotation_submitted"} <= set(kinds)
    [event] = office.submitted()
    assert 0 < event["data"]["active_time"] <= event["data"]["lead_time"] < 60


def test_a_suggestion_of_a_model_is_there_to_be_changed(browser: Browser, place: Site) -> None:
    rte = load("rte")
    prediction = {"result": answer("not entailed"), "model_version": "m-1"}
    office = Office(place, "suggestion", data=[{"data": dict(rte.texts[rte.tasks[0]]), "predictions": [prediction]}])
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404")
    [event] = office.events(office.first, "AnnotationSubmitted")
    assert event["data"]["prediction"] is not None
    assert event["data"]["result"][0]["origin"] == "prediction-changed"


def test_keys_are_changed_by_who_likes_others_and_conflicts_are_told(browser: Browser, place: Site) -> None:
    office = Office(place, "keys")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.keyboard.press("Alt+k")
        dialog = page.get_by_role("dialog", name="Keys")
        dialog.get_by_label("Key for Submit").press("Control+Space")
        expect(dialog.get_by_text("is also “Skip”")).to_be_visible()
        expect(dialog.get_by_role("button", name="Keep")).to_be_disabled()
        visit.must_be_open_to_all()
        dialog.get_by_label("Key for Submit").press("Control+j")
        dialog.get_by_label("Key for not entailed").press("u")
        dialog.get_by_role("button", name="Keep").click()
        page.reload()
        task_shown(page, office.first)
        page.keyboard.press("u")
        page.keyboard.press("Control+j")
        task_shown(page, office.first + 1)
    [event] = office.submitted()
    assert event["data"]["result"][0]["value"] == {"choices": ["not entailed"]}


def test_a_comment_is_written_beside_the_work(browser: Browser, place: Site) -> None:
    office = Office(place, "comments")
    ann = office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.keyboard.press("Alt+c")
        page.keyboard.type("Which sentence counts?")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("complementary", name="Comments").get_by_role("listitem")).to_contain_text("Which")
        task_shown(page, office.first)
    [event] = office.events(office.first, "CommentAdded")
    assert (event["data"]["author"], event["data"]["draft"]) == (ann, True)


def test_who_leaves_leaves_the_task_to_others(browser: Browser, place: Site) -> None:
    office = Office(place, "leave", tasks=1)
    office.member("ann")
    bob = office.member("bob")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.keyboard.press("1")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        visit.go("/my-work")
        expect(visit.page.get_by_role("link", name=f"Go on: task {office.first}")).to_be_visible()
    assert place.ask("POST", f"/v1/projects/{office.project}/next", bob)["task"] == office.first


def test_whoever_has_nothing_to_do_here_reads_a_kind_word(browser: Browser, place: Site) -> None:
    office = Office(place, f"Nobody {HOSTILE}")
    office.member("eve", "viewer")
    ann = office.member("ann")
    with visiting(browser, place, office.handle("eve")) as visit:
        page = visit.go(office.path)
        expect(page.get_by_text("You do not label in this project")).to_be_visible()
        visit.must_be_open_to_all()
    place.ask("POST", f"/v1/projects/{office.project}/members/{ann}/pause", json={"reason": "training on Monday"})
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        expect(page.get_by_role("heading", name="You are paused in this project")).to_be_visible()
        expect(page.get_by_text("training on Monday")).to_be_visible()
        forgive(visit, "403")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_all_whatever_is_in_them(browser: Browser, place: Site, scheme: Any) -> None:
    data = [{"data": {"text": HOSTILE, "hypothesis": "\u202eRTL"}}]
    office = Office(place, f"{scheme} {HOSTILE}", data=data)
    office.member("ann")
    with visiting(browser, place, office.handle("ann"), color_scheme=scheme) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        expect(page.locator(".an-work-place")).to_contain_text("<img src=x onerror=alert(1)> {{7*7}}")
        page.keyboard.press("Alt+c")
        visit.must_be_open_to_all()
        page.set_viewport_size({"width": 820, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        visit.go("/my-work")
        expect(page.get_by_role("link", name=office.title[:20])).to_have_count(2)
        visit.must_be_open_to_all()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_is_being_introduced_reads_how_an_answer_differs_and_may_change_it(browser: Browser, place: Site) -> None:
    rte = load("rte")
    truth = [{"result": answer("entailed"), "ground_truth": True}]
    data: list[Any] = [{"data": dict(rte.texts[task]), "annotations": truth} for task in rte.tasks[:2]]
    evaluation = {"enabled": True, "onboarding_tasks": 2, "feedback": "hint", "pause_on_failure": False}
    office = Office(place, "introduced", data=data, evaluation=evaluation)
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office)
        task_shown(page, office.first)
        page.keyboard.press("2")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("It differs in label. You may change it once more.")
        task_shown(page, office.first)
        page.keyboard.press("1")
        page.keyboard.press("Alt+Enter")
        expect(page.get_by_text("That was right")).to_be_visible()
        task_shown(page, office.first + 1)
    told = [event["data"]["right"] for event in office.events(office.first, "FeedbackGiven")]
    assert told == [False, True]
