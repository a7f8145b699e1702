"""How long somebody stays signed in, and what a password is good enough to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from annolog.domain.activity.events import SignInMethod
from annolog.domain.refusals import Fault, InvalidInput

# By length alone, as NIST SP 800-63B has it: no rules of composition, no expiry.
SHORTEST, LONGEST = 12, 256
FEWEST_CHARACTERS = 5


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts while nothing is asked with it, and how long at most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in. Of what they came with only a digest is known."""

    digest: str
    person: int
    method: SignInMethod
    begun_at: datetime
    seen_at: datetime
    provider: str = ""
    provider_session: str = ""

    def holds(self, now: datetime, rules: SessionRules) -> bool:
        """Whether it speaks for the person still."""
        return now < min(self.seen_at + rules.idle, self.begun_at + rules.absolute)


def must_be_good(password: str, handle: str) -> None:
    """Refuse a password that others would find soon."""
    message = None
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"has between {SHORTEST} and {LONGEST} characters"
    elif len(set(password)) < FEWEST_CHARACTERS:
        message = f"has at least {FEWEST_CHARACTERS} different characters"
    elif handle and handle.casefold() in password.casefold() and len(password) < len(handle) + SHORTEST:
        message = "is more than the handle with something beside it"
    if message is not None:
        raise InvalidInput(f"/password: {message}", faults=[Fault("/password", message)])
