"""The rules of a project as answers show them."""

from __future__ import annotations

from typing import Any

from annolog.domain.project.state import Project


def rules_of(project: Project) -> list[dict[str, Any]]:
    """Every rule with its version, by name."""
    return [
        {"name": name, "version": known.version, **known.rule.model_dump(mode="json")}
        for name, known in sorted(project.rulebook.rules.items())
    ]
