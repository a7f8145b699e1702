"""Who changed what of how a project works, the latest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annolog.domain.ids import LARGEST_ID
from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.effects import differences
from annolog.infra.web.pages.settings.place import room
from annolog.infra.web.pages.settings.saving import who
from annolog.infra.web.pages.settings.words import GROUPS
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block, moment
from annolog.infra.web.viewer import ProjectPlace

WORDS = {
    "ProjectCreated": "began the project",
    "ProjectRevised": "revised title and description",
    "ProjectMoved": "moved the project to another workspace",
    "LabelConfigRevised": "revised the labeling config",
    "InstructionsRevised": "revised the instructions",
    "AgreementDefinitionProposed": "proposed a definition of agreement",
    "AgreementDefinitionActivated": "let a definition of agreement take over",
    "AgreementDefinitionWithdrawn": "took a proposed definition of agreement back",
    "ProjectPublished": "published the project",
    "ProjectUnpublished": "unpublished the project",
}
PAGE = 50


async def changes(frame: Frame, place: ProjectPlace) -> None:
    """Every change, a page at a time."""
    names = await place.names()
    with room(frame, place, "history"), card():
        body = block("div", "an-history")
        end = block("div")

        async def more(before: int) -> None:
            found = await place.viewer.door.get(f"/v1/projects/{place.id}/changes", before=before, limit=PAGE)
            end.clear()
            with body:
                for change in found["changes"]:
                    _entry(place, change, names)
            if found["next"] is not None:
                with end:
                    button("Earlier changes", lambda: more(found["next"]), kind="quiet")

        await more(LARGEST_ID)


def _entry(place: ProjectPlace, change: Mapping[str, Any], names: Mapping[int, str]) -> None:
    data = change["data"]
    with block("div", "an-entry"), block("div", "an-entry-words"):
        with block("div"):
            Words("strong", who(change, names))
            group = data.get("group", "")
            said = f"changed {GROUPS[group].title}" if group in GROUPS else WORDS.get(change["type"], change["type"])
            Words("span", f" {said}")
            Words("span", f" · {moment(change['recorded_at'], place.viewer.zone)}", "an-note")
        if group:
            for label, before, after in differences(group, data["old"], data["new"]):
                Words("p", f"{label}: {before} → {after}", "an-wrap")
