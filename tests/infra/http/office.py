"""An organization with somebody in every role, who asks every route, and what they are answered."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx

from tests.infra.http.conftest import TOKEN, Api
from tests.infra.http.routes_table import ABOVE, MEMBERS, NOT_HERE, STRANGER, Ask
from tests.world import LABEL_CONFIG, result


class Office:
    """An organization with somebody in every role, and a project and a workspace that none of them has to do with.

    Without more it is the one that an installation begins with, spoken to by its first owner. What it writes down bears
    its `mark`.
    """

    def __init__(self, api: Api, token: str = TOKEN, mark: str = "") -> None:
        self.api, self.mark = api, mark
        self.client = httpx.Client(base_url=api.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self._made = count()
        self.people = self.register(
            dict.fromkeys((*MEMBERS, STRANGER, "bob"), "member") | {name: name for name in ABOVE}
        )
        self.own, self.foreign = self.project(MEMBERS, more=True), self.project((), more=True)

    def done(self, method: str, path: str, who: int | None = None, **more: Any) -> dict[str, Any]:
        """What comes of something that is right, asked by the owner or on somebody's behalf."""
        headers = {} if who is None else {"Annolog-On-Behalf-Of": str(who)}
        response = self.client.request(method, path, headers=headers, **more)
        assert response.status_code < 300, response.text
        found: dict[str, Any] = response.json()
        return found

    def register(self, roles: dict[str, str]) -> dict[str, int]:
        """People by what they are called here, and who they are."""
        people = [{"handle": f"{self.mark}the {name}", "role": role} for name, role in roles.items()]
        found = self.done("POST", "/v1/people", json={"people": people})["people"]
        return {name: person["person"] for name, person in zip(roles, found, strict=True)}

    def project(self, members: tuple[str, ...], *, more: bool = False) -> dict[str, Any]:
        """A project with two tasks, one of which Bob has answered and said something about; `more` is what else there
        is: a workspace in which the members are what they are in the project, and somebody with a token.
        """
        bob, made = self.people["bob"], f"{self.mark}{next(self._made)}"
        body = {
            "title": f"{self.mark}one of many",
            "label_config": LABEL_CONFIG,
            "settings": {"review": {"only_finished": False}},
        }
        project = self.done("POST", "/v1/projects", json=body)["project"]
        roles = [{"person": self.people[name], "role": name} for name in members]
        joined = [*roles, {"person": bob, "role": "annotator"}]
        self.done("POST", f"/v1/projects/{project}/members", json={"members": joined})
        lines = [{"data": {"text": f"{self.mark}text {number}"}} for number in range(2)]
        first = self.done("POST", f"/v1/projects/{project}/imports", json=lines)["first_task"]
        self.done("POST", f"/v1/projects/{project}/publish")
        annotation = self.done("POST", f"/v1/tasks/{first}/annotations", bob, json={"result": result("A")})
        comment = self.done("POST", f"/v1/tasks/{first}/comments", bob, json={"text": f"{self.mark}hm"})["comment"]
        return {
            "project": project,
            "task": first,
            "annotation": annotation["annotation"],
            "comment": comment,
            "person": bob,
            "one": bob,
            "other": self.people["annotator"],
            "review": 1,
            "alarm": 1,
            "firing": 1,
            "webhook": 1,
            "view": 1,
            "invitation": 1,
            "session": "nobodys",
            "group": "assignment",
            "name": "rule",
            "skill": "films",
            "permission": "export",
            "role": "manager",
            "title": f"{made} later",
            **(self._around(made, roles) if more else {}),
        }

    def _around(self, made: str, members: list[dict[str, Any]]) -> dict[str, Any]:
        somebody = self.register({made: "member"})[made]
        token = self.done("POST", f"/v1/people/{somebody}/tokens", json={"label": f"{made} token"})["token"]
        workspace = self.done("POST", "/v1/workspaces", json={"title": f"{made} workspace"})["workspace"]
        if members:
            self.done("POST", f"/v1/workspaces/{workspace}/members", json={"members": members})
        invitation = self.done("POST", "/v1/invitations", json={})["invitation"]
        return {"workspace": workspace, "somebody": somebody, "token": token, "invitation": invitation}

    def ask(
        self, route: str, ask: Ask, who: str | None, place: dict[str, Any], more: dict[str, Any] | None = None
    ) -> httpx.Response:
        """What somebody is answered; `more` parameters may be given."""
        method, path = route.split(" ")
        kind = path.split("/")[2]
        known = {**place, "id": place.get({"tasks": "task", "people": "somebody"}.get(kind, "project"))}
        headers = {} if who is None else {"Annolog-On-Behalf-Of": str(self.people[who])}
        asked = {"params": filled(ask.params, known) | (more or {}), "headers": headers}
        if ask.body is not None:
            asked["json"] = filled(ask.body, known)
        with self.client.stream(method, path.format(**known), **asked) as response:
            if not response.headers["content-type"].startswith("text/event-stream"):
                response.read()
            answer: httpx.Response = response
            return answer


def filled(value: Any, known: dict[str, Any]) -> Any:
    """What is asked, with what stands for something put in its place."""
    match value:
        case dict():
            return {name: filled(inner, known) for name, inner in value.items()}
        case list():
            return [filled(inner, known) for inner in value]
        case str() if value.startswith("{") and value.endswith("}"):
            return known[value[1:-1]]
        case _:
            return value


def outcome(response: httpx.Response, route: str, place: dict[str, Any]) -> str:
    """`forbidden`; `hidden`, as if there were no such thing; `open`, whatever else may be wrong with it."""
    # Of what SCIM has and is not here, everybody who may ask is told.
    assert response.status_code < 500 or (route in NOT_HERE and response.status_code == 501)
    assert response.status_code not in (401, 405)
    thing = "task" if "/tasks/{id}" in route else "workspace" if "/workspaces/" in route else "project"
    if response.status_code == 404 and response.json()["detail"] == f"There is no {thing} {place[thing]}.":
        return "hidden"
    if "/scim/" in route:
        # Of its 403 the only one that is not of the role refuses a filter, which no route of the table sends.
        return "forbidden" if response.status_code == 403 and response.json()["status"] == "403" else "open"
    return "forbidden" if response.status_code == 403 and response.json()["code"] == "forbidden" else "open"
