"""What a labeling config asks, or what is wrong with it and where; and what it changes for a project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from annolog.domain.agreement.metrics import METRICS, default_metric, fits
from annolog.domain.labeling import Dimension, LabelingConfig, parse_labeling_config
from annolog.domain.project.decisions import revise_label_config
from annolog.domain.project.state import Project
from annolog.domain.refusals import Refused

# How the parser of XML says where it stopped; it counts columns from 0.
_PLACE = re.compile(r"line (\d+), column (\d+)")
_QUOTED = re.compile(r"'([^']+)'")


def checked(xml: str) -> dict[str, Any]:
    """Whether the config can be used; its controls with the metrics that fit them, and the fields that tasks need."""
    try:
        config = parse_labeling_config(xml)
    except Refused as refusal:
        wrong = [{"message": fault.message, **_place(xml, fault.message)} for fault in refusal.faults]
        return {"valid": False, "wrong": wrong, "controls": [], "objects": {}, "variables": []}
    return {
        "valid": True,
        "wrong": [],
        "controls": [_control(dimension) for dimension in config.dimensions],
        "objects": dict(config.objects),
        "variables": sorted(config.variables),
    }


def previewed(project: Project, xml: str, progress: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with what the config would change for the project's answers and tasks. Nothing is changed."""
    found = checked(xml)
    if not found["valid"]:
        return {**found, "change": None}
    try:
        revise_label_config(project, xml)
    except Refused as refusal:
        wrong = [{"message": fault.message, **_place(xml, fault.message)} for fault in refusal.faults]
        return {**found, "valid": False, "wrong": wrong, "change": None}
    change = _change(project.config, parse_labeling_config(xml))
    counts = {"tasks": project.tasks, "annotations": progress.get("annotations", 0)}
    return {**found, "change": {**change, **counts, "same": xml == project.config.xml}}


def _control(dimension: Dimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "tag": dimension.tag,
        "kind": dimension.kind.value,
        "labels": list(dimension.labels),
        "required": dimension.required,
        "per_region": dimension.per_region,
        "metrics": [
            {
                "metric": name,
                "parameters": dict(metric.parameters),
                "choices": {k: list(v) for k, v in metric.choices.items()},
            }
            for name, metric in METRICS.items()
            if fits(name, dimension)
        ],
        "default_metric": default_metric(dimension).name,
    }


def _change(old: LabelingConfig, new: LabelingConfig) -> dict[str, Any]:
    kept = [(old.by_name[name], new.by_name[name]) for name in old.by_name if name in new.by_name]
    changed = [
        {
            "control": before.name,
            "removed_labels": sorted(set(before.labels) - set(after.labels)),
            "added_labels": sorted(set(after.labels) - set(before.labels)),
            "other_kind": before.kind is not after.kind,
        }
        for before, after in kept
    ]
    return {
        "added_controls": sorted(new.by_name.keys() - old.by_name.keys()),
        "removed_controls": sorted(old.by_name.keys() - new.by_name.keys()),
        "changed_controls": [
            one for one in changed if one["removed_labels"] or one["added_labels"] or one["other_kind"]
        ],
        "added_variables": sorted(new.variables - old.variables),
        "removed_variables": sorted(old.variables - new.variables),
    }


def _place(xml: str, message: str) -> dict[str, int | None]:
    """Where in the text a message is about: as the parser says it, or where a name that it quotes is given."""
    if found := _PLACE.search(message):
        return {"line": int(found[1]), "column": int(found[2]) + 1}
    for name in _QUOTED.findall(message):
        given = re.search(rf"""\bname\s*=\s*(["']){re.escape(name)}\1""", xml, re.IGNORECASE)
        if given:
            return _line_and_column(xml, given.start())
    return {"line": None, "column": None}


def _line_and_column(xml: str, index: int) -> dict[str, int | None]:
    before = xml[:index]
    return {"line": before.count("\n") + 1, "column": index - (before.rfind("\n") + 1) + 1}
