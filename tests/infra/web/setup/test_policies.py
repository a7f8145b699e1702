"""A policy is tried, takes over, and is taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.setup.place import seen_by_all
from tests.infra.web.site import replayed, serving, visiting

pytestmark = pytest.mark.browser


# How often a policy could have been used while rows were still coming, under the hand.
EARLY = """() => {
    window.early = 0;
    const goesOn = (one) => one.textContent.includes("Simulating");
    const look = () => {
        const said = [...document.querySelectorAll("[role=status]")];
        if (said.some(goesOn) && document.querySelector("td button")) window.early += 1;
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


def test_a_policy_is_tried_takes_over_and_is_taken_back(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("what-if")
    project = replayed(folder, 40)
    with serving(folder) as site, visiting(browser, site) as visit:
        before = site.ask("GET", f"/v1/projects/{project}")["settings"]
        page = visit.go(f"/projects/{project}/policies")
        expect(page.get_by_text("Nothing was simulated yet")).to_be_visible()
        page.get_by_role("checkbox", name="Confidence").click()
        page.evaluate(EARLY)
        page.get_by_role("button", name="Simulate").click()
        expect(page.get_by_role("status").get_by_text("Simulating")).to_be_hidden(timeout=30_000)
        row = page.get_by_role("row", name="Fixed number of answers 2")
        expect(row).to_be_visible()
        asked = {"policies": [{"policy": "fixed", "parameters": [2]}], "seeds": 3}
        outcomes = site.ask("POST", f"/v1/projects/{project}/simulations", json=asked)["outcomes"]
        mean = sum(one["accuracy"] for one in outcomes) / len(outcomes)
        expect(row).to_contain_text(f"{mean * 100:.1f} %")
        expect(page.get_by_text("in force", exact=True)).to_be_visible()
        expect(page.get_by_text("No truth is known for these tasks")).to_be_visible()
        seen_by_all(visit)
        page.get_by_role("button", name="Use Fixed number of answers 2").click()
        assert page.evaluate("window.early") == 0
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Annotations per task")
        dialog.get_by_role("button", name="Use this policy").click()
        expect(page.get_by_text("Fixed number of answers 2 decides now.")).to_be_visible()
        now = site.ask("GET", f"/v1/projects/{project}")["settings"]
        assert (now["assignment"]["overlap"], now["reassignment"]["enabled"]) == (2, False)
        page.get_by_role("button", name="Undo the last change").click()
        for _ in range(2):
            dialog.get_by_role("button", name="Undo", exact=True).click()
            expect(page.get_by_text("The change was taken back.").last).to_be_visible()
        page.wait_for_function(
            f"fetch('/v1/projects/{project}').then(r => r.json()).then(p => p.settings.assignment.overlap !== 2)"
        )
        assert site.ask("GET", f"/v1/projects/{project}")["settings"] == before
