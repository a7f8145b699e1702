"""Trying again what somebody else's lock kept from happening."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError

logger = logging.getLogger(__name__)

# What databases say of a lock that is not to be had, also when whoever has it waits for us.
NOT_TO_BE_HAD = ("lock timeout", "deadlock detected", "database is locked")

Found = TypeVar("Found")


def insist(step: Callable[[], Found], tries: int) -> Found:
    """Do something in transactions of its own, again while others have what it needs, but not for ever."""
    for _ in range(tries - 1):
        try:
            return step()
        except OperationalError as trouble:
            if not any(words in str(trouble.orig) for words in NOT_TO_BE_HAD):
                raise
            logger.warning("others keep the database busy; trying again", extra={"cause": str(trouble.orig)})
    return step()
