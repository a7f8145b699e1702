"""Trying parked events again, of read models and of reactions."""

from __future__ import annotations

from annolog.domain.refusals import NotFound
from annolog.infra.composition import Installation
from annolog.infra.read_models import PROJECTORS
from annolog.infra.read_side import PREFIX
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
    """Reactions went past what the read model could not tell them then; what they asked for already changes nothing."""
    reactor, position = installation.reactor(), one.position - 1
    while batch := installation.log.of_place(one.place, position, TOGETHER):
        reactor.handle(batch, {})
        position = batch[-1].position


def _react_again(installation: Installation, one: Parked) -> bool:
    """What fails again is parked again by whoever reacts."""
    with installation.read_writer.begin() as connection:
        unpark(connection, one.reader, [one.position])
    reactor = installation.reactor()
    name = one.reader.removeprefix(PREFIX)
    reaction = next(reaction for reaction in reactor.reactions if reaction.name == name)
    events = [event for event in installation.log.after(one.position - 1, 1) if event.position == one.position]
    reactor.react(reaction, events)
    return not _is_parked(installation, one)


def _is_parked(installation: Installation, one: Parked) -> bool:
    with installation.read_engine.connect() as connection:
        return any(found.position == one.position for found in all_parked(connection, one.reader))
