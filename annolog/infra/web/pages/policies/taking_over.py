"""Letting a policy take over, after it was seen what that comes to; and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annolog.infra.web.door import Refusal
from annolog.infra.web.pages.policies.points import Point
from annolog.infra.web.pages.settings.saving import ask, ask_to_undo
from annolog.infra.web.parts.sending import refuse, say
from annolog.infra.web.viewer import ProjectPlace

# In this order: with the new rule still on, the old overlap might ask for more people than there are.
GROUPS = ("reassignment", "assignment")


async def take_over(place: ProjectPlace, point: Point, budget: float | None) -> bool:
    """Preview the policy's taking over, ask, and do it. Whether it was done."""
    body: dict[str, Any] = {"policy": point.policy, "parameter": point.parameter}
    if budget is not None:
        body["budget"] = point.labels
    path = f"/v1/projects/{place.id}/simulations/apply"
    try:
        seen = await place.viewer.door.post(f"{path}/preview", body)
        groups = [(group, change["old"], change["new"]) for group, change in seen["groups"].items()]
        note = f"{point.name} decides from then on. It can be undone."
        accepted = await ask("Use this policy?", groups, seen["effect"], "Use this policy", note)
        if accepted is None:
            return False
        await place.viewer.door.post(path, body, accept_infeasible="true" if accepted else None)
    except Refusal as refusal:
        refuse(refusal)
        return False
    say(f"{point.name} decides now.")
    return True


async def last_taken_over(place: ProjectPlace) -> Sequence[Mapping[str, Any]] | None:
    """The latest changes of the groups that a policy is made of, if they were made together, or only one was."""
    latest = []
    for group in GROUPS:
        found = await place.viewer.door.get(f"/v1/projects/{place.id}/changes", group=group, limit=1)
        latest += found["changes"]
    if not latest:
        return None
    newest = max(latest, key=lambda change: change["position"])
    # What one command changed is taken back as one.
    return [change for change in latest if change["command_id"] == newest["command_id"]]


async def undo_taking_over(place: ProjectPlace, changes: Sequence[Mapping[str, Any]]) -> bool:
    """Take the latest change of policy back, group by group, each after it was seen what that comes to."""
    done = False
    try:
        for change in changes:
            if not await ask_to_undo(place, change["data"]["group"], change["data"]["old"]):
                break
            done = True
    except Refusal as refusal:
        refuse(refusal)
    return done
