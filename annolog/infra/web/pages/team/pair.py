"""Two people looked at closely: how alike they are beyond chance, what they take for what, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.pages.team.confusion import confusion_table
from annolog.infra.web.pages.team.crowd import Crowd, annotated_by, board_path, person_path
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import button, refuse
from annolog.infra.web.parts.windows import window
from annolog.infra.web.parts.words import Words, block, counted, score, sentence
from annolog.infra.web.viewer import ProjectPlace

NAMES = {"Cohen": "Cohen's", "Krippendorff": "Krippendorff's", "Fleiss": "Fleiss'", "Gwet": "Gwet's"}
CONTESTED = {"filter": "agreement", "operator": "less", "value": 1}


async def show_pair(place: ProjectPlace, crowd: Crowd, one: int, other: int, dimensions: Sequence[str]) -> None:
    """Show two people in a dialog, by each of these controls; worked out when it opens."""
    title = f"{crowd.name(one)} and {crowd.name(other)}"
    with window(title, wide=True) as opened:
        body = block("div", "an-pair")
        with body:
            Words("p", "Worked out from all their answers …", "an-note").props("role=status")
        with block("div", "an-actions an-dialog-actions"):
            contested = board_path(place.id, [*annotated_by(one, other), CONTESTED], "agreement")
            ui.link("Contested tasks of both on the board", contested).classes("an-link")
            for person in (one, other):
                ui.link(crowd.name(person), person_path(place.id, person)).classes("an-link an-pair-name")
            button("Close", opened.close)
    try:
        found = [
            await place.viewer.door.get(f"/v1/projects/{place.id}/agreement/pairs/{one}/{other}", dimension=dimension)
            for dimension in dimensions
        ]
    except Refusal as refusal:
        refuse(refusal)
        opened.close()
        return
    if body.is_deleted:
        return
    body.clear()
    with body:
        for answer in found:
            with block("section", "an-pair-part"):
                _coefficients(answer, titled=len(found) > 1)
                if answer["confusion"]:
                    cells = [(cell["one"], cell["other"], cell["tasks"]) for cell in answer["confusion"]]
                    confusion_table(cells, f"said by {crowd.name(one)}", f"said by {crowd.name(other)}")


def _coefficients(answer: Mapping[str, Any], *, titled: bool) -> None:
    if titled:
        Words("h3", answer["dimension"])
    Words("p", counted(answer["tasks"], "task") + " in common", "an-note")
    with plain_table("Coefficient", "Value", "95 % interval"):
        for name, found in answer["coefficients"].items():
            _coefficient(name, found)


def _coefficient(name: str, found: Mapping[str, Any]) -> None:
    with block("tr"):
        Words("th", _called(name)).props("scope=row")
        if found["value"] is None:
            Words("td", found["reason"] or "", "an-note").props("colspan=2")
            return
        Words("td", score(found["value"]))
        limits = found["interval"]
        Words("td", f"{score(limits[0])} to {score(limits[1])}" if limits else "–")


def _called(name: str) -> str:
    first, _, rest = sentence(name).partition(" ")
    return f"{NAMES.get(first, first)} {rest.replace('ac1', 'AC1').replace('ac2', 'AC2')}".strip()
