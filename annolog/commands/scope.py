"""What a handler sees while it decides: states, the queue, the time, ids, and on whose behalf."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from annolog.commands.command import Request
from annolog.commands.known_by import KnownBy
from annolog.commands.meanwhile import Meanwhile
from annolog.commands.ports import AssignmentQueue, Credentials, Draft, ReviewQueue
from annolog.commands.profiles import Profiles
from annolog.commands.states import WorkingStates
from annolog.commands.vault import Vault
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import DIRECTORY_STREAM, IdKind, IdSource, project_stream, task_stream
from annolog.domain.organization.state import FIRST
from annolog.domain.people.decisions import organization_of
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Directory, Person
from annolog.domain.project.decisions import must_exist as project_must_exist
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden, NotFound, StaleVersion, Unauthenticated
from annolog.domain.task.state import Task

SYSTEM = Person(0, "system", OrganizationRole.OWNER)


@dataclass(slots=True)
class Scope:
    """One command's view of the world. Handlers change nothing through it; drafts, secrets, what people come in
    with and what they have read are the exception."""

    request: Request
    now: datetime
    ids: IdSource
    queue: AssignmentQueue
    states: WorkingStates
    meanwhile: Meanwhile
    reviews: ReviewQueue
    vault: Vault
    profiles: Profiles
    known_by: KnownBy
    drafts: list[Draft] = field(default_factory=list)
    finished_drafts: list[tuple[int, int]] = field(default_factory=list)
    # By webhook; None has it forgotten.
    webhook_secrets: dict[int, str | None] = field(default_factory=dict)
    # By person: up to which position they have read what they were told.
    read_marks: dict[int, int] = field(default_factory=dict)
    credentials: Credentials = field(default_factory=Credentials)
    to_private_addresses: bool = False
    _person_found: Person | None = None

    @property
    def directory(self) -> Directory:
        """Everybody there is, in all organizations."""
        found: Directory = self.states.get(DIRECTORY_STREAM).state
        return found

    @property
    def organization(self) -> int:
        """The organization that the command is about: the person's own. The system speaks in the first, unless told."""
        return self.person.organization.id

    @property
    def actor(self) -> Person:
        """Who sent the command."""
        return self._person(self.request.actor)

    @property
    def person(self) -> Person:
        """Who is meant to have done it: the person acted for, where the sender may act for others."""
        if self._person_found is None:
            self._person_found = self._find_person()
        return self._person_found

    def _find_person(self) -> Person:
        if self.request.on_behalf_of is None:
            return self.actor
        rights.require(Permission.ACT_FOR_OTHERS, self.actor)
        return rights.acted_for(self.directory, self.actor, self.request.on_behalf_of)

    @property
    def vouches(self) -> bool:
        """Whether somebody records what another did: elsewhere, and earlier, with a clock of its own to time it."""
        return self.request.on_behalf_of is not None

    def _person(self, id: int) -> Person:
        if id == SYSTEM.id:
            here = organization_of(self.directory, self.request.organization or FIRST)
            return replace(SYSTEM, organization=here)
        found = self.directory.person(id)
        if found is None or not found.is_active:
            raise Unauthenticated(f"There is no person {id}.")
        return found if self.request.limits is None else replace(found, limits=self.request.limits)

    def colleague(self, id: int) -> Person:
        """Somebody of the person's organization who is no more than themselves."""
        found = self.directory.colleague(self.person, id)
        if found is None:
            raise NotFound(f"There is no person {id}.")
        rights.must_be_no_more(self.person, found)
        return found

    def project(self, id: int, permission: Permission) -> Project:
        """The project, if it exists and the person may do this in it."""
        found: Project = self.states.get(project_stream(id)).state
        project_must_exist(found)
        rights.require(permission, self.person, found)
        return found

    def task(self, id: int, permission: Permission) -> tuple[Task, Project]:
        """The task and its project, if they exist, the person may do this, and the version is the expected one."""
        loaded = self.states.get(task_stream(id))
        task: Task = loaded.state
        try:
            project = self.project(task.project, permission)
        except NotFound:
            raise NotFound(f"There is no task {id}.") from None
        self.must_be_at(loaded.version)
        return task, project

    def may_annotate(self, person: int, project: Project) -> bool:
        """Whether this person, who need not be the one who asks, may work on tasks of a project."""
        return rights.may_annotate(self.directory.person(person), project)

    def in_hand(self, project: int) -> list[Task]:
        """The tasks of a project that the person holds a live reservation of, the one that ends first before others."""
        person = self.person.id
        ids = [*self.queue.leased(project, person, self.now), *self.meanwhile.reserved(project, person)]
        tasks: list[Task] = [self.states.get(task_stream(id)).state for id in dict.fromkeys(ids)]
        return [task for task in tasks if (lease := task.leases.get(person)) and lease.expires_at > self.now]

    def submitted(self, project: int) -> int:
        """How many annotations the person has in a project, deleted ones not counted."""
        person = self.person.id
        return self.queue.submitted(project, person) + self.meanwhile.submitted(project, person)

    def must_be_at(self, version: int) -> None:
        """Refuse a command that was decided on another version of the stream than the current one."""
        expected = self.request.expected_version
        if expected is not None and expected != version:
            raise StaleVersion(f"It is at version {version}, not {expected}.", facts={"version": version})

    def must_be_system(self) -> None:
        """Refuse everybody but the services that run by themselves."""
        if self.request.actor != SYSTEM.id:
            raise Forbidden("Only the system itself sends this.")

    def id(self, kind: IdKind) -> int:
        """A fresh id."""
        return self.ids.take(kind)
