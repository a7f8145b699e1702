"""Nobody becomes more than they are by way of others, whatever roles of the organization's own leave of a rank."""

from __future__ import annotations

import pytest

from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import DEFAULTS
from annolog.domain.event import Event
from annolog.domain.organization import decisions
from annolog.domain.organization.events import RoleDefined, WorkspaceArchived, WorkspaceCreated
from annolog.domain.people.events import OrganizationRole, PersonRegistered
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project.events import MemberAdded, ProjectCreated, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.refusals import Archived, Forbidden, InvalidInput

HALF, WHOLE, OLA, ANN = 1, 2, 3, 4
HALF_ROLE = [Permission.ISSUE_TOKENS, Permission.ACT_FOR_OTHERS]
FACTS: list[Event] = [
    RoleDefined(name="half", like="administrator", permissions=[one.value for one in HALF_ROLE]),
    PersonRegistered(person=HALF, handle="half", role=OrganizationRole.ADMINISTRATOR, custom_role="half"),
    PersonRegistered(person=WHOLE, handle="whole", role=OrganizationRole.ADMINISTRATOR),
    PersonRegistered(person=OLA, handle="ola", role=OrganizationRole.OWNER),
    PersonRegistered(person=ANN, handle="ann", role=OrganizationRole.MEMBER),
    WorkspaceCreated(workspace=1, title="films"),
]


def directory(*facts: Event) -> Directory:
    return fold(Directory(), [*FACTS, *facts])


def person(id: int, *facts: Event) -> Person:
    found = directory(*facts).person(id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("who", "whom", "allowed"),
    [
        (HALF, ANN, True),
        (HALF, HALF, True),
        (HALF, WHOLE, False),
        (HALF, OLA, False),
        (WHOLE, HALF, True),
        (WHOLE, WHOLE, True),
        (WHOLE, OLA, False),
        (OLA, WHOLE, True),
        (OLA, OLA, True),
        (ANN, HALF, False),
    ],
)
def test_nobody_speaks_for_who_is_more(who: int, whom: int, allowed: bool) -> None:
    if allowed:
        rights.must_be_no_more(person(who), person(whom))
        return
    with pytest.raises(Forbidden):
        rights.must_be_no_more(person(who), person(whom))
    if Permission.ACT_FOR_OTHERS in person(who).grants.of(person(who).role, person(who).custom_role):
        with pytest.raises(Forbidden):
            rights.acted_for(directory(), person(who), whom)


def test_an_owner_is_one_with_everything() -> None:
    here = directory().organizations[1]
    with pytest.raises(InvalidInput) as refused:
        decisions.define_role(here, "less", OrganizationRole.OWNER, [Permission.SEE_PEOPLE])
    assert refused.value.faults[0].pointer == "/like"


def test_saying_who_there_is_over_scim_is_an_owners_to_give() -> None:
    """Whoever puts people into groups makes them whatever the groups are worth."""
    assert [role for role in DEFAULTS if Permission.PROVISION in DEFAULTS[role]] == [OrganizationRole.OWNER]


def test_an_archive_shows_nobody_what_was_kept_from_them_and_keeps_no_house_from_being_kept() -> None:
    archived = WorkspaceArchived(workspace=1)
    member = MemberAdded(project=3, person=ANN, role=ProjectRole.REVIEWER)
    project = fold_project(Project(3), [ProjectCreated(project=3, title="x", workspace=1), member])
    ann = person(ANN, archived)
    assert rights.holds(Permission.REVIEW, ann, project)
    assert not rights.may(Permission.REVIEW, ann, project)
    with pytest.raises(Archived):
        rights.must_not_be_archived(ann, project)
    system = Person(0, "system", OrganizationRole.OWNER, directory(archived).organizations[1])
    assert rights.may(Permission.MANAGE_MEMBERS, system, project)
