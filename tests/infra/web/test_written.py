"""Pages show what their viewer has just written, asked of a real server whose read models stand still for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import httpx
import pytest
from pydantic import SecretStr

from annolog.infra.composition import Installation
from annolog.infra.http.origin import SESSION_COOKIE
from annolog.infra.http.serve import running_server
from annolog.infra.web.door import Api, Door
from annolog.infra.web.written import MOST_KEPT, Written
from tests.world import settings_in

PASSWORD = "correct horse battery"
TOKEN = "the-owners-token"


class Office:
    """A server and the owner's session at it."""

    def __init__(self, installation: Installation, url: str) -> None:
        self.installation, self.url = installation, url
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            assert client.post("/v1/me/password", json={"new": PASSWORD}).is_success
        with httpx.Client(base_url=url, headers={"Sec-Fetch-Site": "same-origin"}) as client:
            assert client.post("/v1/sign-in", json={"name": "owner", "password": PASSWORD}).is_success
            self.session = client.cookies[SESSION_COOKIE]

    def titles_after_creating(self, title: str) -> list[str]:
        """The projects that a page lists right after its viewer created one, at the address that it leads to."""

        async def go() -> list[str]:
            api = Api(url=self.url)
            try:
                await Door(api, self.session).post("/v1/projects", {"title": title})
                found = await Door(api, self.session).get("/v1/projects")
                assert api.written.unseen_by(self.session) == 0
                return [row["title"] for row in found["projects"]]
            finally:
                await api.close()

        return asyncio.run(go())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with settings_in(tmp_path) as settings:
        owned = settings.model_copy(update={"bootstrap_token": SecretStr(TOKEN)})
        with Installation(owned) as installation, running_server(installation) as url:
            yield Office(installation, url)


def test_what_was_written_is_on_the_next_page_however_late_the_read_models_are(office: Office) -> None:
    projections = office.installation.projections
    projections.stop()
    later = Timer(0.5, projections.catch_up)
    later.start()
    assert office.titles_after_creating("new") == ["new"]
    later.join()


def test_a_page_that_has_waited_long_enough_shows_what_there_is(office: Office) -> None:
    office.installation.settings.wait_seconds = 0.05
    office.installation.projections.stop()
    assert office.titles_after_creating("new") == []


def test_what_a_session_wrote_is_waited_for_by_that_session_until_it_has_seen_it() -> None:
    written = Written()
    written.note("ann", 7)
    written.note("ann", 5)
    written.note("bob", 0)
    assert (written.unseen_by("ann"), written.unseen_by("bob")) == (7, 0)
    written.seen("ann", 6)
    assert written.unseen_by("ann") == 7
    written.seen("ann", 7)
    assert written.unseen_by("ann") == 0


def test_no_more_sessions_are_remembered_than_there_is_room_for() -> None:
    written = Written()
    for number in range(MOST_KEPT + 1):
        written.note(str(number), 1)
    assert (written.unseen_by("0"), written.unseen_by("1")) == (0, 1)
