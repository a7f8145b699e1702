"""Every route with what it asks for: the table by which roles, organizations and hidden fields are tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi.routing import APIRoute

from annolog.domain.access.permissions import Permission, Reach, reach_of
from annolog.domain.access.roles import DEFAULTS, Role
from annolog.domain.people.events import OrganizationRole
from annolog.infra.http.app import ROUTERS
from tests.world import LABEL_CONFIG, result

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
    "GET /v1/projects/{id}/review/waiting": Ask(P.REVIEW),
    "POST /v1/projects/{id}/review/next": Ask(P.REVIEW),
    "DELETE /v1/tasks/{id}/review": Ask(P.REVIEW),
    "POST /v1/projects/{id}/review/bulk": Ask(P.REVIEW, {"tasks": ["{task}"], "verdict": "accepted"}),
    "POST /v1/tasks/{id}/reviews/{review}/second": Ask(P.REVIEW, {"verdict": "accepted"}, unless=P.SEE_VERDICTS),
    "POST /v1/tasks/{id}/reviews/{review}/adjudication": Ask(P.REVIEW, {"verdict": "accepted"}),
    "GET /v1/projects/{id}/reviewers": sees(),
    "POST /v1/projects": Ask(P.CREATE_PROJECT, {"title": "another"}),
    "GET /v1/projects": Ask(None),
    "GET /v1/projects/{id}": Ask(P.SEE_PROJECT),
    "PUT /v1/projects/{id}": Ask(P.CONFIGURE, {"title": "otherwise"}),
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
