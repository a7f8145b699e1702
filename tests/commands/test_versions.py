"""Who decided on an older state is told, and nothing is written."""

from __future__ import annotations

import pytest

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Command
from annolog.commands.commenting import AddComment
from annolog.commands.distributing import AddSlot
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import ChangeSettings, CreateProject, PublishProject, ReviseInstructions
from annolog.commands.working import ReserveTask
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import InvalidInput, NotFound, StaleVersion
from tests.world import World, result


@pytest.mark.parametrize(
    "command",
    [
        SubmitAnnotation(task=1, result=result("A")),
        ReserveTask(task=1),
        AddComment(task=1, text="x"),
        AddSlot(task=1),
        PublishProject(project=1),
        ReviseInstructions(project=1, instructions="x"),
        ChangeSettings(project=1, group="review", changes={"criteria": "all"}),
    ],
    ids=lambda command: type(command).__name__,
)
@pytest.mark.parametrize("off", [-1, 1])
def test_a_command_decided_on_another_version_is_refused_and_told_the_current_one(
    world: World, command: Command, off: int
) -> None:
    world.set_up(tasks=1, managers="max")
    version = len(world.types(command.about() or f"project-{world.project}"))
    head = world.installation.log.head()
    with pytest.raises(StaleVersion) as stale:
        world.run(command, "max", expected_version=version + off)
    assert stale.value.facts["version"] == version
    assert world.installation.log.head() == head
    world.run(command, "max", expected_version=version)


def test_a_project_begins_with_its_config_and_settings_numbered_in_one_row(world: World) -> None:
    world.set_up(tasks=0, publish=False, assignment={"overlap": 2}, review={"criteria": "all"})
    assert world.types("project-1")[:4] == [
        "ProjectCreated",
        "LabelConfigRevised",
        "SettingsChanged",
        "SettingsChanged",
    ]
    project = world.installation.states.project(1)
    assert (project.config_version, project.settings_version) == (1, 2)
    assert (project.settings.assignment.overlap, project.settings.review.criteria) == (2, "all")


def test_a_project_with_a_wrong_setting_is_not_begun_at_all(world: World) -> None:
    with pytest.raises(InvalidInput):
        world.run(CreateProject(title="x", settings={"assignment": {"overlap": 0}}))
    assert world.installation.log.head() == 0


def test_members_are_added_all_or_none(world: World) -> None:
    world.set_up(tasks=0, annotators="ann", publish=False)
    head = world.installation.log.head()
    members = [
        NewMember(person=world.people["ann"], role=ProjectRole.REVIEWER),
        NewMember(person=999, role=ProjectRole.ANNOTATOR),
    ]
    with pytest.raises(NotFound):
        world.run(AddMembers(project=world.project, members=members))
    assert world.installation.log.head() == head


def test_who_is_named_twice_is_added_once_and_is_what_was_said_last(world: World) -> None:
    world.set_up(tasks=0, annotators="", reviewers="", publish=False)
    newcomer = world.run(RegisterPeople(people=[NewPerson(handle="ann")])).value["people"][0]["person"]
    roles = (ProjectRole.ANNOTATOR, ProjectRole.REVIEWER)
    members = [NewMember(person=newcomer, role=role) for role in roles]
    world.run(AddMembers(project=world.project, members=members))
    assert world.types("project-1")[-2:] == ["MemberAdded", "MemberRoleChanged"]
    assert world.installation.states.project(1).members[newcomer].role is ProjectRole.REVIEWER
