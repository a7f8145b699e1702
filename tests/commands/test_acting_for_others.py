"""Strangers, who learn nothing; those who act for others; and those who would be more than they are."""

from __future__ import annotations

import pytest

from annolog.commands import (
    annotating,
    commenting,
    distributing,
    members,
    organizations,
    people,
    projects,
    tokens,
    working,
)
from annolog.commands.command import Command
from annolog.domain.people.events import OrganizationRole
from annolog.domain.refusals import Forbidden, NotFound, NoWork, Unauthenticated
from tests.commands.commands_table import DIGEST
from tests.world import World, result


@pytest.mark.parametrize(
    "command",
    [
        commenting.AddComment(task=1, text="x"),
        working.RequestWork(project=1),
        distributing.DeleteTasks(project=1, tasks=[1]),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_refusal_never_tells_a_stranger_whether_there_is_anything(office: World, command: Command) -> None:
    with pytest.raises(NotFound) as hidden:
        office.run(command, "stranger")
    nothing = command.model_copy(update={"task": 99} if "task" in type(command).model_fields else {"project": 99})
    with pytest.raises(NotFound) as absent:
        office.run(nothing, "stranger")
    assert hidden.value.detail.replace("1", "#") == absent.value.detail.replace("99", "#")
    assert hidden.value.facts == absent.value.facts


def test_an_expected_version_does_not_tell_a_stranger_that_there_is_a_task(office: World) -> None:
    with pytest.raises(NotFound):
        office.run(commenting.AddComment(task=1, text="x"), "stranger", expected_version=99)
    with pytest.raises(NotFound):
        office.run(projects.PublishProject(project=1), "stranger", expected_version=99)


def test_who_is_not_registered_is_nobody(office: World) -> None:
    office.people["ghost"] = 999
    with pytest.raises(Unauthenticated):
        office.run(working.RequestWork(project=office.project), "ghost")


def test_who_leaves_the_project_sees_it_no_more(office: World) -> None:
    office.run(members.RemoveMember(project=office.project, person=office.people["annotator"]))
    with pytest.raises(NotFound):
        office.next("annotator")


def test_rulers_may_act_for_others_with_the_rights_of_these_and_nobody_else_may(office: World) -> None:
    work = working.RequestWork(project=office.project)
    annotator, stranger = office.people["annotator"], office.people["stranger"]
    answer = office.run(work, "owner", on_behalf_of=annotator)
    assert office.task(answer.value["task"]).leases.keys() == {annotator}
    with pytest.raises(Forbidden):
        office.run(work, "manager", on_behalf_of=annotator)
    with pytest.raises(NotFound):
        office.run(work, "owner", on_behalf_of=stranger)
    with pytest.raises(Forbidden):
        office.run(projects.PublishProject(project=office.project), "owner", on_behalf_of=annotator)
    with pytest.raises(NotFound):
        office.run(work, "owner", on_behalf_of=999)


def test_nobody_becomes_more_than_they_are_by_way_of_others(office: World) -> None:
    """An administrator makes no owner, comes in as none, and speaks for none; owners do all of that."""
    owner = office.people["owner"]
    for command, more in (
        (people.RegisterPeople(people=[people.NewPerson(handle="me", role=OrganizationRole.OWNER)]), {}),
        (tokens.IssueToken(person=owner, digest=DIGEST), {}),
        (organizations.ChangePermission(role="manager", permission="export", granted=False), {"on_behalf_of": owner}),
    ):
        head = office.installation.log.head()
        with pytest.raises(Forbidden):
            office.run(command, "administrator", **more)
        assert office.installation.log.head() == head
        office.run(command, "owner", **more)
    with pytest.raises(Forbidden):
        office.run(tokens.RevokeToken(token=1), "administrator")
    office.run(tokens.RevokeToken(token=1), "owner")


def test_who_acts_for_another_is_in_the_log_beside_them(office: World) -> None:
    office.run(annotating.SubmitAnnotation(task=2, result=result("A")), "owner", on_behalf_of=office.people["bob"])
    recorded = office.installation.log.streams(["task-2"])["task-2"][-1]
    assert (recorded.actor, recorded.on_behalf_of) == (office.people["owner"], office.people["bob"])


def test_by_hand_assignment_needs_members_and_tasks_of_this_very_project(office: World) -> None:
    other = office.run(projects.CreateProject(title="other")).value["project"]
    with pytest.raises(NotFound):
        office.run(distributing.DeleteTasks(project=other, tasks=[1]))
    with pytest.raises(NotFound):
        office.run(
            distributing.AssignTasks(project=office.project, tasks=[1], people=[office.people["stranger"]]), "manager"
        )
    with pytest.raises(NoWork):
        office.run(working.RequestWork(project=other), "owner")
