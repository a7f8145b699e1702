"""Trying parked events again, of read models and of reactions."""

from __future__ import annotations

from annolog.domain.refusals import NotFound
from annolog.infra.composition import Installation
from annolog.infra.read_models import PROJECTORS
from annolog.infra.read_side import PREFIX
from annolog.projections.engine import bookmarks
from annolog.projections.engine.parking import Parked, all_parked, unpark
from annolog.projections.engine.retrying import retry

TOGETHER = 500


def retry_parked(installation: Installation, one: Parked) -> bool:
    """Try one parked event again; whether it is dealt with, and everything that waited for it."""
    if one.reader.startswith(PREFIX):
        return _react_again(installation, one)
    projector = next((projector for projector in PROJECTORS if projector.name == one.reader), None)
    if projector is None:
        raise NotFound(f"There is no read model {one.reader!r} here; another version of Annolog has parked this.")
    done = retry(installation.log, installation.read_writer, projector, one.position)
    if done:
        _tell_reactions(installation, one)
    return done


def _tell_reactions(installation: Installation, one: Parked) -> None:
    """Reactions went past what the read model could not tell them then; what they asked for already changes nothing.

    What some read model has not seen yet they meet by themselves, once all have.
    """
    reactor, position = installation.reactor(), one.position - 1
    while batch := installation.log.of_place(one.place, position, TOGETHER):
        end = _seen_by_all(installation, batch[0].project)
        seen = [recorded for recorded in batch if recorded.position <= end]
        if not seen:
            return
        reactor.handle(seen, {})
        position = seen[-1].position


def _seen_by_all(installation: Installation, project: int | None) -> int:
    """The position up to which every read model has a project's events."""
    with installation.read_engine.connect() as connection:
        known = bookmarks.read(connection, [projector.name for projector in PROJECTORS])
    return min(bookmarks.position_of(known.get(projector.name, {}), project) for projector in PROJECTORS)


def _react_again(installation: Installation, one: Parked) -> bool:
    """What fails again is parked again by whoever reacts, and whatever else goes wrong leaves it parked."""
    reactor = installation.reactor()
    name = one.reader.removeprefix(PREFIX)
    reaction = next((reaction for reaction in reactor.reactions if reaction.name == name), None)
    if reaction is None:
        raise NotFound(f"There is no reaction {name!r} here; another version of Annolog has parked this.")
    [recorded] = installation.log.after(one.position - 1, 1)
    reactor.react(reaction, [recorded])
    with installation.read_writer.begin() as connection:
        unpark(connection, one)
    return not _is_parked(installation, one)


def _is_parked(installation: Installation, one: Parked) -> bool:
    with installation.read_engine.connect() as connection:
        return any(found.position == one.position for found in all_parked(connection, one.reader))
