"""The time that the dashboard is about, and its charts as pictures and numbers."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from annolog.infra.web.parts.words import number
from tests.infra.web.conftest import Crowd
from tests.infra.web.dashboard.reading import drawn, figure, rows_of
from tests.infra.web.site import Visit, visiting

pytestmark = pytest.mark.browser


def test_the_time_shown_is_in_the_address_and_survives_a_reload(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    page.get_by_role("link", name="7 days").click()
    page.wait_for_url("**?range=7d")
    page.get_by_role("link", name="Hour").click()
    page.wait_for_url("**?range=7d&by=hour")
    page.reload()
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="Hour")).to_have_attribute("aria-current", "true")
    since = page.evaluate("new Date(Date.now() - 6 * 864e5).toISOString().slice(0, 10)")
    asked = {"from": since, "by": "hour", "measures": "submissions"}
    found = month.site.ask("GET", f"/v1/projects/{month.project}/dashboard", params=asked)
    expect(figure(page, "submissions")).to_have_text(number(found["total"]["submissions"]))
    assert found["total"]["submissions"] > 0
    drawn(page, "Annotations")
    shown = [row for _, row in rows_of(page, "Annotations") if row["Submissions"] != "0"]
    assert [int(row["Submissions"]) for row in shown] == [row["submissions"] for row in found["rows"]]


def test_somebody_chooses_a_time_of_their_own_in_their_own_zone(browser: Browser, month: Crowd) -> None:
    with visiting(browser, month.site, timezone_id="Pacific/Chatham") as visit:
        visit.go("/projects")
        page = visit.go(f"/projects/{month.project}")
        expect(page.get_by_text("Pacific/Chatham")).to_be_visible()
        begin, end = page.evaluate(
            """() => [20, 10].map((days) => {
                const there = new Date(Date.now() - days * 864e5);
                return new Date(there - there.getTimezoneOffset() * 6e4).toISOString().slice(0, 11) + "12:45";
            })"""
        )
        page.get_by_text("Custom", exact=True).click()
        page.get_by_label("From", exact=True).fill(begin)
        page.get_by_label("To", exact=True).fill(end)
        page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_url("**range=custom&from=**")
        asked = {"from": begin, "to": end, "zone": "Pacific/Chatham", "measures": "submissions"}
        found = month.site.ask("GET", f"/v1/projects/{month.project}/dashboard", params=asked)["total"]["submissions"]
        assert found > 0
        expect(figure(page, "submissions")).to_have_text(number(found))


def test_a_time_that_is_none_is_explained_and_can_be_changed(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}?range=custom&from=2026-11-09T00:00&to=2026-11-02T00:00")
    expect(page.get_by_text("This time cannot be shown")).to_be_visible()
    expect(page.get_by_text("to is later than from")).to_be_visible()
    page.get_by_role("link", name="30 days").click()
    expect(figure(page, "submissions")).to_be_visible()


def test_every_chart_is_there_as_a_picture_and_as_numbers(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}?range=all")
    drawn(page, "What is taken for what")
    drawn(page, "Labels of label")
    names = [str(one.get_attribute("aria-label")) for one in page.locator("figure.an-chart").all()]
    assert len(names) >= 11
    for place, name in enumerate(names):
        if place and place % 4 == 0:
            # Chromium asks its user after ten files of a page.
            page = manager.go(f"/projects/{month.project}?range=all")
            drawn(page, "What is taken for what")
            drawn(page, "Labels of label")
        with page.expect_download() as picture:
            page.get_by_role("button", name=f"Download {name} as a picture").click()
        assert Path(picture.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", name
        with page.expect_download() as file:
            page.get_by_role("button", name=f"Download the numbers of {name}").click()
        lines = Path(file.value.path()).read_text().splitlines()
        assert file.value.suggested_filename.endswith(".csv")
        assert len(lines) > 1, name
    with page.expect_download() as whole:
        page.get_by_role("link", name="Download the whole dashboard as CSV").click()
    rows = list(csv.DictReader(StringIO(Path(whole.value.path()).read_text())))
    total = month.site.ask("GET", f"/v1/projects/{month.project}/dashboard")["total"]
    assert sum(int(row["submissions"]) for row in rows) == total["submissions"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dashboard_is_open_to_all(manager: Visit, month: Crowd, scheme: str) -> None:
    manager.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = manager.go(f"/projects/{month.project}")
    drawn(page, "What is taken for what")
    manager.must_be_open_to_all()
    page.get_by_role("button", name="Show Tasks by state as a table").click()
    expect(page.get_by_role("dialog", name="Tasks by state")).to_be_visible()
    # A dialog fades in.
    page.wait_for_function(
        """() => {
            const { x, y, width, height } = document.querySelector(".q-dialog button").getBoundingClientRect();
            const above = document.elementFromPoint(x + width / 2, y + height / 2);
            const inner = document.querySelector(".q-dialog__inner");
            return above?.closest(".q-dialog__inner") && getComputedStyle(inner.firstElementChild).opacity === "1"
                && !document.getAnimations().length;
        }"""
    )
    manager.must_be_open_to_all()
