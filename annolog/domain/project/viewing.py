"""What may be done with the views of a project's board.

Everybody who sees the board keeps views of their own. What all see is saved and removed by those who may configure the
project. Nothing here looks at labeling configs: views outlive every one of them.
"""

from __future__ import annotations

from annolog.domain.project.events import ProjectEvent, ViewRemoved, ViewSaved
from annolog.domain.project.state import Project
from annolog.domain.project.view import View
from annolog.domain.refusals import Fault, Forbidden, InvalidInput, NotFound, WrongState

LONGEST_NAME = 100
MOST_SHARED = 200
MOST_OWN = 100


def save(project: Project, wanted: ViewSaved, *, may_share: bool) -> list[ProjectEvent]:
    """Keep a view, new or changed, for its owner or for all. Saved as it is already, it is no news."""
    old = project.views.get(wanted.view)
    if old is not None:
        _must_be_changed_by(old, wanted.owner, may_share=may_share)
        # Whoever changes a shared view does not make it theirs unless they keep it for themselves.
        if old.saved == wanted.model_copy(update={"owner": old.saved.owner}):
            return []
    if wanted.shared:
        _must_share(may_share=may_share)
    wanted = wanted.model_copy(update={"name": _name(wanted.name)})
    beside = [view for view in project.views.values() if view.id != wanted.view and _side_by_side(view, wanted)]
    if any(view.saved.name.casefold() == wanted.name.casefold() for view in beside):
        raise _wrong_name("there is a view of this name already")
    most = MOST_SHARED if wanted.shared else MOST_OWN
    if len(beside) >= most:
        raise WrongState(f"There are at most {most} {'shared views' if wanted.shared else 'views of one person'}.")
    return [wanted]


def remove(project: Project, view: int, person: int, *, may_share: bool) -> list[ProjectEvent]:
    """Keep a view no longer."""
    _must_be_changed_by(found(project, view, person), person, may_share=may_share)
    return [ViewRemoved(project=project.id, view=view)]


def found(project: Project, view: int, person: int) -> View:
    """The view, if it is there for this person; of one that is somebody else's own nobody is told."""
    standing = project.views.get(view)
    if standing is None or not standing.is_listed_to(person):
        raise NotFound(f"Project {project.id} has no view {view}.")
    return standing


def listed(project: Project, person: int) -> list[View]:
    """What this person can choose from: shared ones first, each kind by name."""
    mine = [view for view in project.views.values() if view.is_listed_to(person)]
    return sorted(mine, key=lambda view: (not view.is_shared, view.saved.name.casefold(), view.id))


def _must_be_changed_by(view: View, person: int, *, may_share: bool) -> None:
    if not view.is_listed_to(person):
        raise NotFound(f"Project {view.saved.project} has no view {view.id}.")
    if view.is_shared:
        _must_share(may_share=may_share)


def _must_share(*, may_share: bool) -> None:
    if not may_share:
        raise Forbidden("Only who may configure the project changes views that all see.")


def _side_by_side(view: View, wanted: ViewSaved) -> bool:
    if wanted.shared:
        return view.is_shared
    return not view.is_shared and view.saved.owner == wanted.owner


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _wrong_name(f"must have 1 to {LONGEST_NAME} characters that can be seen")
    return name


def _wrong_name(message: str) -> InvalidInput:
    return InvalidInput(f"/name: {message}", faults=[Fault("/name", message)])
