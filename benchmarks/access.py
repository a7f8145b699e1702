"""What it costs to ask whether somebody may do something, however many people, workspaces and members there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.organization.events import OrganizationCreated, RoleDefined, WorkspaceCreated, WorkspaceMemberAdded
from annolog.domain.people.events import OrganizationRole, PersonRegistered, TokenIssued
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project.events import MemberAdded, MemberSource, ProjectCreated, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.infra.interpreter import tune
from benchmarks.measures import Figure, Stopwatch, percentile, show

PEOPLE, WORKSPACES, MEMBERS = 10_000, 500, 1_000
DIRECT, BY_WORKSPACE, CUSTOM, LIMITED, OWNER, STRANGER = 1, 2, 3, 4, 5, 6
TURNS, ROUNDS = 1_000, 50


def history() -> list[Event]:
    """Everybody there is, with a token each, and every workspace."""
    owner, member = OrganizationRole.OWNER, OrganizationRole.MEMBER
    events: list[Event] = [OrganizationCreated(organization=2, name="other")]
    for id in range(1, PEOPLE + 1):
        role = owner if id == OWNER else member
        events.append(PersonRegistered(person=id, handle=f"p{id}", role=role, organization=2 if id == STRANGER else 1))
        scopes = ["annotate", "see_project"] if id == LIMITED else []
        events.append(TokenIssued(token=id, person=id, digest=f"{id:064x}", scopes=scopes))
    like, may = ProjectRole.ANNOTATOR.value, ["annotate", "see_project", "comment"]
    events.append(RoleDefined(organization=1, name="own", like=like, permissions=may))
    events += [WorkspaceCreated(organization=1, workspace=id, title=f"w{id}") for id in range(1, WORKSPACES + 1)]
    inside = WorkspaceMemberAdded(organization=1, workspace=WORKSPACES, person=BY_WORKSPACE, role=ProjectRole.ANNOTATOR)
    return [*events, inside]


def project() -> Project:
    """One in the last of the workspaces, with very many members."""
    events: list[Event] = [ProjectCreated(project=1, title="p", workspace=WORKSPACES)]
    for person in range(1, MEMBERS + 1):
        custom = "own" if person == CUSTOM else ""
        source = MemberSource.WORKSPACE if person == BY_WORKSPACE else MemberSource.PROJECT
        if person not in (OWNER, STRANGER):
            role = ProjectRole.ANNOTATOR
            events.append(MemberAdded(project=1, person=person, role=role, custom_role=custom, source=source))
    return fold_project(Project(1), events)


def microseconds(work: Callable[[], object]) -> list[float]:
    """How long one call takes, by rounds of many."""
    found = []
    for _ in range(ROUNDS):
        started = perf_counter()
        for _ in range(TURNS):
            work()
        found.append((perf_counter() - started) / TURNS * 1e6)
    return found


def person_of(directory: Directory, id: int) -> Person:
    """Somebody, as the token they come with lets them in."""
    found = directory.by_token(f"{id:064x}", NOON)
    assert found is not None
    return found


def main() -> None:
    """Print it."""
    tune()
    events = history()
    watch = Stopwatch()
    directory = fold(Directory(), events)
    folding = watch.seconds
    held = project()
    baseline = microseconds(lambda: PEOPLE in held.members)
    figures = [Figure("baseline: one look into a dictionary", percentile(baseline, 0.5), "us")]
    for name, id, expected in ASKED:
        somebody = person_of(directory, id)
        assert rights.may(Permission.ANNOTATE, somebody, held) is expected
        times = microseconds(lambda asks=somebody: rights.may(Permission.ANNOTATE, asks, held))  # type: ignore[misc]
        figures.append(_figure(f"may {name}", times))
    figures += [
        _figure(f"directory.person, {PEOPLE:,} people", microseconds(lambda: directory.person(DIRECT))),
        _figure("whom a token speaks for", microseconds(lambda: directory.by_token(f"{LIMITED:064x}", NOON))),
        Figure(f"{len(events):,} events of everybody folded", folding * 1e3, "ms"),
    ]
    title = f"Access, {PEOPLE:,} people, {WORKSPACES} workspaces, {MEMBERS:,} members"
    show(title, "python -m benchmarks access", figures)


def _figure(name: str, times: list[float]) -> Figure:
    return Figure(name, percentile(times, 0.5), "us", "< 20", f"slowest round {max(times):.2f}")


NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ASKED = (
    ("as a member", DIRECT, True),
    ("by the workspace", BY_WORKSPACE, True),
    ("by a role of the organization's own", CUSTOM, True),
    ("with a limited token", LIMITED, True),
    ("as an owner", OWNER, True),
    ("not, of another organization", STRANGER, False),
)


if __name__ == "__main__":
    main()
