from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from annolog.domain.activity.events import ActivityEvent, SignInFailed
from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from tests.world import LABEL_CONFIG, Backend, result, settings_in

TOKEN = "the-owners-token"


class Api:
    """The API over a real socket, spoken to by the owner or on somebody's behalf."""

    def __init__(self, url: str, installation: Installation) -> None:
        self.url = url
        self.installation = installation
        self.client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)

    def ask(self, method: str, path: str, who: int | None = None, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Annolog-On-Behalf-Of"] = str(who)
        return self.client.request(method, path, headers=headers, **more)

    def done(self, method: str, path: str, who: int | None = None, **more: Any) -> dict[str, Any]:
        response = self.ask(method, path, who, **more)
        assert response.status_code < 300, response.text
        found: dict[str, Any] = response.json()
        return found

    def facts(self) -> int:
        """How many events there are, without what is noted of who came to the door."""
        noted = (ActivityEvent, SignInFailed)
        return sum(not isinstance(one.event, noted) for one in self.installation.log.after(0, 1_000_000))

    def set_up(self, tasks: int = 3, **settings: Any) -> tuple[int, list[int]]:
        body = {"title": "over the wire", "label_config": LABEL_CONFIG, "settings": settings}
        project = self.done("POST", "/v1/projects", json=body)["project"]
        people = self.done("POST", "/v1/people", json={"people": [{"handle": h} for h in ("ann", "bob", "rev")]})
        ids = [person["person"] for person in people["people"]]
        roles = ("annotator", "annotator", "reviewer")
        members = [{"person": id, "role": role} for id, role in zip(ids, roles, strict=True)]
        self.done("POST", f"/v1/projects/{project}/members", json={"members": members})
        if tasks:
            lines = [{"data": {"text": f"text {number}"}} for number in range(tasks)]
            self.done("POST", f"/v1/projects/{project}/imports", json=lines)
            self.done("POST", f"/v1/projects/{project}/publish")
        return project, ids

    def submit(self, task: int, who: int, label: str = "A", **more: Any) -> httpx.Response:
        return self.ask("POST", f"/v1/tasks/{task}/annotations", who, json={"result": result(label)}, **more)


LIMITS = {"bootstrap_token": SecretStr(TOKEN), "most_body_bytes": 100_000, "most_import_bytes": 5_000_000}


BACKENDS = [
    pytest.param(Backend.EMBEDDED, id="embedded"),
    pytest.param(Backend.SCALED_OUT, id="scaled out", marks=pytest.mark.services),
]


@contextmanager
def served(folder: Path, backend: Backend) -> Iterator[Api]:
    with (
        settings_in(folder, backend) as settings,
        Installation(settings.model_copy(update=LIMITS)) as installation,
        running_server(installation) as url,
    ):
        found = Api(url, installation)
        yield found
        found.client.close()


@pytest.fixture(params=BACKENDS)
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    with served(tmp_path, request.param) as found:
        yield found


@pytest.fixture(scope="module", params=BACKENDS)
def shared_api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One for the tests of a file that leave everything as they find it, as what is refused does."""
    with served(tmp_path_factory.mktemp("shared"), request.param) as found:
        yield found
