"""A project asks what other policies would have made of its work, and lets one of them take over."""

from __future__ import annotations

import pytest

from annolog.commands.projects import ChangeSettingsTogether
from annolog.domain.policies.adopting import adopted
from annolog.domain.policies.catalogue import policy
from annolog.domain.refusals import InfeasibleSettings, InvalidInput
from annolog.infra.simulation import simulate_project
from tests.world import World

TASKS = 8


def worked(world: World) -> None:
    """Three people answer every task; on every other task the third disagrees."""
    world.set_up(tasks=TASKS, managers="boss", assignment={"overlap": 3}, review={"sample_percent": 0})
    for who in ("ann", "bob", "cyd"):
        for task in range(1, TASKS + 1):
            world.submit(who, task, "B" if who == "cyd" and task % 2 else "A")


def test_what_was_simulated_takes_over_in_the_name_of_who_chose_it(world: World) -> None:
    worked(world)
    head = world.installation.log.head()
    found = simulate_project(world.installation, world.project, [("fixed", [2.0]), ("rule", [0.6])], 2)
    assert (found["position"], world.installation.log.head()) == (head, head)
    rows = {(row["policy"], row["seed"]): row for row in found["outcomes"]}
    assert len(rows) == 4
    two = rows["fixed", 0]
    assert (two["labels"], two["labels_per_task"], two["imputed_share"]) == (2 * TASKS, 2.0, 0.0)
    assert sum(one["labels"] for one in two["asked"]) == two["labels"]
    assert {one["person"] for one in two["asked"]} <= {world.people[who] for who in ("ann", "bob", "cyd")}
    assert two["seconds"] > 0
    # Nobody is left who could be asked about the tasks on which the three disagree.
    assert rows["rule", 0]["wanting_tasks"] == TASKS / 2

    changes = {group: dict(new) for group, new in adopted(policy("fixed", 2.0)).items()}
    world.run(ChangeSettingsTogether(project=world.project, changes=changes), "boss")
    world.settle()
    changed = world.installation.log.streams([f"project-{world.project}"])[f"project-{world.project}"][-1]
    assert (changed.type, changed.actor) == ("SettingsChanged", world.people["boss"])
    assert world.installation.states.project(world.project).settings.assignment.overlap == 2
    assert world.task(1).slots == 2


def test_several_groups_change_together_or_not_at_all(world: World) -> None:
    world.set_up(tasks=1)
    world.change("reassignment", enabled=True)
    changes = {"reassignment": {"enabled": False}, "assignment": {"overlap": 4}}
    command = ChangeSettingsTogether(project=world.project, changes=changes)
    before = world.types(f"project-{world.project}")
    with pytest.raises(InfeasibleSettings):
        world.run(command)
    assert world.types(f"project-{world.project}") == before
    assert world.installation.states.project(world.project).settings.reassignment.enabled
    world.run(command.model_copy(update={"accept_infeasible": True}))
    world.settle()
    assert world.types(f"project-{world.project}")[len(before) :][:2] == ["SettingsChanged", "SettingsChanged"]
    project = world.installation.states.project(world.project)
    assert (project.settings.assignment.overlap, project.settings.reassignment.enabled) == (4, False)
    assert project.settings_version == 3


def test_answers_that_come_later_are_not_looked_at(world: World) -> None:
    worked(world)
    found = simulate_project(world.installation, world.project, [("fixed", [3.0])], 1)
    world.revise("ann", 1, world.task(1).annotation_of(world.people["ann"]).id, "C")  # type: ignore[union-attr]
    later = simulate_project(world.installation, world.project, [("fixed", [3.0])], 1)
    assert later["position"] > found["position"]
    assert later["answers"] == found["answers"] == 3 * TASKS


def test_a_project_without_answers_has_nothing_to_simulate(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(InvalidInput, match="0 answers"):
        simulate_project(world.installation, world.project, [], 1)
    with pytest.raises(InvalidInput, match="/policies/1/parameters/0"):
        simulate_project(world.installation, world.project, [("fixed", []), ("rule", [7.0])], 1)
