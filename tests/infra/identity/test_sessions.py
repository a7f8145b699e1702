"""Whom a browser's session speaks for, and until when, with the time moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from annolog.commands.command import Answer, Request
from annolog.commands.people import DeactivatePerson, NewPerson, ReactivatePerson, RegisterPeople
from annolog.commands.signing_in import BeginSession, EndSession, EndSessions, NoteSessions
from annolog.domain.activity.events import SignInMethod
from annolog.domain.people.sessions import SessionRules
from annolog.domain.refusals import Unauthenticated
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.digests import digest_of
from annolog.infra.event_log import credentials
from annolog.infra.identity.sessions import Sessions
from annolog.infra.settings import InstallationSettings
from tests.world import MovableClock

IDLE, ABSOLUTE = timedelta(hours=1), timedelta(hours=10)


class Place:
    """An installation with Ada, and as many processes that look at it as are asked for."""

    def __init__(self, installation: Installation, clock: MovableClock) -> None:
        self.installation, self.clock = installation, clock
        registered = installation.as_system(RegisterPeople(people=[NewPerson(handle="ada")])).value
        self.ada: int = registered["people"][0]["person"]

    def process(self) -> Sessions:
        rules = SessionRules(IDLE, ABSOLUTE)
        return Sessions(self.installation.log_reader, self.installation.bus, self.clock, rules)

    def begun(self, sessions: Sessions) -> str:
        token, command = sessions.beginning(self.ada, SignInMethod.PASSWORD)
        self.installation.as_system(command)
        return token

    def noted(self) -> None:
        """Wait for what was sent before this."""
        self.installation.as_system(NoteSessions(seen={}))

    def kept(self, token: str) -> bool:
        with self.installation.log_reader.connect() as connection:
            return credentials.session(connection, digest_of(token)) is not None


@contextmanager
def place_in(folder: Path) -> Iterator[Place]:
    clock = MovableClock()
    settings = InstallationSettings(data_dir=folder)
    with Installation(settings, parts=NOTHING, clock=clock) as installation:
        yield Place(installation, clock)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as found:
        yield found


def test_a_session_is_found_by_every_process_and_no_other_token_is(place: Place) -> None:
    token = place.begun(place.process())
    found = place.process().find(token)
    assert found is not None
    assert (found.person, found.method) == (place.ada, SignInMethod.PASSWORD)
    assert place.process().find(token + "x") is None
    assert place.process().find(digest_of(token)) is None


def test_it_ends_when_it_was_not_used_for_so_long(place: Place) -> None:
    token = place.begun(place.process())
    place.clock.forward(IDLE.total_seconds() - 10)
    assert place.process().find(token) is not None
    place.noted()
    place.clock.forward(IDLE.total_seconds() - 10)
    assert place.process().find(token) is not None, "the use before was noted"
    place.noted()
    place.clock.forward(IDLE.total_seconds() + 1)
    assert place.process().find(token) is None


def test_it_ends_after_its_longest_time_however_much_it_is_used(place: Place) -> None:
    sessions = place.process()
    token = place.begun(sessions)
    for _ in range(19):
        place.clock.forward(ABSOLUTE.total_seconds() / 20)
        assert sessions.find(token) is not None
    place.clock.forward(ABSOLUTE.total_seconds() / 20)
    assert sessions.find(token) is None


def test_use_is_noted_once_a_minute_and_not_with_every_request(place: Place) -> None:
    told: list[NoteSessions] = []

    class Listening:
        def send(self, request: Request) -> Future[Answer]:
            assert isinstance(request.command, NoteSessions)
            told.append(request.command)
            return place.installation.bus.send(request)

    sessions = place.process()
    token = place.begun(sessions)
    sessions._bus = Listening()
    for _ in range(10):
        sessions.find(token)
    assert told == []
    place.clock.forward(61)
    for _ in range(10):
        sessions.find(token)
    assert len(told) == 1


def test_what_ended_is_known_here_at_once_and_elsewhere_after_a_moment(place: Place) -> None:
    here, elsewhere = place.process(), place.process()
    first, second = place.begun(here), place.begun(here)
    assert here.find(first)
    assert here.find(second)
    place.installation.as_system(EndSession(digest=digest_of(first)))
    here.forget(first)
    assert here.find(first) is None
    assert here.find(second) is not None
    assert elsewhere.find(first) is None
    place.installation.as_system(EndSessions(person=place.ada))
    here.forget_all_of(place.ada)
    assert here.find(second) is None


def test_noting_use_does_not_bring_back_what_ended(place: Place) -> None:
    token = place.begun(place.process())
    place.installation.as_system(EndSession(digest=digest_of(token)))
    place.installation.as_system(NoteSessions(seen={digest_of(token): place.clock()}))
    assert not place.kept(token)


def test_what_lapsed_is_forgotten_when_somebody_signs_in(place: Place) -> None:
    sessions = place.process()
    old = place.begun(sessions)
    place.clock.forward(IDLE.total_seconds() + 1)
    assert place.kept(old)
    new = place.begun(sessions)
    assert (place.kept(old), place.kept(new)) == (False, True)


def test_who_was_kept_out_comes_in_by_no_session_from_before(place: Place) -> None:
    place.installation.as_system(RegisterPeople(people=[NewPerson(handle="bob")]))
    token = place.begun(place.process())
    place.installation.as_system(DeactivatePerson(person=place.ada))
    assert place.process().find(token) is None
    with pytest.raises(Unauthenticated):
        place.begun(place.process())
    place.installation.as_system(ReactivatePerson(person=place.ada))
    assert place.process().find(token) is None
    assert place.process().find(place.begun(place.process())) is not None


def test_a_service_account_has_no_session(place: Place) -> None:
    program = RegisterPeople(people=[NewPerson(handle="robot", service=True)])
    person = place.installation.as_system(program).value["people"][0]["person"]
    _, command = place.process().beginning(person, SignInMethod.PASSWORD)
    assert isinstance(command, BeginSession)
    with pytest.raises(Unauthenticated):
        place.installation.as_system(command)


def test_sessions_live_on_after_a_restart(tmp_path: Path) -> None:
    with place_in(tmp_path) as before:
        token = before.begun(before.process())
    with place_in(tmp_path) as after:
        assert after.process().find(token) is not None
