"""Letting the policy that was simulated take over in a project: what that comes to, the question, the change."""

from __future__ import annotations

from typing import Any

import typer

from annolog.commands.projects import ChangeSettingsTogether
from annolog.domain.policies.adopting import Changes, adopted
from annolog.domain.policies.policy import Policy
from annolog.domain.project.decisions import change_settings_together
from annolog.infra.cli.console import REFUSED, print_table, say, warn
from annolog.infra.composition import Installation
from annolog.infra.preview import preview_together


def adopt(
    installation: Installation, project: int, policy: Policy, needed: float | None, *, yes: bool, quiet: bool
) -> dict[str, Any]:
    """Change the settings of the project, unless somebody who is asked says no; what changed, and what it comes to.

    `needed` is how many labels a task the policy took, where it had a budget.
    """
    found = installation.states.project(project)
    changes = adopted(policy, needed)
    # What would be refused is refused now: nobody should be asked about it.
    news = change_settings_together(found, changes)
    seen = preview_together(installation, project, changes)
    if not quiet:
        _show(seen, changes)
    if news and not yes and not typer.confirm(f"Change the settings of project {project}?", err=True):
        warn("nothing was changed")
        raise typer.Exit(REFUSED)
    command = ChangeSettingsTogether(project=project, changes={group: dict(new) for group, new in changes.items()})
    answer = installation.as_system(command)
    if not quiet:
        say(f"project {project} has these settings now" if news else f"project {project} has these settings already")
    return {"changes": changes, "effect": seen["effect"], "position": answer.position}


def _show(seen: dict[str, Any], changes: Changes) -> None:
    rows = [
        (f"{group}.{name}", seen["groups"][group]["old"][name], seen["groups"][group]["new"][name])
        for group, new in changes.items()
        for name in new
    ]
    print_table("settings", ("setting", "is", "would be"), rows)
    print_table("effect", ("", "value"), list(seen["effect"].items()))
