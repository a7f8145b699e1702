"""What is recorded of people's activity, and in whose organization."""

from __future__ import annotations

import pytest

from annolog.domain.activity.decisions import record
from annolog.domain.activity.events import (
    AccessDenied,
    DataExported,
    SignedIn,
    SignInFailed,
    SignInFailure,
    SignInMethod,
)
from annolog.domain.organization.events import OrganizationCreated
from annolog.domain.people.events import OrganizationRole, PersonRegistered
from annolog.domain.people.state import Directory, fold
from annolog.domain.refusals import NotFound

PEOPLE = fold(
    Directory(),
    [
        OrganizationCreated(organization=2, name="others"),
        PersonRegistered(person=5, handle="ann", role=OrganizationRole.MEMBER),
        PersonRegistered(person=6, handle="bob", role=OrganizationRole.MEMBER, organization=2),
    ],
)
DENIED = AccessDenied(organization=1, person=5, method="GET", route="/v1/activity", code="forbidden")


def test_what_somebody_did_is_recorded_in_their_organization() -> None:
    came_in = SignedIn(organization=2, person=6, method=SignInMethod.PASSWORD)
    assert record(PEOPLE, came_in) == [came_in]


def test_nothing_is_recorded_of_somebody_in_an_organization_that_is_not_theirs() -> None:
    with pytest.raises(NotFound):
        record(PEOPLE, SignedIn(organization=1, person=6, method=SignInMethod.PASSWORD))
    with pytest.raises(NotFound):
        record(PEOPLE, DENIED.model_copy(update={"on_behalf_of": 6}))
    with pytest.raises(NotFound):
        record(PEOPLE, DENIED.model_copy(update={"organization": 3}))


def test_an_attempt_by_nobody_known_belongs_to_no_organization() -> None:
    failed = SignInFailed(method=SignInMethod.PASSWORD, reason=SignInFailure.UNKNOWN_PERSON)
    assert record(PEOPLE, failed) == [failed]


def test_the_system_takes_data_out_of_any_organization() -> None:
    export = DataExported(organization=2, person=0, what="comments", format="csv", position=7)
    assert record(PEOPLE, export) == [export]
