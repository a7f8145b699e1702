"""What is recorded of people's activity: it is never refused for what somebody did, only for being nobody's."""

from __future__ import annotations

from annolog.domain.activity.events import AccessDenied, Activity, DataExported
from annolog.domain.people.state import Directory
from annolog.domain.refusals import NotFound


def record(directory: Directory, activity: Activity) -> list[Activity]:
    """Record an activity in the organization that its person belongs to. The system itself has id 0 in every one."""
    organization = activity.organization
    if organization is not None and organization not in directory.organizations:
        raise NotFound(f"There is no organization {organization}.")
    named = [activity.person]
    if isinstance(activity, AccessDenied | DataExported):
        named.append(activity.on_behalf_of)
    for person in named:
        if person and not _belongs(directory, person, organization):
            raise NotFound(f"There is no person {person} in organization {organization}.")
    return [activity]


def _belongs(directory: Directory, person: int, organization: int | None) -> bool:
    found = directory.person(person)
    return found is not None and found.organization.id == organization
