"""Somebody whose work changed: the alarm, and how they stand against the truth."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, expect

from annolog.infra.web.parts.words import duration
from tests.infra.web.site import Site, visiting
from tests.infra.web.team.figures import percent

pytestmark = pytest.mark.browser


def test_a_change_is_shown_with_its_tasks_and_dismissed(browser: Browser, hasty: tuple[Site, int, int]) -> None:
    site, project, ann = hasty
    [alarm] = site.ask("GET", f"/v1/projects/{project}/drift")["alarms"]
    with visiting(browser, site) as visit:
        page = visit.go(f"/projects/{project}/people/{ann}")
        article = page.get_by_role("article")
        expect(article).to_contain_text(f"Time taken fell since {alarm['since']}")
        before, after = (
            [one for one in alarm["figures"] if (one["day"] < alarm["since"]) is early and one["day"] <= alarm["until"]]
            for early in (True, False)
        )
        means = [sum(one["value"] for one in part) / len(part) for part in (before, after)]
        expect(article).to_contain_text(f"From {duration(means[0])} to {duration(means[1])}, noticed on")
        link = article.get_by_role("link", name=f"{len(alarm['tasks'])} tasks")
        filters = json.loads(parse_qs(urlparse(link.get_attribute("href") or "").query)["filters"][0])
        assert filters["items"][0]["value"] == alarm["tasks"]
        article.get_by_role("button", name="Dismiss").click()
        dialog = page.get_by_role("dialog", name="Dismiss this alarm")
        dialog.get_by_label("Reason").fill("talked to")
        dialog.get_by_role("button", name="Dismiss").click()
        expect(article).to_contain_text("talked to")
        expect(article.get_by_role("button", name="Dismiss")).to_have_count(0)
        [alarm] = site.ask("GET", f"/v1/projects/{project}/drift")["alarms"]
        assert (alarm["dismissed"], alarm["dismissed_because"]) == (True, "talked to")
        visit.must_be_open_to_all()


def test_accuracy_and_confusion_against_the_truth_are_those_of_the_api(
    browser: Browser, hasty: tuple[Site, int, int]
) -> None:
    site, project, ann = hasty
    mean = site.ask("GET", f"/v1/projects/{project}/people/{ann}/against-truth")["mean"]
    assert mean["answers"] == 3
    low, high = mean["interval"]
    with visiting(browser, site) as visit:
        page = visit.go(f"/projects/{project}/people/{ann}")
        figure = page.locator(".an-figure", has=page.get_by_text("Ground truth", exact=True))
        expect(figure).to_contain_text(percent(mean["value"]))
        expect(figure).to_contain_text(f"{percent(low)} to {percent(high)}, 3 tasks")
        table = page.get_by_role("region", name="what they say beside true", exact=True)
        expect(table.locator("tbody tr").first.locator("td")).to_have_text(["67 %2", "33 %1"])
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the numbers of Work and speed by day").click()
        with Path(download.value.path()).open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.DictReader(file))
        assert [int(line["submissions"]) for line in lines] == [5] * 12
        assert [float(line["mean_lead_time"]) for line in lines[-4:]] == [5.0, 4.0, 5.0, 5.0]
