"""Which projects a list shows to whom."""

from __future__ import annotations

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.people.state import Person
from annolog.domain.project.events import ProjectRole
from annolog.projections.access.queries import View

# Who has nothing to do in a project that is not published.
WAITING = (ProjectRole.ANNOTATOR.value, ProjectRole.REVIEWER.value)


def view_of(person: Person, *, archived: bool) -> View:
    """What somebody sees in a list of projects: all of the organization, or those they are a member of.

    Every role in a project sees it, so no question is left that a row could not answer.
    """
    if person.limits is not None and Permission.SEE_PROJECT not in person.limits:
        return View(0, person.id, everything=False, waiting_roles=WAITING, left_out=())
    left_out = [id for id, workspace in person.organization.workspaces.items() if workspace.archived and not archived]
    everything = may(Permission.SEE_PROJECT, person)
    return View(person.organization.id, person.id, everything, WAITING, left_out)
