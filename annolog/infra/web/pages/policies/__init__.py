"""What other policies would have made of a project's work, and letting one of them take over."""

from __future__ import annotations

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.policies.what_if import WhatIf


@page("/projects/{id}/policies", "What-if")
async def policies(frame: Frame, id: int) -> None:
    """Choose what to try, see labels against accuracy, let one take over."""
    place = await frame.viewer.enter(id)
    if not place.may("configure"):
        raise Refusal(403, {"detail": "Policies are for who manages the project."})
    frame.of_project(place, "policies")
    WhatIf(place)
