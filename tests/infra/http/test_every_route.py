"""Every route by every role, in an own and a foreign project and workspace, against the table of permissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from annolog.domain.access.permissions import Permission, Reach, reach_of
from annolog.domain.access.roles import DEFAULTS, ROLES, Role
from annolog.domain.people.events import OrganizationRole
from annolog.infra.http.app import ROUTERS
from tests.infra.http.conftest import TOKEN, served
from tests.world import LABEL_CONFIG, Backend, result

Api = Any
P = Permission
ABOVE = ("owner", "administrator")
MEMBERS = ("manager", "reviewer", "annotator", "viewer")
STRANGER = "stranger"
RULE = {
    "conditions": [{"collector": "answers", "comparison": "gte", "value": 1}],
    "action": {"do": "pause", "minutes": 1},
}
SCIM_USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ann@example.org"}
SCIM_GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Reviewers"}
SCIM_SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
SCIM_PATCH = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "replace", "path": "externalId", "value": "x"}],
}


@dataclass(frozen=True)
class Ask:
    """What a route asks for, with what is right in every other respect. None is open to whoever has a token."""

    needs: Permission | None
    body: Any = None
    params: dict[str, Any] = field(default_factory=dict)
    # Who may do this as well may not do the other.
    unless: Permission | None = None

    @property
    def hides(self) -> bool:
        """Whether it is about something that is not there for who has nothing to do with it."""
        return self.needs is not None and reach_of(self.needs) in (Reach.PROJECT, Reach.WORKSPACE)

    def allows(self, role: Role) -> bool:
        # Whatever somebody is in a project, in the organization they are a member at least.
        held = DEFAULTS[role] | DEFAULTS[OrganizationRole.MEMBER]
        return self.needs is None or (self.needs in held and self.unless not in held)


def sees(**params: Any) -> Ask:
    return Ask(P.SEE_QUALITY, params=params)


ROUTES: dict[str, Ask] = {
    "POST /v1/projects/{id}/next": Ask(P.ANNOTATE),
    "POST /v1/tasks/{id}/reservation": Ask(P.ANNOTATE),
    "POST /v1/tasks/{id}/reservation/extend": Ask(P.ANNOTATE),
    "DELETE /v1/tasks/{id}/reservation": Ask(P.ANNOTATE),
    "POST /v1/tasks/{id}/interactions": Ask(
        P.ANNOTATE,
        {"session": "s", "sequence": 0, "offset_ms": 0, "interactions": [{"kind": "opened", "offset_ms": 0}]},
    ),
    "POST /v1/tasks/{id}/annotations": Ask(P.ANNOTATE, {"result": result("A")}),
    "PUT /v1/tasks/{id}/annotations/{annotation}": Ask(P.ANNOTATE, {"result": result("B")}),
    "POST /v1/tasks/{id}/annotations/{annotation}/delete": Ask(P.CHANGE_ANSWERS, {}),
    "POST /v1/tasks/{id}/annotations/{annotation}/restore": Ask(P.CHANGE_ANSWERS),
    "POST /v1/tasks/{id}/skip": Ask(P.ANNOTATE, {}),
    "GET /v1/tasks/{id}/draft": Ask(P.ANNOTATE),
    "PUT /v1/tasks/{id}/draft": Ask(P.ANNOTATE, {"result": result("A")}),
    "DELETE /v1/tasks/{id}/draft": Ask(P.ANNOTATE),
    "GET /v1/tasks/{id}/mine": Ask(P.ANNOTATE),
    "GET /v1/me/work": Ask(None),
    "GET /v1/tasks/{id}/why": sees(),
    "GET /v1/projects/{id}/annotators/{person}/why": sees(),
    "POST /v1/tasks/{id}/annotations/{annotation}/reviews": Ask(P.REVIEW, {"verdict": "accepted"}),
    "DELETE /v1/tasks/{id}/reviews/{review}": Ask(P.REVIEW),
    "PUT /v1/tasks/{id}/ground-truth": Ask(P.SET_GROUND_TRUTH, {"annotation": "{annotation}"}),
    "DELETE /v1/tasks/{id}/ground-truth": Ask(P.SET_GROUND_TRUTH),
    "POST /v1/tasks/{id}/comments": Ask(P.COMMENT, {"text": "so?"}),
    "PUT /v1/tasks/{id}/comments/{comment}": Ask(P.COMMENT, {"text": "so?"}),
    "POST /v1/tasks/{id}/comments/{comment}/resolve": Ask(P.COMMENT),
    "POST /v1/tasks/{id}/comments/{comment}/reopen": Ask(P.COMMENT),
    "DELETE /v1/tasks/{id}/comments/{comment}": Ask(P.COMMENT),
    "GET /v1/projects/{id}/comments": Ask(P.SEE_PROJECT),
    "GET /v1/me/rights": Ask(None),
    "GET /v1/projects/{id}/rights": Ask(P.SEE_PROJECT),
    "GET /v1/projects/{id}/people": Ask(P.SEE_PROJECT),
    "GET /v1/notifications": Ask(None),
    "POST /v1/notifications/read": Ask(None, {"up_to": 1}),
    "POST /v1/projects/{id}/review/next": Ask(P.REVIEW),
    "GET /v1/projects/{id}/review/waiting": Ask(P.REVIEW),
    "DELETE /v1/tasks/{id}/review": Ask(P.REVIEW),
    "POST /v1/projects/{id}/review/bulk": Ask(P.REVIEW, {"tasks": ["{task}"], "verdict": "accepted"}),
    "POST /v1/tasks/{id}/reviews/{review}/second": Ask(P.REVIEW, {"verdict": "accepted"}, unless=P.SEE_VERDICTS),
    "POST /v1/tasks/{id}/reviews/{review}/adjudication": Ask(P.REVIEW, {"verdict": "accepted"}),
    "GET /v1/projects/{id}/reviewers": sees(),
    "POST /v1/projects": Ask(P.CREATE_PROJECT, {"title": "another"}),
    "GET /v1/projects": Ask(None),
    "GET /v1/projects/{id}": Ask(P.SEE_PROJECT),
    "PUT /v1/projects/{id}/label-config": Ask(P.CONFIGURE, {"label_config": LABEL_CONFIG}),
    "POST /v1/label-configs/check": Ask(None, {"label_config": LABEL_CONFIG}),
    "POST /v1/projects/{id}/label-config/preview": Ask(P.CONFIGURE, {"label_config": LABEL_CONFIG}),
    "GET /v1/projects/{id}/changes": Ask(P.SEE_SETTINGS),
    "PUT /v1/projects/{id}/instructions": Ask(P.CONFIGURE, {"instructions": "look"}),
    "POST /v1/projects/{id}/settings/{group}": Ask(P.CONFIGURE, {"seed": 1}),
    "POST /v1/projects/{id}/settings/{group}/preview": Ask(P.CONFIGURE, {"seed": 1}),
    "POST /v1/projects/{id}/settings/{group}/undo": Ask(P.CONFIGURE),
    "POST /v1/projects/{id}/publish": Ask(P.CONFIGURE),
    "POST /v1/projects/{id}/unpublish": Ask(P.CONFIGURE),
    "POST /v1/projects/{id}/members": Ask(P.MANAGE_MEMBERS, {"members": [{"person": "{person}", "role": "annotator"}]}),
    "DELETE /v1/projects/{id}/members/{person}": Ask(P.MANAGE_MEMBERS),
    "POST /v1/projects/{id}/members/{person}/pause": Ask(P.MANAGE_MEMBERS, {}),
    "POST /v1/projects/{id}/members/{person}/resume": Ask(P.MANAGE_MEMBERS),
    "GET /v1/projects/{id}/progress": sees(),
    "POST /v1/projects/{id}/imports": Ask(P.IMPORT_TASKS, [{"data": {"text": "one more"}}]),
    "POST /v1/projects/{id}/imports/check": Ask(P.IMPORT_TASKS, [{"data": {"text": "one more"}}]),
    "GET /v1/projects/{id}/export": Ask(P.EXPORT),
    "GET /v1/projects/{id}/tasks": sees(),
    "POST /v1/projects/{id}/tasks/query": Ask(P.SEE_QUALITY, {}),
    "POST /v1/projects/{id}/tasks/count": Ask(P.SEE_QUALITY, {}),
    "GET /v1/projects/{id}/views": sees(),
    "POST /v1/projects/{id}/views": Ask(P.SEE_QUALITY, {"name": "{title}"}),
    "PUT /v1/projects/{id}/views/{view}": Ask(P.SEE_QUALITY, {"name": "contested"}),
    "DELETE /v1/projects/{id}/views/{view}": Ask(P.SEE_QUALITY),
    "GET /v1/projects/{id}/tasks/{task}/neighbours": sees(),
    "GET /v1/projects/{id}/burndown": sees(),
    "GET /v1/tasks/{id}": Ask(P.SEE_PROJECT),
    "GET /v1/tasks/{id}/history": sees(),
    "GET /v1/tasks/{id}/agreement": sees(),
    "POST /v1/tasks/{id}/slots": Ask(P.CHANGE_OVERLAP, {}),
    "POST /v1/projects/{id}/overlap": Ask(P.CHANGE_OVERLAP, {"tasks": ["{task}"], "slots": 2}),
    "POST /v1/projects/{id}/tasks/delete": Ask(P.DELETE_TASKS, {"tasks": ["{task}"]}),
    "POST /v1/projects/{id}/tasks/restore": Ask(P.DELETE_TASKS, {"tasks": ["{task}"]}),
    "POST /v1/projects/{id}/assignments": Ask(P.ASSIGN_ANNOTATORS, {"tasks": ["{task}"], "people": ["{person}"]}),
    "GET /v1/projects/{id}/agreement": sees(),
    "GET /v1/projects/{id}/agreement/pairs": sees(),
    "GET /v1/projects/{id}/agreement/coefficients": sees(dimension="label"),
    "GET /v1/projects/{id}/agreement/coefficients/daily": sees(dimension="label"),
    "GET /v1/projects/{id}/agreement/pairs/{one}/{other}": sees(dimension="label"),
    "GET /v1/projects/{id}/agreement/distribution": sees(),
    "GET /v1/projects/{id}/agreement/explanation": sees(dimension="label"),
    "GET /v1/projects/{id}/confusion": sees(dimension="label"),
    "GET /v1/projects/{id}/labels": sees(dimension="label"),
    "GET /v1/projects/{id}/annotators": Ask(P.SEE_PROJECT),
    "GET /v1/projects/{id}/workload": Ask(P.SEE_PROJECT),
    "GET /v1/measures": Ask(None),
    "GET /v1/projects/{id}/dashboard": Ask(P.SEE_PROJECT),
    "GET /v1/dashboard": Ask(P.SEE_PROJECT, params={"projects": "{project}"}),
    "GET /v1/projects/{id}/consensus": sees(),
    "GET /v1/tasks/{id}/consensus": sees(),
    "GET /v1/projects/{id}/consensus/models": sees(),
    "GET /v1/projects/{id}/consensus/skills": sees(),
    "GET /v1/projects/{id}/skills": Ask(P.SEE_PROJECT),
    "GET /v1/projects/{id}/skills/history": sees(person="{person}", source="ground_truth"),
    "GET /v1/tasks/{id}/states": sees(),
    "GET /v1/projects/{id}/states": sees(),
    "GET /v1/projects/{id}/stages": Ask(P.SEE_PROJECT),
    "GET /v1/projects/{id}/returned": Ask(P.SEE_PROJECT),
    "GET /v1/tasks/{id}/annotations/{annotation}/against-truth": sees(),
    "GET /v1/projects/{id}/people/{person}/against-truth": sees(),
    "GET /v1/projects/{id}/drift": sees(),
    "POST /v1/projects/{id}/drift/{alarm}/dismiss": Ask(P.CONFIGURE, {}),
    "GET /v1/projects/{id}/requeue": Ask(
        P.CHANGE_ANSWERS, params={"person": "{person}", "since": "2026-11-24", "until": "2026-11-24"}
    ),
    "POST /v1/projects/{id}/requeue": Ask(
        P.CHANGE_ANSWERS, {"person": "{person}", "since": "2026-11-24", "until": "2026-11-24"}
    ),
    "GET /v1/projects/{id}/agreement/definitions": sees(),
    "POST /v1/projects/{id}/agreement/definitions": Ask(P.CONFIGURE, {"definition": {"methodology": "consensus"}}),
    "POST /v1/projects/{id}/agreement/activate": Ask(P.CONFIGURE, {"version": 0}),
    "POST /v1/projects/{id}/agreement/withdraw": Ask(P.CONFIGURE, {}),
    "POST /v1/projects/{id}/agreement/metrics": Ask(
        P.CONFIGURE, {"name": "mine", "source": "def agreement(one, other, per_label=False):\n    return 1.0\n"}
    ),
    "POST /v1/projects/{id}/simulations": Ask(P.CONFIGURE, {"seeds": 1}),
    "POST /v1/projects/{id}/simulations/apply": Ask(P.CONFIGURE, {"policy": "agreement", "parameter": 0.9}),
    "POST /v1/projects/{id}/simulations/apply/preview": Ask(P.CONFIGURE, {"policy": "agreement", "parameter": 0.9}),
    "GET /v1/projects/{id}/rules": sees(),
    "PUT /v1/projects/{id}/rules/{name}": Ask(P.CONFIGURE, RULE),
    "DELETE /v1/projects/{id}/rules/{name}": Ask(P.CONFIGURE),
    "GET /v1/projects/{id}/firings": Ask(P.SEE_PROJECT),
    "POST /v1/projects/{id}/firings/{firing}/appeal": Ask(P.SEE_PROJECT, {"words": "no"}),
    "POST /v1/projects/{id}/firings/{firing}/overrule": Ask(P.CONFIGURE, {}),
    "PUT /v1/projects/{id}/members/{person}/skills/{skill}": Ask(P.MANAGE_MEMBERS, {"value": 1.0}),
    "GET /v1/events": Ask(P.READ_LOG),
    "GET /v1/projects/{id}/events": Ask(P.READ_EVENTS),
    "GET /v1/events/stream": Ask(P.READ_EVENTS, params={"project": "{project}"}),
    "GET /v1/projects/{id}/webhooks": Ask(P.MANAGE_WEBHOOKS),
    "POST /v1/projects/{id}/webhooks": Ask(P.MANAGE_WEBHOOKS, {"url": "https://example.org/hook"}),
    "PATCH /v1/projects/{id}/webhooks/{webhook}": Ask(P.MANAGE_WEBHOOKS, {"active": False}),
    "DELETE /v1/projects/{id}/webhooks/{webhook}": Ask(P.MANAGE_WEBHOOKS),
    "GET /v1/projects/{id}/webhooks/{webhook}/deliveries": Ask(P.MANAGE_WEBHOOKS),
    "POST /v1/projects/{id}/webhooks/{webhook}/resend": Ask(P.MANAGE_WEBHOOKS, {"after": 0}),
    "GET /v1/me": Ask(None),
    "POST /v1/people": Ask(P.REGISTER_PEOPLE, {"people": [{"handle": "newcomer"}]}),
    "GET /v1/people": Ask(P.SEE_PEOPLE),
    "GET /v1/people/{id}": Ask(P.SEE_PEOPLE),
    "PUT /v1/people/{id}": Ask(P.REGISTER_PEOPLE, {"name": "Bob"}),
    # With the handle of nobody, so that who may do it is told without anybody being erased.
    "POST /v1/people/{id}/erase": Ask(P.ERASE_PEOPLE, {"handle": "somebody else"}),
    "GET /v1/people/{id}/erasure": Ask(P.ERASE_PEOPLE),
    "PUT /v1/people/{id}/role": Ask(P.CHANGE_ROLES, {"role": "member"}),
    "POST /v1/people/{id}/deactivate": Ask(P.DEACTIVATE_PEOPLE, {}),
    "POST /v1/people/{id}/reactivate": Ask(P.DEACTIVATE_PEOPLE),
    "POST /v1/people/{id}/approve": Ask(P.INVITE_PEOPLE),
    "POST /v1/people/{id}/tokens": Ask(P.ISSUE_TOKENS, {}),
    "GET /v1/people/{id}/tokens": Ask(P.ISSUE_TOKENS),
    "POST /v1/me/tokens": Ask(P.ISSUE_OWN_TOKENS, {}),
    "GET /v1/me/tokens": Ask(None),
    "POST /v1/invitations": Ask(P.INVITE_PEOPLE, {}),
    "GET /v1/invitations": Ask(P.INVITE_PEOPLE),
    "DELETE /v1/invitations/{invitation}": Ask(P.INVITE_PEOPLE),
    "DELETE /v1/people/{id}/password": Ask(P.DEACTIVATE_PEOPLE),
    "POST /v1/people/{id}/sign-out": Ask(P.DEACTIVATE_PEOPLE),
    "DELETE /v1/tokens/{token}": Ask(P.ISSUE_TOKENS),
    "GET /v1/organizations": Ask(P.CREATE_ORGANIZATION),
    "POST /v1/organizations": Ask(P.CREATE_ORGANIZATION, {"name": "another"}),
    "PUT /v1/organization": Ask(P.CONFIGURE_ORGANIZATION, {"name": "ours"}),
    "GET /v1/workspaces": Ask(None),
    "POST /v1/workspaces": Ask(P.CREATE_WORKSPACE, {"title": "{title}"}),
    "GET /v1/workspaces/{workspace}": Ask(P.SEE_WORKSPACE),
    "PUT /v1/workspaces/{workspace}": Ask(P.MANAGE_WORKSPACE, {"title": "{title}"}),
    "POST /v1/workspaces/{workspace}/archive": Ask(P.MANAGE_WORKSPACE),
    "POST /v1/workspaces/{workspace}/unarchive": Ask(P.MANAGE_WORKSPACE),
    "POST /v1/workspaces/{workspace}/members": Ask(
        P.MANAGE_WORKSPACE, {"members": [{"person": "{person}", "role": "annotator"}]}
    ),
    "DELETE /v1/workspaces/{workspace}/members/{person}": Ask(P.MANAGE_WORKSPACE),
    "PUT /v1/projects/{id}/workspace": Ask(P.CONFIGURE, {"workspace": "{workspace}"}),
    "GET /v1/me/sessions": Ask(None),
    "DELETE /v1/me/sessions/{session}": Ask(None),
    "GET /v1/system": Ask(P.READ_LOG),
    "GET /v1/activity": Ask(P.READ_ACTIVITY),
    "GET /v1/activity/export": Ask(P.READ_ACTIVITY),
    "GET /v1/permissions": Ask(None),
    "GET /v1/group-mapping": Ask(P.CONFIGURE_ORGANIZATION),
    "PUT /v1/group-mapping": Ask(P.CONFIGURE_ORGANIZATION, {"rules": []}),
    "GET /scim/v2/ServiceProviderConfig": Ask(P.PROVISION),
    "GET /scim/v2/ResourceTypes": Ask(P.PROVISION),
    "GET /scim/v2/ResourceTypes/{name}": Ask(P.PROVISION),
    "GET /scim/v2/Schemas": Ask(P.PROVISION),
    "GET /scim/v2/Schemas/{name}": Ask(P.PROVISION),
    "GET /scim/v2/Me": Ask(P.PROVISION),
    "POST /scim/v2/Bulk": Ask(P.PROVISION, {}),
    "POST /scim/v2/.search": Ask(P.PROVISION, SCIM_SEARCH),
    "GET /scim/v2/Users": Ask(P.PROVISION),
    "POST /scim/v2/Users": Ask(P.PROVISION, SCIM_USER),
    "POST /scim/v2/Users/.search": Ask(P.PROVISION, SCIM_SEARCH),
    "GET /scim/v2/Users/{id}": Ask(P.PROVISION),
    "PUT /scim/v2/Users/{id}": Ask(P.PROVISION, SCIM_USER),
    "PATCH /scim/v2/Users/{id}": Ask(P.PROVISION, SCIM_PATCH),
    "DELETE /scim/v2/Users/{id}": Ask(P.PROVISION),
    "GET /scim/v2/Groups": Ask(P.PROVISION),
    "POST /scim/v2/Groups": Ask(P.PROVISION, SCIM_GROUP),
    "POST /scim/v2/Groups/.search": Ask(P.PROVISION, SCIM_SEARCH),
    "GET /scim/v2/Groups/{id}": Ask(P.PROVISION),
    "PUT /scim/v2/Groups/{id}": Ask(P.PROVISION, SCIM_GROUP),
    "PATCH /scim/v2/Groups/{id}": Ask(P.PROVISION, SCIM_PATCH),
    "DELETE /scim/v2/Groups/{id}": Ask(P.PROVISION),
    "PUT /v1/permissions/{permission}/{role}": Ask(P.CHANGE_PERMISSIONS, {"granted": None}),
    "GET /v1/roles": Ask(None),
    "PUT /v1/roles/{name}": Ask(P.CHANGE_PERMISSIONS, {"like": "viewer", "permissions": ["see_project"]}),
    "DELETE /v1/roles/{name}": Ask(P.CHANGE_PERMISSIONS),
}
NOT_HERE = {"GET /scim/v2/Me", "POST /scim/v2/Bulk"}
# For probes and programs that know nobody, and for people who are not in yet or are about to leave.
WITHOUT_TOKEN = {
    *("GET /livez", "GET /readyz", "GET /metrics", "GET /problems/{code}"),
    *("POST /v1/sign-in", "POST /v1/sign-out", "POST /v1/invitations/accept"),
    *("GET /v1/sign-on", "GET /v1/sign-on/{provider}", "GET /v1/sign-on/{provider}/callback"),
    *("POST /v1/sign-on/sign-out", "POST /v1/sign-on/{provider}/ended"),
}
# What nobody does for somebody else, whatever they may.
IN_PERSON = {"POST /v1/me/password": {"new": "a password of nobody"}}


def all_routes() -> set[str]:
    found = set()
    for module in ROUTERS:
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            found |= {f"{method} {route.path}" for method in route.methods}
    return found


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
        asked = {"params": _filled(ask.params, known) | (more or {}), "headers": headers}
        if ask.body is not None:
            asked["json"] = _filled(ask.body, known)
        with self.client.stream(method, path.format(**known), **asked) as response:
            if not response.headers["content-type"].startswith("text/event-stream"):
                response.read()
            answer: httpx.Response = response
            return answer


def _filled(value: Any, known: dict[str, Any]) -> Any:
    match value:
        case dict():
            return {name: _filled(inner, known) for name, inner in value.items()}
        case list():
            return [_filled(inner, known) for inner in value]
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


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    with served(folder, Backend.EMBEDDED) as api:
        found = Office(api)
        yield found
        found.client.close()


def test_every_route_is_in_the_table() -> None:
    assert all_routes() == ROUTES.keys() | WITHOUT_TOKEN | IN_PERSON.keys()


@pytest.mark.parametrize("route", ROUTES)
def test_every_role_gets_what_the_table_of_permissions_says_and_nothing_else(office: Office, route: str) -> None:
    ask = ROUTES[route]
    for who in (STRANGER, *MEMBERS, *ABOVE):
        allowed = ask.allows(ROLES["member" if who == STRANGER else who])
        # What somebody may do changes things, and the next is to find them as they were.
        around = any(named in route for named in ("workspace", "token", "{invitation}", "/people/{id}"))
        place = office.project(MEMBERS, more=around) if allowed and not route.startswith("GET") else office.own
        expected = "open" if allowed else "hidden" if ask.hides and who == STRANGER else "forbidden"
        found = office.ask(route, ask, who, place)
        assert outcome(found, route, place) == expected, (who, found.status_code)


@pytest.mark.parametrize("route", [route for route, ask in ROUTES.items() if ask.hides])
def test_what_is_in_a_foreign_project_or_workspace_looks_as_if_it_were_not_there(office: Office, route: str) -> None:
    for who in (*MEMBERS, STRANGER):
        found = office.ask(route, ROUTES[route], who, office.foreign)
        assert (found.status_code, outcome(found, route, office.foreign)) == (404, "hidden"), who


@pytest.mark.parametrize("route", IN_PERSON)
def test_what_is_done_in_person_is_done_for_nobody_else(office: Office, route: str) -> None:
    for who in (STRANGER, *MEMBERS, *ABOVE):
        found = office.ask(route, Ask(None, IN_PERSON[route]), who, office.own)
        assert outcome(found, route, office.own) == "forbidden", who
