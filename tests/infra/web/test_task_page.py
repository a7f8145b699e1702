"""The page of one task: who said what, why it is where it is, what is done about it, and how it came there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from annolog.infra.web.parts.words import score
from tests.infra.web.site import Site, Visit, serving, visiting

pytestmark = pytest.mark.browser

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
CONFIG = (
    '<View><Text name="text" value="$text"/><Image name="img" value="$img"/>'
    '<Labels name="ner" toName="text"><Label value="PER"/><Label value="LOC"/></Labels>'
    '<RectangleLabels name="box" toName="img"><Label value="Dog"/><Label value="Cat"/></RectangleLabels>'
    '<Choices name="mood" toName="text"><Choice value="good"/><Choice value="{{7*7}}"/></Choices>'
    '<TextArea name="note" toName="text"/></View>'
)
TEXT = "Marie Curie came from Warsaw to Paris."
HOSTILE = "<img src=x onerror=alert(1)>"
SETTINGS = {
    "assignment": {"overlap": 2},
    "reassignment": {"enabled": True, "threshold": 0.75, "maximum_additional": 1},
    "review": {"only_finished": False},
}


def span(start: int, end: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]}
    return {"id": f"s{start}", "from_name": "ner", "to_name": "text", "type": "labels", "value": value}


def box(x: float, label: str) -> dict[str, Any]:
    value = {"x": x, "y": 20, "width": 30, "height": 8, "rotation": 0, "rectanglelabels": [label]}
    return {"id": f"b{x}", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value}


def mood(label: str) -> dict[str, Any]:
    return {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def note(*lines: str) -> dict[str, Any]:
    return {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": list(lines)}}


ADA = [span(0, 11, "PER"), span(22, 28, "LOC"), box(10, "Dog"), mood("good"), note("a clear case")]
BOB = [span(0, 11, "PER"), span(22, 28, "PER"), box(25, "Dog"), mood("{{7*7}}"), note("a doubtful case")]


@dataclass(frozen=True)
class Story:
    """A project in which people disagreed."""

    site: Site
    project: int
    first: int

    def answer(self, task: int, who: str, result: list[dict[str, Any]], **more: Any) -> int:
        """Somebody answers."""
        person = self.site.people[who]
        body = {"result": result, **more}
        found: int = self.site.ask("POST", f"/v1/tasks/{task}/annotations", person, json=body)["annotation"]
        return found

    def see(self, path: str, who: str | None = None, **parameters: Any) -> Any:
        """What the API answers."""
        return self.site.ask("GET", path, self.site.people[who] if who else None, params=parameters)


def project_in(site: Site, title: str, tasks: list[dict[str, Any]], **settings: Any) -> Story:
    """A published project with three annotators and a reviewer."""
    body = {"title": title, "label_config": CONFIG, "settings": {**SETTINGS, **settings}}
    project = site.ask("POST", "/v1/projects", json=body)["project"]
    for handle in ("ada", "bob", HOSTILE):
        site.member(project, handle, "annotator")
    site.member(project, "rita", "reviewer")
    first = site.ask("POST", f"/v1/projects/{project}/imports", json=tasks)["first_task"]
    site.ask("POST", f"/v1/projects/{project}/publish")
    return Story(site, project, first)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Task 0 disputed, 1 to be reviewed, 2 hostile, 3 untouched, 4 to be talked about, 5 to be deleted, 6 going on."""
    with serving(tmp_path_factory.mktemp("story")) as site:
        plain = {"data": {"text": TEXT, "img": PIXEL}}
        hostile = {"data": {"text": f"{HOSTILE}{{{{7*7}}}}", "img": PIXEL, "more": "مرحبا " + "x" * 300}}
        predicted = {**plain, "predictions": [{"model_version": "m-1", "score": 0.81, "result": [mood("good")]}]}
        found = project_in(site, f"{HOSTILE} {'long ' * 60}", [predicted, plain, hostile, *[plain] * 4])
        first = found.first
        found.answer(first, "ada", ADA, lead_time=12.5, active_time=9)
        found.answer(first, "bob", BOB, lead_time=70)
        found.answer(first + 1, "ada", ADA)
        found.answer(first + 4, "ada", [mood("good")])
        found.answer(first + 5, "ada", [mood("good")])
        found.answer(first + 6, "ada", [mood("good")])
        yield found


@pytest.fixture
def owner(browser: Browser, story: Story) -> Iterator[Visit]:
    with visiting(browser, story.site) as visit:
        yield visit


def column(page: Page, name: str, row: str) -> Any:
    """The cell of somebody in a row of the table of answers."""
    heads = page.locator(".an-compare thead th")
    names = [head.inner_text().split("\n")[0] for head in heads.all()]
    line = page.locator(".an-compare tbody tr").filter(has=page.locator("th").get_by_text(row, exact=True))
    return line.locator("td").nth(names.index(name) - 1)


def test_answers_stand_side_by_side_with_their_differences_marked(owner: Visit, story: Story) -> None:
    page = owner.go(f"/tasks/{story.first}")
    expect(column(page, "ada", "mood")).to_contain_text("good")
    expect(column(page, "ada", "mood")).to_contain_text("nobody else says so")
    ada = column(page, "ada", "Regions")
    expect(ada).to_contain_text("Marie Curie")
    expect(ada.locator("li").nth(0)).to_contain_text("0–11")
    expect(ada.locator("li").nth(0)).to_contain_text("the other draws the same")
    expect(ada.locator("li").nth(2)).to_contain_text("x 10 %, y 20 %, 30 × 8 %")
    expect(column(page, "ada", "Time")).to_contain_text("12 s, 9.0 s of it at work")
    expect(column(page, "Model m-1", "mood")).to_contain_text("good")

    page.get_by_label("Compare with").click()
    page.get_by_role("option", name="ada").click()
    bob = column(page, "bob", "Regions")
    expect(bob.locator("li").nth(1)).to_contain_text("ada: LOC (100 % in common)")
    expect(bob.locator("li").nth(2)).to_contain_text("33 % in common with ada")
    expect(column(page, "bob", "mood")).to_contain_text("ada: good")


def test_it_is_understood_at_once_why_one_more_was_asked(owner: Visit, story: Story) -> None:
    page = owner.go(f"/tasks/{story.first}")
    agreement = story.see(f"/v1/tasks/{story.first}/agreement")
    overall = score(agreement["score"])
    why = page.locator(".an-short")
    expect(why).to_contain_text("2 of 3 people answered, and they disagree")
    expect(why).to_contain_text(
        f"2 were to answer at first; 1 more was asked, because agreement was {overall}, below 0.75"
    )
    expect(why).to_contain_text(f"1 person could be given it: {HOSTILE}")
    expect(page.locator(".an-fact-score")).to_contain_text(overall)
    pairs = [score(one["agreement"]) for one in agreement["matrix"]]
    cells = [cell.inner_text() for cell in page.locator(".an-task-matrix td").all()]
    assert sorted(cells) == sorted([*pairs, *pairs, "–", "–", "–"])
    page.get_by_text("Who could be given it").click()
    considered = {one["reason"] for one in story.see(f"/v1/tasks/{story.first}/why")["people"]}
    assert considered == {"answered", "eligible"}
    expect(page.locator(".an-considered dt")).to_have_text(["1 could be given it", "2 answered it"])


def test_the_timeline_tells_cause_and_effect_and_unfolds_to_what_was_recorded(owner: Visit, story: Story) -> None:
    page = owner.go(f"/tasks/{story.first}")
    history = story.see(f"/v1/tasks/{story.first}/history")["events"]
    events = page.locator(".an-event")
    expect(events).to_have_count(len(history))
    slot = next(event for event in history if event["type"] == "SlotAdded")
    cause = next(event for event in history if event["id"] == slot["causation_id"])
    line = page.locator(f"#event-{slot['position']}")
    expect(line).to_contain_text("so one more person was asked: 3 in all (rule agreement v1)")
    expect(line.get_by_role("link", name=f"caused by #{cause['position']}")).to_be_visible()
    assert "an-depth-1" in str(line.get_attribute("class"))
    expect(page.locator(f"#event-{cause['position']}")).to_contain_text("bob answered")
    line.get_by_text("What it rested on").click()
    expect(line.locator(".an-evidence")).to_contain_text("Threshold")
    expect(line.locator("pre")).to_contain_text('"type": "SlotAdded"')
    page.get_by_label("Show", exact=True).click()
    page.get_by_role("option", name="Decisions by rule").click()
    expect(line).to_be_visible()
    expect(page.locator(f"#event-{cause['position']}")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_open_to_all(owner: Visit, story: Story, scheme: Any) -> None:
    owner.page.emulate_media(color_scheme=scheme)
    owner.go(f"/tasks/{story.first}")
    expect(owner.page.locator(".an-compare")).to_be_visible()
    owner.must_be_open_to_all()
    owner.page.set_viewport_size({"width": 820, "height": 1000})
    owner.must_be_open_to_all()
    assert owner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_returned_work_is_seen_to_come_back_by_itself(browser: Browser, story: Story) -> None:
    task = story.first + 1
    with visiting(browser, story.site, "rita") as visit:
        page = visit.go(f"/tasks/{task}")
        page.get_by_role("button", name="Reject the answer of ada").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("Return to its author").click()
        dialog.get_by_label("What is wrong with it").fill("Warsaw is a place")
        dialog.get_by_role("button", name="Reject").click()
        expect(page.locator(".an-short")).to_contain_text(
            "The answer of ada was rejected by rita; it goes back to its author: “Warsaw is a place”"
        )
        expect(column(page, "ada", "Reviews")).to_contain_text("rejected")
        annotation = story.see(f"/v1/tasks/{task}")["annotations"][0]["id"]
        revised = [*ADA[:3], mood("{{7*7}}"), note("a clear and simple case")]
        ada = story.site.people["ada"]
        story.site.ask("PUT", f"/v1/tasks/{task}/annotations/{annotation}", ada, json={"result": revised})
        expect(column(page, "ada", "mood")).to_contain_text("{{7*7}}")
        column(page, "ada", "Revisions").get_by_text("2 revisions").click()
        expect(column(page, "ada", "Revisions")).to_contain_text("mood: good became {{7*7}}")
        expect(column(page, "ada", "Revisions").locator("ins")).to_have_text("and simple ")
        expect(page.get_by_role("button", name="Delete task…")).to_have_count(0)


def test_people_talk_about_a_region_and_see_each_other(browser: Browser, story: Story) -> None:
    task = story.first + 4
    with visiting(browser, story.site, "rita") as visit:
        page = visit.go(f"/tasks/{task}")
        comments = page.locator(".an-comments")
        expect(comments).to_contain_text("Nothing was said yet")
        comments.get_by_label("Say something").fill(f"{HOSTILE} :alert(1)")
        comments.get_by_role("button", name="Comment").click()
        expect(comments).to_contain_text(f"{HOSTILE} :alert(1)")
        said = story.see(f"/v1/tasks/{task}")["comments"][0]
        body = {"text": "So it is.", "parent": said["id"]}
        story.site.ask("POST", f"/v1/tasks/{task}/comments", json=body)
        expect(comments).to_contain_text("So it is.")
        page.get_by_role("button", name=f"Resolve comment {said['id']}").click()
        expect(comments).to_contain_text("resolved")
        page.get_by_role("button", name="Undo").click()
        expect(comments.get_by_text("✓ resolved")).to_have_count(0)
        page.get_by_role("button", name=f"Edit comment {said['id']}").click()
        page.get_by_role("dialog").get_by_label("Comment").fill("Better words")
        page.get_by_role("button", name="Save").click()
        expect(comments).to_contain_text("Better words")
        # Without the notes in passing, which fade.
        visit.go(f"/tasks/{task}")
        expect(comments).to_contain_text("Better words")
        visit.must_be_open_to_all()


def test_the_past_is_shown_as_past_and_nothing_is_done_there(owner: Visit, story: Story) -> None:
    history = story.see(f"/v1/tasks/{story.first}/history")["events"]
    answered = next(event for event in history if event["type"] == "AnnotationSubmitted")
    page = owner.go(f"/tasks/{story.first}")
    page.get_by_text("See it as it was").click()
    slider = page.get_by_label("Moment of the task's history")
    slider.fill(str(history.index(answered) + 1))
    page.wait_for_url(f"**/tasks/{story.first}?as_of={answered['position']}")
    expect(page.get_by_text("This is the past")).to_be_visible()
    expect(page.locator(".an-event")).to_have_count(history.index(answered) + 1)
    assert [head.inner_text() for head in page.locator(".an-compare-name").all()] == ["ada", "Model m-1"]
    for name in ("Ask one more person", "Comment", "Accept the answer of ada"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    owner.must_be_open_to_all()
    page.get_by_role("link", name="Back to now").click()
    expect(page.get_by_text("This is the past")).to_have_count(0)


def test_what_somebody_is_asked_stays_while_the_task_goes_on(owner: Visit, story: Story) -> None:
    task = story.first + 6
    page = owner.go(f"/tasks/{task}")
    page.get_by_role("button", name="Reject the answer of ada").click()
    wrong = page.get_by_role("dialog").get_by_label("What is wrong with it")
    wrong.fill("half a thought")
    story.answer(task, "bob", [mood("good")])
    expect(page.locator(".an-compare-name")).to_have_text(["ada", "bob"])
    expect(wrong).to_have_value("half a thought")
    wrong.fill("a whole thought")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(page.locator(".an-undo")).to_contain_text("The answer of ada is rejected.")


def test_what_is_done_can_be_taken_back(owner: Visit, story: Story) -> None:
    task = story.first + 5
    page = owner.go(f"/tasks/{task}")
    page.get_by_role("button", name="Make the answer of ada the ground truth").click()
    expect(page.locator(".an-compare")).to_contain_text("★ ground truth")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".an-compare").get_by_text("★ ground truth")).to_have_count(0)
    page.get_by_role("button", name="Ask one more person").click()
    page.get_by_role("dialog").get_by_label("Why").fill("to be sure")
    page.get_by_role("dialog").get_by_role("button", name="Ask one more").click()
    expect(page.locator(".an-short")).to_contain_text("1 person more asked by hand, by owner: “to be sure”")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".an-heading")).to_contain_text("2 people asked")
    page.get_by_role("button", name="Delete task…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete task").click()
    expect(page.locator(".an-heading")).to_contain_text("deleted")
    assert story.see(f"/v1/tasks/{task}")["deleted"]
    page.get_by_role("button", name="Restore task").click()
    expect(page.get_by_role("button", name="Delete task…")).to_be_visible()
    assert not story.see(f"/v1/tasks/{task}")["deleted"]


def test_keys_lead_through_the_tasks_of_a_board(owner: Visit, story: Story) -> None:
    page = owner.go(f"/tasks/{story.first}?order=-task")
    page.keyboard.press("k")
    page.wait_for_url(f"**/tasks/{story.first + 1}?order=-task")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Task {story.first + 1}")
    page.wait_for_function("window.socket?.connected")
    page.keyboard.press("j")
    page.wait_for_url(f"**/tasks/{story.first}?order=-task")


def test_what_people_wrote_is_shown_and_never_run(owner: Visit, story: Story) -> None:
    task = story.first + 2
    page = owner.go(f"/tasks/{task}")
    page.get_by_text("Data and meta as they were imported").click()
    expect(page.locator(".an-material")).to_contain_text(f"{HOSTILE}{{{{7*7}}}}")
    story.answer(task, HOSTILE, [mood("{{7*7}}"), note(HOSTILE, ":alert(1)")])
    expect(page.locator(".an-compare-name")).to_have_text([HOSTILE])
    expect(page.locator(".an-compare")).to_contain_text("{{7*7}}")
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_task_that_nobody_touched_says_so(owner: Visit, story: Story) -> None:
    page = owner.go(f"/tasks/{story.first + 3}")
    expect(page.get_by_text("Nobody has answered it yet")).not_to_have_count(0)
    expect(page.get_by_text("Nothing to compare yet")).to_be_visible()
    expect(page.locator(".an-event")).to_have_count(1)


def test_an_annotator_sees_their_own_part_and_nothing_else(browser: Browser, story: Story) -> None:
    with visiting(browser, story.site, "ada") as visit:
        page = visit.go(f"/tasks/{story.first}")
        expect(page.locator(".an-compare-name")).to_have_text(["ada", "Model m-1"])
        for words in ("Timeline", "Agreement", "Consensus", "bob", "Accept", "Ask one more person"):
            expect(page.get_by_text(words, exact=True)).to_have_count(0)
        visit.must_be_open_to_all()


def test_a_blind_reviewer_is_shown_numbers_for_names(browser: Browser, story: Story) -> None:
    review = {"only_finished": False, "anonymize_annotations": True, "show_agreement": False}
    blind = project_in(story.site, "Blind", [{"data": {"text": TEXT, "img": PIXEL}}], review=review)
    blind.answer(blind.first, "ada", ADA)
    blind.answer(blind.first, "bob", BOB)
    with visiting(browser, story.site, "rita") as visit:
        page = visit.go(f"/tasks/{blind.first}")
        expect(page.locator(".an-compare-name")).to_have_text(["annotator 1", "annotator 2"])
        expect(page.locator(".an-timeline")).to_contain_text("annotator 1 answered")
        body = page.locator("#an-main")
        expect(body).not_to_contain_text("ada")
        expect(body).not_to_contain_text("bob")
        agreement = story.site.ask("GET", f"/v1/tasks/{blind.first}/agreement")["score"]
        expect(body).not_to_contain_text(score(agreement))
