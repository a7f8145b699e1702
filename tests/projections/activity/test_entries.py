"""What of the log is activity, and what of it is told."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from annolog.domain.activity import events as doors
from annolog.domain.event import Event
from annolog.domain.organization import events as organization
from annolog.domain.people import events as people
from annolog.domain.project import events as project
from annolog.domain.provisioning import events as provisioning
from annolog.domain.recorded import Recorded
from annolog.domain.sign_on import events as sign_on
from annolog.projections.activity.entries import ENTRIES
from annolog.projections.activity.projector import activity
from annolog.projections.activity.tables import activity_entry, activity_place, activity_token
from annolog.projections.engine.rows import Rows
from tests.infra.event_log.samples import SAMPLES
from tests.world import START

ID = UUID(int=1)
# In rooms where everything grants or takes something, unless it is here on purpose.
NOT_LISTED: set[type[Event]] = {doors.CommandLocated}


def fold(*events: Event, actor: int = 3, behalf: int | None = None) -> Rows:
    """The rows after these events, a second apart."""
    rows = Rows()
    for position, event in enumerate(events, 1):
        at = START + timedelta(seconds=position)
        of_project = getattr(event, "project", None)
        recorded = Recorded(position, ID, "s-1", 1, at, actor, behalf, ID, ID, None, of_project, event)
        list(activity.touches(recorded))
        activity.apply(rows, recorded)
    return rows


def last(rows: Rows, position: int) -> dict[str, Any]:
    found = rows.find(activity_entry, position)
    assert found is not None
    return found | {"detail": orjson.loads(found["detail"])}


def registered(person: int, where: int = 1) -> Event:
    return people.PersonRegistered(
        person=person, handle=f"p{person}", role=people.OrganizationRole.MEMBER, organization=where
    )


def test_every_event_about_people_and_organizations_is_listed_or_left_out_on_purpose() -> None:
    shared = {doors.ActivityEvent, organization.OrganizationEvent}
    found = {
        kind
        for room in (people, organization, provisioning, sign_on, doors)
        for _, kind in inspect.getmembers(room, inspect.isclass)
        if issubclass(kind, Event) and kind.__module__ == room.__name__
    }
    assert found - shared == (ENTRIES.keys() & found) | NOT_LISTED


@pytest.mark.parametrize("event", [one for one in SAMPLES if type(one) in ENTRIES], ids=lambda one: one.type_name())
def test_whatever_is_listed_tells_no_secret_and_no_long_text(event: Event) -> None:
    told = last(fold(event), 1)["detail"]
    assert not {"digest", "label_config", "instructions", "address"} & told.keys()


def test_changed_settings_show_old_and_new_of_what_changed_and_nothing_else() -> None:
    changed = project.SettingsChanged(
        project=7, group="review", version=2, old={"order": "task", "seed": 1}, new={"order": "random", "seed": 1}
    )
    rows = fold(project.ProjectCreated(project=7, title="films", organization=2), changed, behalf=9)
    found = last(rows, 2)
    assert found["detail"] == {"group": "review", "old": {"order": "task"}, "new": {"order": "random"}}
    assert (found["organization"], found["person"], found["on_behalf_of"], found["project"]) == (2, 3, 9, 7)


def test_a_changed_role_shows_what_somebody_was_in_the_organization_they_belong_to() -> None:
    role = people.OrganizationRole
    rows = fold(
        registered(5, where=2), people.PersonRoleChanged(person=5, old=role.MEMBER, new=role.OWNER, custom_role="head")
    )
    found = last(rows, 2)
    assert (found["organization"], found["subject"]) == (2, 5)
    assert found["detail"] == {"old": "member", "new": "head", "source": "person"}


def test_a_permission_left_to_the_default_shows_that_it_was_given_before() -> None:
    rows = fold(organization.PermissionChanged(organization=2, role="manager", permission="export", old=True))
    assert last(rows, 1)["detail"] == {"role": "manager", "permission": "export", "old": True, "new": None}


def test_a_token_knows_its_organization_and_when_it_was_last_used_whoever_tells_that_first() -> None:
    used = doors.TokenUsed(organization=2, person=5, token=4, address="192.0.2.7")
    rows = fold(
        registered(5, where=2), people.TokenIssued(token=4, person=5, digest="d"), used, used,
        people.TokenRevoked(token=4, digest="d"),
    )  # fmt: skip
    row = rows.find(activity_token, 4)
    assert row is not None
    assert row["last_used"] == last(rows, 4)["at"]
    assert last(rows, 5)["organization"] == 2


def test_at_the_door_the_event_says_who_it_was_and_the_system_is_not_told_instead() -> None:
    denied = doors.AccessDenied(
        organization=2, person=5, on_behalf_of=6, address="192.0.2.7", method="GET", route="/v1/x", in_project=7,
        code="forbidden", count=3,
    )  # fmt: skip
    found = last(fold(denied, actor=0), 1)
    told = {name: found[name] for name in ("organization", "person", "on_behalf_of", "project", "address")}
    assert told == {"organization": 2, "person": 5, "on_behalf_of": 6, "project": 7, "address": "192.0.2.7"}
    assert found["detail"] == {"method": "GET", "route": "/v1/x", "code": "forbidden", "count": 3}


def test_who_makes_another_organization_is_not_told_there() -> None:
    assert last(fold(organization.OrganizationCreated(organization=4, name="others")), 1)["organization"] == 1


def test_where_a_command_came_from_is_kept_by_its_id_and_is_no_entry_of_its_own() -> None:
    rows = fold(doors.CommandLocated(organization=1, person=5, address="192.0.2.7", command=ID))
    assert rows.find(activity_entry, 1) is None
    place = rows.find(activity_place, str(ID))
    assert place is not None
    assert place["address"] == "192.0.2.7"
