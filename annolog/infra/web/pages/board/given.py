"""What the board is given to begin with: who looks, what they may do, and which columns there can be."""

from __future__ import annotations

from typing import Any

from annolog.domain.labeling import parse_labeling_config
from annolog.domain.refusals import Refused
from annolog.infra.web.viewer import ProjectPlace, name_of

MOST_LABELS = 1_000


async def given(place: ProjectPlace) -> dict[str, Any]:
    """Asked once a page; all of it is what the API tells this viewer."""
    viewer, shown, rights = place.viewer, place.shown, place.rights
    people = (await viewer.door.get(f"/v1/projects/{place.id}/people"))["people"]
    settings = shown.get("settings", {})
    return {
        "project": place.id,
        "person": viewer.person,
        "zone": viewer.zone,
        "may": rights["permissions"],
        "names_shown": rights["names"],
        "agreement_shown": rights["agreement"],
        "hidden_fields": rights["hidden_fields"],
        "people": {row["person"]: name_of(row) for row in people},
        "members": [{"person": row["person"], "role": row["role"]} for row in people if row["role"]],
        "tasks": (await viewer.door.get(f"/v1/projects/{place.id}/progress"))["tasks"],
        "overlap": settings.get("assignment", {}).get("overlap", 1),
        "reject_actions": settings.get("review", {}).get("allowed_reject_actions", []),
        **_of_config(str(shown.get("label_config") or "")),
    }


def _of_config(label_config: str) -> dict[str, list[str]]:
    """The keys of tasks' data that are shown, the dimensions that agreement is told apart by, and the labels."""
    try:
        config = parse_labeling_config(label_config)
    except Refused:
        return {"data_keys": [], "dimensions": [], "labels": []}
    labels = [label for dimension in config.dimensions for label in dimension.labels]
    return {
        "data_keys": sorted(config.variables),
        "dimensions": [dimension.name for dimension in config.dimensions],
        "labels": sorted(set(labels))[:MOST_LABELS],
    }
