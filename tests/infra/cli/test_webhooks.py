"""`annolog webhooks …`: on a folder and on a server alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.infra.cli.terminal import annolog, answer

URL = "https://example.org/hook"


@pytest.fixture(params=["folder", "server"])
def where(request: pytest.FixtureRequest, worked: Path) -> dict[str, str]:
    if request.param == "server":
        found: dict[str, str] = request.getfixturevalue("served")
        return found
    return {"ANNOLOG_DATA_DIR": str(worked)}


def test_added_listed_sent_again_and_removed(where: dict[str, str]) -> None:
    # Nothing of this type happens here: no test may talk to the world.
    added = answer("webhooks", "add", 1, URL, "--event", "WebhookRewound", "--after", 0, **where)
    assert added["secret"].startswith("whsec_")
    [row] = answer("webhooks", "list", 1, **where)["webhooks"]
    assert (row["webhook"], row["url"], row["event_types"]) == (added["webhook"], URL, ["WebhookRewound"])
    assert (row["active"], row["delivered"], row["attempts"]) == (True, 0, 0)
    assert "secret" not in row
    assert URL in annolog("webhooks", "list", 1, **where).stdout
    answer("webhooks", "remove", 1, added["webhook"], **where)
    assert answer("webhooks", "list", 1, **where)["webhooks"] == []
    gone = annolog("webhooks", "remove", 1, added["webhook"], **where)
    assert (gone.exit_code, "not-found" in gone.stderr) == (1, True)


def test_resend_is_in_the_log(worked: Path) -> None:
    added = answer("webhooks", "add", 1, URL, "--event", "TaskExhausted", "--data-dir", worked)
    told = answer("webhooks", "resend", 1, added["webhook"], "--after", 3, "--data-dir", worked)
    assert told["position"] == added["position"] + 1
    assert "WebhookRewound" in annolog("log", "show", "--after", added["position"], "--data-dir", worked).stdout


@pytest.mark.parametrize(
    ("arguments", "pointer"),
    [((URL, "--event", "TaskExausted"), "/event_types/0"), (("http://127.0.0.1/",), "/url")],
)
def test_what_is_wrong_is_said_with_its_field(where: dict[str, str], arguments: tuple[str, ...], pointer: str) -> None:
    result = annolog("webhooks", "add", 1, *arguments, **where)
    assert result.exit_code == 1
    assert pointer in result.stderr
