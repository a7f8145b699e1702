"""A list of projects costs one query, whoever asks and however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from annolog.commands.command import Command
from annolog.commands.importing import ImportTasks
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import CreateProject, PublishProject
from annolog.commands.tokens import IssueToken
from annolog.commands.workspaces import AddWorkspaceMembers, ArchiveWorkspace, CreateWorkspace, NewWorkspaceMember
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import Installation, Part, digest_of
from annolog.infra.http.serve import running_server
from tests.world import LABEL_CONFIG, settings_in

PEOPLE = ("owner", "half", "annotator", "reviewer", "by workspace", "nobody")


@dataclass(frozen=True)
class Listed:
    """A server, the ids of a hundred projects, and which of them are where."""

    installation: Installation
    url: str
    projects: list[int]
    live: set[int]
    archived: set[int]
    workspaces: tuple[int, int]

    def ask(self, who: str, **params: Any) -> list[int]:
        headers = {"Authorization": f"Bearer {who}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=30) as client:
            answer = client.get("/v1/projects", params={"limit": 1000, **params})
        assert answer.status_code == 200, answer.text
        return [row["project"] for row in answer.json()["projects"]]


def fill(installation: Installation) -> tuple[list[int], tuple[int, int]]:
    """A hundred projects, every other of which is published; ten in a workspace and ten in one that is archived."""

    def run(command: Command) -> dict[str, Any]:
        return dict(installation.as_system(command).value)

    handles = [
        NewPerson(handle=name, role=OrganizationRole("owner" if name == "owner" else "member")) for name in PEOPLE
    ]
    people = {one["handle"]: one["person"] for one in run(RegisterPeople(people=handles))["people"]}
    for name, person in people.items():
        run(IssueToken(person=person, digest=digest_of(name)))
    live, archived = (run(CreateWorkspace(title=title))["workspace"] for title in ("live", "archived"))
    for workspace in (live, archived):
        member = NewWorkspaceMember(person=people["by workspace"], role=ProjectRole.MANAGER)
        run(AddWorkspaceMembers(workspace=workspace, members=[member]))
    projects = []
    for number in range(100):
        workspace = live if number < 10 else archived if number < 20 else None
        created = CreateProject(title=f"{number}", label_config=LABEL_CONFIG, workspace=workspace)
        projects.append(run(created)["project"])
        if number >= 50:
            roles = (
                ("half", ProjectRole.VIEWER),
                ("annotator", ProjectRole.ANNOTATOR),
                ("reviewer", ProjectRole.REVIEWER),
            )
            members = [NewMember(person=people[name], role=role) for name, role in roles]
            run(AddMembers(project=projects[-1], members=members))
        if number % 2:
            run(ImportTasks(project=projects[-1], tasks=[ImportedTask(data={"text": "x"})]))
            run(PublishProject(project=projects[-1]))
    run(ArchiveWorkspace(workspace=archived))
    return projects, (live, archived)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listed]:
    """Nothing runs by itself, so that whatever the databases are asked comes of the one request."""
    folder: Path = tmp_path_factory.mktemp("lists")
    with settings_in(folder) as settings:
        with Installation(settings) as installation:
            projects, workspaces = fill(installation)
            installation.settle(60)
        with (
            Installation(settings, parts={Part.API}) as installation,
            running_server(installation) as url,
        ):
            found = Listed(installation, url, projects, {*projects[:10]}, {*projects[10:20]}, workspaces)
            for who in PEOPLE:
                found.ask(who)
            yield found


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """What a database is asked through an engine, by whatever means: the driver itself tells of it."""
    seen: list[str] = []
    traced: list[Any] = []

    def trace(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(seen.append)
        traced.append(connection)

    event.listen(engine, "checkout", trace)
    try:
        yield seen
    finally:
        event.remove(engine, "checkout", trace)
        for connection in traced:
            connection.set_trace_callback(None)


def expected(listed: Listed, who: str, *, archived: bool) -> list[int]:
    """By hand, from how it was filled."""
    late, published = set(listed.projects[50:]), {*listed.projects[1::2]}
    of = {
        "owner": {*listed.projects},
        "half": late,
        "annotator": late & published,
        "reviewer": late & published,
        "by workspace": listed.live | listed.archived,
        "nobody": set(),
    }[who]
    return sorted(of if archived else of - listed.archived)


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("who", PEOPLE)
def test_a_list_of_a_hundred_projects_costs_one_query_and_nothing_of_the_log(
    listed: Listed, who: str, archived: bool
) -> None:
    installation = listed.installation
    with (
        statements_of(installation.read_engine) as asked,
        statements_of(installation.log_reader) as read,
        statements_of(installation.log_writer) as written,
    ):
        found = listed.ask(who, archived=archived)
    assert found == expected(listed, who, archived=archived)
    queries = [statement for statement in asked if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    assert len(queries) == 1
    assert "FROM access_project JOIN progress_project" in queries[0]
    # That nothing newer has come is asked now and then, whoever asks for what; of what happened nothing is read.
    assert [statement for statement in (*read, *written) if "body" in statement] == []


def test_a_list_can_be_of_one_workspace(listed: Listed) -> None:
    live, archived = listed.workspaces
    assert listed.ask("owner", workspace=live) == sorted(listed.live)
    assert listed.ask("owner", workspace=archived) == []
    assert listed.ask("owner", workspace=archived, archived=True) == sorted(listed.archived)
    assert listed.ask("half", workspace=live) == []
