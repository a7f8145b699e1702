"""What may be asked about tokens: who one speaks for, for how long, and for how much of what they may."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from annolog.commands.command import Command, Decision, handles
from annolog.commands.people import colleague, recorded
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import IdKind
from annolog.domain.people import decisions
from annolog.domain.people.state import Token
from annolog.domain.refusals import Forbidden, NotFound


class IssueToken(Command):
    """Let a token speak for a person, for all they may or for `scopes` alone. The token itself never comes here, only
    its SHA-256.
    """

    person: int
    # Whoever asks again under the same id has made another token: it is the same wish.
    digest: str = Field(pattern="^[0-9a-f]{64}$", exclude=True)
    label: str = Field(default="", max_length=200)
    scopes: list[Permission] = Field(default_factory=list, max_length=len(Permission))
    expires_at: AwareDatetime | None = None


class RevokeToken(Command):
    """Let a token speak for nobody."""

    token: int


@handles(IssueToken)
def issue_token(command: IssueToken, scope: Scope) -> Decision:
    """For oneself, and for administrators. A token that is limited issues none that opens more than itself."""
    sender = scope.person
    if command.person == sender.id and not rights.may(Permission.ISSUE_TOKENS, sender):
        rights.require(Permission.ISSUE_OWN_TOKENS, sender)
        person = sender
    else:
        person = colleague(scope, command.person, Permission.ISSUE_TOKENS)
    rights.must_open_no_more(sender, set(command.scopes))
    known, number = scope.directory.tokens.get(command.digest), scope.id(IdKind.TOKEN)
    events = decisions.issue_token(
        person, number, command.digest, command.label, known, command.scopes, command.expires_at, scope.now
    )
    return recorded(events, token=number if known is None else known.id, person=person.id)


@handles(RevokeToken)
def revoke_token(command: RevokeToken, scope: Scope) -> Decision:
    """For oneself, and for administrators."""
    token = _token(command.token, scope)
    return recorded(decisions.revoke_token(token), token=command.token)


def _token(id: int, scope: Scope) -> Token:
    found = scope.directory.token(id)
    if found is not None and found.person == scope.person.id:
        limits = scope.person.limits
        if limits is not None and Permission.ISSUE_OWN_TOKENS not in limits:
            raise Forbidden("This token is not for tokens.")
        return found
    rights.require(Permission.ISSUE_TOKENS, scope.person)
    if found is None or scope.directory.colleague(scope.person, found.person) is None:
        raise NotFound(f"There is no token {id}.")
    colleague(scope, found.person, Permission.ISSUE_TOKENS)
    return found
