"""Every room of commands, imported so that their handlers are registered: add a new room here."""

from annolog.commands import (
    annotating,
    commenting,
    consensus,
    defining,
    distributing,
    drift,
    importing,
    interacting,
    notifying,
    people,
    personal,
    projects,
    review_stream,
    reviewing,
    routing,
    rules,
    second_review,
    subscribing,
    working,
)
from annolog.commands.command import HANDLERS

ROOMS = (
    annotating,
    commenting,
    consensus,
    defining,
    distributing,
    drift,
    importing,
    interacting,
    notifying,
    people,
    personal,
    projects,
    review_stream,
    reviewing,
    routing,
    rules,
    second_review,
    subscribing,
    working,
)

__all__ = ["HANDLERS", "ROOMS"]
