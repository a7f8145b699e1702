"""Why a rule says no: one taxonomy, rendered once for HTTP, the command line and pages.

`code` is the contract for programs, `status` its face over HTTP, the message is for people, `faults` name the fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one field. `pointer` is a JSON Pointer (RFC 6901) into what was sent."""

    pointer: str
    message: str


class Refused(Exception):
    """A rule said no, and nothing was written. Every refusal of the system is a subclass; anything else is a defect.

    `facts` are further members for programs, such as the time until which somebody is paused.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    summary: ClassVar[str]

    def __init__(self, detail: str, *, faults: Sequence[Fault] = (), facts: Mapping[str, object] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.facts = dict(facts or {})


class SlotTaken(Refused):
    """The task has as many people as its overlap asks for. The work is worth keeping as a draft."""

    code = "slot-taken"
    summary = "The task already has all the people it needs"


class LeaseLost(Refused):
    """The reservation expired or was revoked and the slot went to somebody else. The work is kept as a draft."""

    code = "lease-lost"
    summary = "The reservation is no longer held"


class AlreadyAnnotated(Refused):
    """This person has answered this task before; the way on is to revise that annotation."""

    code = "already-annotated"
    summary = "The task was already annotated by this person"


class NotAssigned(Refused):
    """The task is not this person's to work on."""

    code = "not-assigned"
    status = 403
    summary = "The task is not assigned to this person"


class OwnWork(Refused):
    """Nobody reviews an annotation they wrote."""

    code = "own-work"
    status = 403
    summary = "Nobody reviews their own work"


class NotPublished(Refused):
    """Annotators and reviewers wait until the project is published."""

    code = "not-published"
    summary = "The project is not published"


class Paused(Refused):
    """The person may not work in this project for now; the detail says why and until when."""

    code = "paused"
    status = 403
    summary = "The person is paused in this project"


class NoWork(Refused):
    """There is nothing to hand out to this person; the detail says why in words."""

    code = "no-work"
    status = 404
    summary = "There is no task for this person"


class SkipRefused(Refused):
    """The task, or the project, does not allow skipping, or asks for a comment with it."""

    code = "skip-refused"
    summary = "The task may not be skipped this way"


class UnknownLabel(Refused):
    """A result uses a label that the labeling config does not have."""

    code = "unknown-label"
    status = 422
    summary = "A label is not in the labeling config"


class InvalidResult(Refused):
    """A result item does not fit the labeling config; `faults` name item and field."""

    code = "invalid-result"
    status = 422
    summary = "The annotation result does not fit the labeling config"


class InvalidLabelingConfig(Refused):
    """The labeling config is not XML that can be used: malformed, unsafe, or naming tags that do not exist."""

    code = "invalid-labeling-config"
    status = 422
    summary = "The labeling config cannot be used"


class InvalidInput(Refused):
    """What was sent has the wrong shape; `faults` name the fields."""

    code = "invalid-input"
    status = 422
    summary = "The request has a field of the wrong shape"


class Malformed(Refused):
    """What was sent cannot be read at all."""

    code = "malformed"
    status = 400
    summary = "The request body cannot be read"


class StaleVersion(Refused):
    """The caller decided on an older state than the current one."""

    code = "stale-version"
    status = 412
    summary = "The resource has changed since it was read"


class KeyReused(Refused):
    """The idempotency key came before with another payload."""

    code = "key-reused"
    status = 422
    summary = "The idempotency key was used for a different request"


class InfeasibleSettings(Refused):
    """The settings ask for more people than the project has."""

    code = "infeasible-settings"
    status = 422
    summary = "The project has too few people for these settings"


class WrongState(Refused):
    """The thing is not in a state in which this can be asked of it, such as reviewing a deleted annotation."""

    code = "wrong-state"
    summary = "The current state does not allow this"


class NotUnique(Refused):
    """Another one has the name already that was to be the only one."""

    code = "not-unique"
    summary = "The name is taken"


class Archived(Refused):
    """It is in an archived workspace: it can be looked at, and nothing in it changes until the workspace is
    unarchived.
    """

    code = "archived"
    summary = "The workspace is archived"


class InvitationEnded(Refused):
    """The link was used, taken back, has expired or never was one."""

    code = "invitation-ended"
    status = 410
    summary = "The invitation lets nobody in"


class Unauthenticated(Refused):
    """No token, or one that is not known."""

    code = "unauthenticated"
    status = 401
    summary = "A valid token is needed"


class SignInRefused(Refused):
    """A provider did not let somebody in, or what it says cannot be trusted; the detail says why, and never a token."""

    code = "sign-in-refused"
    status = 401
    summary = "The sign-in did not succeed"


class Forbidden(Refused):
    """The role of this person does not allow this."""

    code = "forbidden"
    status = 403
    summary = "The role does not allow this"


class ForeignOrigin(Refused):
    """A browser sent this with somebody's session, but a page of another origin made it do so."""

    code = "foreign-origin"
    status = 403
    summary = "The request was made by a page of another origin"


class NotFound(Refused):
    """There is no such thing, or none that this person may know of: it never tells which."""

    code = "not-found"
    status = 404
    summary = "There is no such resource"


class TooLarge(Refused):
    """More was sent than is taken at once."""

    code = "too-large"
    status = 413
    summary = "The request is too large"


class TooSlow(Refused):
    """The body came so slowly that nobody waits for the rest of it."""

    code = "too-slow"
    status = 408
    summary = "The request takes too long to arrive"


class TooManyRequests(Refused):
    """A token or an address asks more often than it may; `facts` hold `retry_after` in seconds."""

    code = "too-many-requests"
    status = 429
    summary = "Too many requests in a short time"


class Overloaded(Refused):
    """More was asked than can be done in time; `facts` hold `retry_after` in seconds."""

    code = "overloaded"
    status = 503
    summary = "The server is overloaded"


class Behind(Refused):
    """A read model has not reached the position asked for within the time allowed."""

    code = "behind"
    status = 503
    summary = "The read model is behind the position asked for"


class Unavailable(Refused):
    """A database cannot be reached. What was asked may have been done: sent again with the same key it is done once."""

    code = "unavailable"
    status = 503
    summary = "A part of the system cannot be reached"


class Superseded(Unavailable):
    """This process is of an older version than what it would have to write; others of the newer one go on."""

    code = "superseded"
    status = 503
    summary = "The process is of an older version than the data"
