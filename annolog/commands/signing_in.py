"""What may be asked about passwords and sessions: what is kept of them is beside the log, never in it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime, Field, SecretStr

from annolog.commands.activity import told
from annolog.commands.command import Command, Decision, handles
from annolog.commands.people import colleague, recorded
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.activity.events import SignedOut, SignInMethod, SignOutCause
from annolog.domain.people.events import PasswordChanged, PasswordRemoved
from annolog.domain.people.sessions import Session
from annolog.domain.refusals import NotFound, Unauthenticated, WrongState


class ChangePassword(Command):
    """Have somebody sign in by another password. The password itself never comes here, only its hash."""

    person: int
    hash: SecretStr


class RehashPassword(Command):
    """Keep the same password by another hash, made as passwords are hashed now. Nothing happens that anybody sees."""

    remembered: ClassVar[bool] = False

    person: int
    hash: SecretStr


class RemovePassword(Command):
    """Have somebody sign in by a password no longer."""

    person: int


class BeginSession(Command):
    """Somebody showed who they are. Sent by the API, once it has seen that it is so."""

    remembered: ClassVar[bool] = False

    person: int
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    method: SignInMethod
    provider: str = ""
    provider_session: str = Field(default="", max_length=500)
    # What was not seen since the one, or began before the other, holds no longer and is forgotten.
    idle_since: AwareDatetime
    begun_before: AwareDatetime


class NoteSessions(Command):
    """When sessions were last used, by their digest. Sent by the API now and then."""

    remembered: ClassVar[bool] = False

    seen: dict[str, AwareDatetime]


class EndSession(Command):
    """Let a session speak for nobody. Sent by the API for whoever has it."""

    digest: str


class EndSessions(Command):
    """Let no session speak for somebody: for oneself, and for administrators."""

    person: int


@handles(ChangePassword)
def change_password(command: ChangePassword, scope: Scope) -> Decision:
    """For oneself by the API, which has asked for the old one or seen an invitation. Ends every session there is."""
    scope.must_be_system()
    person = scope.directory.person(command.person)
    if person is None:
        raise NotFound(f"There is no person {command.person}.")
    if person.service:
        raise WrongState("A service account has tokens, and no password.")
    scope.credentials.passwords[person.id] = command.hash.get_secret_value()
    scope.credentials.ended_of.add(person.id)
    return recorded([PasswordChanged(person=person.id)], person=person.id)


@handles(RehashPassword)
def rehash_password(command: RehashPassword, scope: Scope) -> Decision:
    """Sent by the API when somebody signs in."""
    scope.must_be_system()
    scope.credentials.passwords[command.person] = command.hash.get_secret_value()
    return Decision()


@handles(RemovePassword)
def remove_password(command: RemovePassword, scope: Scope) -> Decision:
    """For administrators, and for oneself where another way to come in is left."""
    person = colleague(scope, command.person, Permission.DEACTIVATE_PEOPLE)
    scope.credentials.passwords[person.id] = None
    scope.credentials.ended_of.add(person.id)
    return recorded([PasswordRemoved(person=person.id)], person=person.id)


@handles(BeginSession)
def begin_session(command: BeginSession, scope: Scope) -> Decision:
    """Who was deactivated between the question and this does not come in."""
    scope.must_be_system()
    person = scope.directory.person(command.person)
    if person is None or not person.is_active or person.service:
        raise Unauthenticated("Nobody comes in as this person.")
    session = Session(
        digest=command.digest,
        person=person.id,
        method=command.method,
        begun_at=scope.now,
        seen_at=scope.now,
        provider=command.provider,
        provider_session=command.provider_session,
    )
    scope.credentials.begun.append(session)
    scope.credentials.lapsed = (command.idle_since, command.begun_before)
    return Decision([], {"person": person.id})


@handles(NoteSessions)
def note_sessions(command: NoteSessions, scope: Scope) -> Decision:
    """A session that ended meanwhile stays ended."""
    scope.must_be_system()
    scope.credentials.seen.update(command.seen)
    return Decision()


@handles(EndSession)
def end_session(command: EndSession, scope: Scope) -> Decision:
    """Whoever has the session may end it."""
    scope.must_be_system()
    scope.credentials.ended.add(command.digest)
    return Decision()


@handles(EndSessions)
def end_sessions(command: EndSessions, scope: Scope) -> Decision:
    """What was lent or left open elsewhere ends."""
    if command.person != scope.person.id:
        colleague(scope, command.person, Permission.DEACTIVATE_PEOPLE)
    scope.credentials.ended_of.add(command.person)
    ended = SignedOut(organization=scope.organization, person=command.person, cause=SignOutCause.REVOKED)
    return Decision([told(scope, [ended])], {"person": command.person})
