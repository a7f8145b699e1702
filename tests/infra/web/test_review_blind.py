"""What a reviewer is not to know is not on their page, whoever wrote what; and who may not review reads a kind word."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from tests.infra.web.reviewing import HOSTILE, Office, begin, choice, forgive, nothing_left, shown, span
from tests.infra.web.site import Site, Visit, visiting

pytestmark = pytest.mark.browser


def heard(visit: Visit) -> list[str]:
    """All that comes to the browser from now on, over the socket and in answers of the API."""
    found: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: found.append(str(frame)))

    visit.page.on("websocket", listen)
    visit.page.on(
        "response",
        lambda answer: found.append(answer.text()) if "/v1/" in answer.url and "/v1/me" not in answer.url else None,
    )
    return found


def test_where_names_are_hidden_none_comes_to_the_browser(browser: Browser, place: Site) -> None:
    office = Office(place, "nameless", assignment={"overlap": 2}, review={"anonymize_annotations": True})
    ann, bob = office.member("zeno"), office.member("yara")
    rev = office.member("rev", "reviewer")
    first = office.answered(ann, choice("entailed"))
    office.answered(bob, choice("not entailed"))
    said = {"verdict": "rejected", "action": "return", "comment": "Once more."}
    place.ask("POST", f"/v1/tasks/{office.first}/annotations/{first}/reviews", rev, json=said)
    body = {"result": choice("not entailed")}
    place.ask("PUT", f"/v1/tasks/{office.first}/annotations/{first}", ann, json=body)
    place.ask("POST", f"/v1/tasks/{office.first}/comments", bob, json={"text": "Is this odd?"})
    with visiting(browser, place, office.handle("rev")) as visit:
        came = heard(visit)
        page = begin(visit, office.path)
        shown(page, office.first, "by Annotator 1")
        expect(page.get_by_role("group", name="Compare with")).to_contain_text("Annotator 2")
        expect(page.get_by_role("complementary", name="Comments")).to_contain_text("Annotator 2")
        page.keyboard.press("Alt+a")
        expect(page.get_by_role("region", name="All answers")).to_contain_text("Annotator 1")
        for name in ("zeno", "yara"):
            assert name not in page.content()
            assert not [one for one in came if name in one]
        assert [one for one in came if "annotator 1" in one]
        visit.must_be_open_to_all()


def test_a_second_review_shows_no_verdict_and_a_third_person_settles_two(browser: Browser, place: Site) -> None:
    office = Office(place, "twice", review={"second_review_percent": 100, "adjudication": "always"})
    ann = office.member("ann")
    for name in ("rev", "ron", "rea"):
        office.member(name, "reviewer")
    answer = [span("r1", office.rows[0]["data"]["text"], 0, 4, "Person"), *choice("entailed")]
    annotation = office.answered(ann, answer)
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first, "First review")
        page.get_by_role("button", name="Fix").click()
        page.get_by_role("radio", name="not entailed").check()
        page.get_by_role("button", name="Fix and accept").click()
        nothing_left(page)
        forgive(visit, "404")
    with visiting(browser, place, office.handle("ron")) as visit:
        came = heard(visit)
        page = begin(visit, office.path)
        shown(page, office.first, "Second review, blind")
        # What was judged, not what became of it, and nothing of who judged it.
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_checked()
        for word in (office.handle("rev"), office.handle("ann"), "fixed", "History", "Agreement"):
            assert word not in page.locator("#an-work").inner_text()
            assert not [one for one in came if word in one]
        visit.must_be_open_to_all()
        page.locator(".an-lb-span").click()
        page.get_by_role("button", name="Reject").click()
        composer = page.get_by_role("group", name="Reject")
        expect(composer.get_by_role("checkbox", name="about")).to_be_checked()
        composer.get_by_role("textbox").fill("Nobody.")
        composer.get_by_role("button", name="Send").click()
        nothing_left(page)
        # What was said blindly stays said.
        expect(page.get_by_text(f"Task {office.first}: rejected for good")).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_be_hidden()
        forgive(visit, "404")
    with visiting(browser, place, office.handle("rea")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first, "Two reviewers to be settled")
        verdicts = page.locator(".an-review-verdict")
        expect(verdicts.first).to_contain_text("First reviewerFixed and accepted")
        expect(verdicts.last).to_contain_text("Second reviewerRejected for good")
        expect(page.get_by_role("group", name="Compare with")).to_contain_text("First reviewer's fix")
        for name in ("rev", "ron"):
            assert office.handle(name) not in page.content()
        page.get_by_role("button", name="Accept").click()
        nothing_left(page)
        forgive(visit, "404")
    [again] = office.annotation(annotation)["second_reviews"]
    assert (again["verdict"], again["agrees"], again["adjudication"]["verdict"]) == ("rejected", False, "accepted")
    assert (again["comment"], again["region"]) == ("Nobody.", "r1")
    assert again["adjudication"]["overturns"]
    assert office.annotation(annotation)["result"] == answer


def test_what_waits_for_a_second_review_is_not_shown_by_its_address(browser: Browser, place: Site) -> None:
    office = Office(place, "address", review={"second_review_percent": 100})
    ann, rev = office.member("ann"), office.member("rev", "reviewer")
    office.member("ron", "reviewer")
    annotation = office.answered(ann, choice("entailed"))
    path = f"/v1/tasks/{office.first}/annotations/{annotation}/reviews"
    place.ask("POST", path, rev, json={"verdict": "accepted"})
    with visiting(browser, place, office.handle("ron")) as visit:
        page = begin(visit, f"/tasks/{office.first}/review/{annotation}")
        expect(page.get_by_role("heading", name="This annotation is not shown to you now")).to_be_visible()
        visit.must_be_open_to_all()
        page.get_by_role("button", name="What is next to review").click()
        shown(page, office.first, "Second review, blind")


def test_agreement_is_not_asked_for_where_it_is_hidden(browser: Browser, place: Site) -> None:
    office = Office(place, "no agreement", assignment={"overlap": 2}, review={"show_agreement": False})
    for name in ("ann", "bob"):
        office.answered(office.member(name), choice("entailed"))
    office.member("rev", "reviewer")
    with visiting(browser, place, office.handle("rev")) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        page = begin(visit, office.path)
        shown(page, office.first)
        expect(page.get_by_role("complementary", name="Comments")).to_be_visible()
        expect(page.get_by_role("region", name="Agreement")).to_be_hidden()
        assert [url for url in asked if url.endswith(f"/v1/tasks/{office.first}")]
        assert not [url for url in asked if url.endswith("/agreement")]


def test_who_does_not_review_here_reads_a_kind_word(browser: Browser, place: Site) -> None:
    office = Office(place, f"Nobody {HOSTILE}")
    annotation = office.answered(office.member("ann"), choice("entailed"))
    with visiting(browser, place, office.handle("ann")) as visit:
        for path in (office.path, f"/tasks/{office.first}/review/{annotation}"):
            page = visit.go(path)
            expect(page.get_by_text("You do not review in this project")).to_be_visible()
        expect(page.get_by_role("link", name="Review", exact=True)).to_have_count(0)
        visit.must_be_open_to_all()
    office.member("rev", "reviewer")
    place.ask("POST", f"/v1/projects/{office.project}/unpublish")
    with visiting(browser, place, office.handle("rev")) as visit:
        expect(visit.go(office.path).get_by_text("This project is not published yet")).to_be_visible()


def test_new_work_comes_by_itself_to_who_waits(browser: Browser, place: Site) -> None:
    office = Office(place, "waits")
    ann = office.member("ann")
    office.member("rev", "reviewer")
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        page.clock.install()
        page.reload()
        nothing_left(page)
        visit.must_be_open_to_all()
        office.answered(ann, choice("entailed"))
        page.clock.run_for(16_000)
        shown(page, office.first)
        forgive(visit, "404")
        mine = visit.go("/my-work")
        mine.get_by_role("link", name=f"Review in {office.title}").click()
        shown(mine, office.first)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_strangers_wrote_is_text_and_open_to_all(browser: Browser, place: Site, scheme: Any) -> None:
    text = f"Ada {HOSTILE}"
    data = [{"data": {"text": text, "hypothesis": "\u202eRTL"}}]
    office = Office(place, f"{scheme} {HOSTILE}", data=data, assignment={"overlap": 2})
    ann, bob = office.member("ann"), office.member("bob")
    rev = office.member("rev", "reviewer")
    first = office.answered(ann, [span("r1", text, 0, 3, "Person"), *choice("entailed")])
    office.answered(bob, [span(HOSTILE, text, 0, 60, "Place"), *choice("not entailed")])
    said = {"verdict": "rejected", "action": "return", "comment": HOSTILE, "region": "r1"}
    place.ask("POST", f"/v1/tasks/{office.first}/annotations/{first}/reviews", rev, json=said)
    place.ask("POST", f"/v1/tasks/{office.first}/comments", ann, json={"text": HOSTILE, "annotation": first})
    changed = {"result": [span("r1", text, 0, 50, "Place"), *choice("entailed")]}
    place.ask("PUT", f"/v1/tasks/{office.first}/annotations/{first}", ann, json=changed)
    with visiting(browser, place, office.handle("rev"), color_scheme=scheme) as visit:
        page = begin(visit, office.path)
        shown(page, office.first, "revision 2")
        expect(page.get_by_role("region", name="History")).to_contain_text("<img src=x onerror=alert(1)> {{7*7}}")
        expect(page.get_by_role("complementary", name="Comments")).to_contain_text("<img src=x onerror=alert(1)>")
        expect(page.get_by_role("region", name="Agreement")).to_be_visible()
        visit.must_be_open_to_all()
        page.keyboard.press("Alt+x")
        visit.must_be_open_to_all()
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+a")
        expect(page.get_by_role("region", name="All answers").get_by_role("article")).to_have_count(3)
        visit.must_be_open_to_all()
        page.set_viewport_size({"width": 820, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Alt+a")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
