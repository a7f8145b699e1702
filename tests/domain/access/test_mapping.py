"""What groups are worth: of several the most, for each place alone, and to the letter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from annolog.domain.access.mapping import PROJECT_RANKS, Granted, GroupRule, granted, together
from annolog.domain.access.rights import RANKS
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole

ACME = "acme"


def of_role(group: str, role: OrganizationRole, provider: str = ACME) -> GroupRule:
    return GroupRule(provider=provider, group=group, role=role)


def of_project(group: str, project: int, role: ProjectRole) -> GroupRule:
    return GroupRule(provider=ACME, group=group, project=project, project_role=role)


def of_workspace(group: str, workspace: int, role: ProjectRole) -> GroupRule:
    return GroupRule(provider=ACME, group=group, workspace=workspace, project_role=role)


RULES = [
    of_role("staff", OrganizationRole.MEMBER),
    of_role("admins", OrganizationRole.ADMINISTRATOR),
    of_project("annotators", 1, ProjectRole.ANNOTATOR),
    of_project("reviewers", 1, ProjectRole.REVIEWER),
    of_project("reviewers", 2, ProjectRole.VIEWER),
    of_workspace("annotators", 1, ProjectRole.ANNOTATOR),
    of_workspace("managers", 1, ProjectRole.MANAGER),
]


def test_who_is_in_no_group_that_counts_is_given_nothing() -> None:
    assert granted(RULES, ACME, []) == Granted()
    assert granted(RULES, ACME, ["elsewhere"]) == Granted(None, {}, {})
    assert granted([], ACME, ["admins"]) == Granted()


def test_the_most_elevated_role_wins_whichever_rule_comes_first() -> None:
    for rules in (RULES, RULES[::-1]):
        found = granted(rules, ACME, ["staff", "reviewers", "annotators", "admins", "managers"])
        assert found.role is OrganizationRole.ADMINISTRATOR
        assert found.projects == {1: ProjectRole.REVIEWER, 2: ProjectRole.VIEWER}
        assert found.workspaces == {1: ProjectRole.MANAGER}


def test_a_project_and_a_workspace_of_the_same_number_are_two_places() -> None:
    found = granted(RULES, ACME, ["annotators", "managers"])
    assert (found.projects, found.workspaces) == ({1: ProjectRole.ANNOTATOR}, {1: ProjectRole.MANAGER})
    assert found.role is None


@pytest.mark.parametrize("group", ["Admins", "ADMINS", " admins", "admins ", "/admins", "admin"])
def test_groups_are_compared_to_the_letter(group: str) -> None:
    assert granted(RULES, ACME, [group]) == Granted()


def test_a_group_of_another_provider_is_another_group() -> None:
    assert granted(RULES, "other", ["admins"]) == Granted()
    assert granted([of_role("admins", OrganizationRole.OWNER, "other")], ACME, ["admins"]) == Granted()


@given(st.lists(st.sampled_from(RULES)), st.sets(st.sampled_from(["staff", "admins", "annotators", "reviewers", "x"])))
def test_one_more_group_never_takes_anything_away(rules: list[GroupRule], groups: set[str]) -> None:
    fewer, more = granted(rules, ACME, groups), granted(rules, ACME, groups | {"managers", "admins"})
    assert fewer.role is None or (more.role is not None and RANKS.index(more.role) >= RANKS.index(fewer.role))
    for before, after in ((fewer.projects, more.projects), (fewer.workspaces, more.workspaces)):
        for place, role in before.items():
            assert PROJECT_RANKS.index(after[place]) >= PROJECT_RANKS.index(role)


def test_every_role_has_its_rank() -> None:
    assert set(PROJECT_RANKS) == set(ProjectRole)
    assert set(RANKS) == set(OrganizationRole)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"project": 1},
        {"workspace": 1},
        {"project_role": "manager"},
        {"role": "owner", "project_role": "manager"},
        {"role": "owner", "project": 1},
        {"project": 1, "workspace": 1, "project_role": "manager"},
        {"role": "manager"},
        {"project": 0, "project_role": "manager"},
        {"role": "owner", "group": ""},
        {"role": "owner", "surplus": 1},
    ],
)
def test_a_rule_says_one_thing_or_is_none(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GroupRule.model_validate({"provider": ACME, "group": "g", **said})


def test_of_what_somebody_has_in_several_ways_the_most_elevated_holds_for_each_place_alone() -> None:
    one = Granted(
        OrganizationRole.ADMINISTRATOR, {1: ProjectRole.VIEWER, 2: ProjectRole.MANAGER}, {7: ProjectRole.VIEWER}
    )
    other = Granted(None, {1: ProjectRole.REVIEWER, 3: ProjectRole.VIEWER}, {7: ProjectRole.MANAGER})
    for several in ([one, other], [other, one], [one, Granted(), other, one]):
        found = together(several)
        assert found.role is OrganizationRole.ADMINISTRATOR
        assert found.projects == {1: ProjectRole.REVIEWER, 2: ProjectRole.MANAGER, 3: ProjectRole.VIEWER}
        assert found.workspaces == {7: ProjectRole.MANAGER}
    assert together([]) == Granted() == together([Granted()])


@given(st.lists(st.sampled_from(["staff", "admins", "annotators", "reviewers", "managers"])), st.data())
def test_groups_are_worth_the_same_however_they_are_parted(groups: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(groups)))
    parted = [granted(RULES, ACME, groups[:cut]), granted(RULES, ACME, groups[cut:])]
    assert together(parted) == granted(RULES, ACME, groups)
