"""Somebody is erased: their name is nowhere, byte for byte, and what they did goes on under their pseudonym."""

from __future__ import annotations

import logging
import os
import shutil
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from time import time
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from annolog.commands.people import RegisterPeople
from annolog.commands.personal import ErasePerson
from annolog.commands.signing_on import RecognizePerson
from annolog.domain.ids import DIRECTORY_STREAM
from annolog.domain.sign_on.admission import Admits
from annolog.infra.composition import Installation, scratch_engine
from annolog.infra.http.serve import running_server
from annolog.infra.personal.certificate import digest_of
from annolog.infra.personal.showing import named
from annolog.infra.read_models import ALL_PROJECTORS
from tests import servers
from tests.infra.http.conftest import BACKENDS, LIMITS, Api
from tests.world import Backend, settings_in

NAMES = ("Zephyrine Quillfeather", "Zephyrine Q. Featherstonehaugh", "Wilhelmina Featherstonehaugh")
EMAILS = ("zephyrine@quillfeather.example", "z.q@featherstonehaugh.example", "mina@featherstonehaugh.example")
# What identity providers say: over SCIM, and when somebody signs in.
PROFILE = {
    "userName": "peregrinette.thistlewood@corp.example",
    "externalId": "00u-thistlewood-7731-ext",
    "name": {"givenName": "Peregrinette Ottoline", "familyName": "Thistlewood-Oakenshaw"},
}
PROFILED = (PROFILE["userName"], PROFILE["externalId"], *PROFILE["name"].values())
SUBJECT = "sso|marchbanks-5f2c9e|staff"
RECOGNIZED = (SUBJECT, "Araminta Marchbanks-Lovelace", "araminta@marchbanks.example")
# Where somebody used a token, and was refused something.
ADDRESSES = ("203.0.113.214", "2001:db8:5ca1:ab1e:7:c0de:f00d:1234")
PERSONAL = (*NAMES, *EMAILS, *PROFILED, *RECOGNIZED, *ADDRESSES)
MASTER = b64encode(bytes(range(32))).decode()


def forms(value: str) -> Iterator[bytes]:
    """A value in every dress in which it could be lying about."""
    plain = value.encode()
    yield from (plain, plain.hex().encode(), plain.hex().upper().encode())
    yield from (value.encode("utf-16-le"), value.encode("utf-16-be"), plain.lower(), plain.upper())
    for before in range(3):
        # In base64 it looks different by where it begins; what is next to it colours the first and the last letters.
        yield b64encode(b"\0" * before + plain)[4:-4]


WORDS = sorted({form for value in PERSONAL for form in forms(value)})


# Servers set aside large files of nothing. One zero of each stays, since values may end in one.
NOTHING = bytes(4096)


def found_in(files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    written = {name: content.replace(NOTHING, b"\0") for name, content in files.items()}
    return [(name, word) for name, content in written.items() for word in WORDS if word in content]


@pytest.mark.parametrize("value", PERSONAL)
def test_the_search_finds_a_value_in_every_dress(value: str) -> None:
    dressed = [
        f"x{value}y".encode(),
        f"x{value}y".encode().hex().encode(),
        f"x{value}y".encode("utf-16-le"),
        *(bytes(8192) + value.encode(encoding) + bytes(8192) for encoding in ("utf-16-le", "utf-16-be")),
        *(b64encode(b"abcd"[:begin] + value.encode() + b"xyz") for begin in range(4)),
    ]
    for number, content in enumerate(dressed):
        assert found_in({str(number): content})
    assert not found_in({"other": b"Zephyrine"})


# Whoever asks says where from.
BEHIND_A_PROXY = {"trusted_proxies": (ip_network("127.0.0.1/32"),)}


def _written(folder: Path, since: float) -> dict[str, bytes]:
    """What was written below a folder of a server that others use as well: databases of theirs go while one looks."""
    found: dict[str, bytes] = {}
    # Goes on where a folder is gone, which a glob does not.
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place, name)
            with suppress(FileNotFoundError):
                if file.is_file() and file.stat().st_mtime >= since:
                    found[str(file)] = file.read_bytes()
    return found


class Place(Api):
    """An installation with a server, and every byte that it keeps anywhere."""

    folder: Path
    backend: Backend
    began: float

    def kept(self) -> dict[str, bytes]:
        files = {str(file): file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        assert self.backend is not Backend.EMBEDDED or {"log.db", "read.db", "keys.db"} <= {Path(f).name for f in files}
        if self.backend is Backend.SCALED_OUT:
            servers.postgresql().run("CHECKPOINT")
            folders = (servers.postgresql().data, servers.kafka().folder)
            for folder in folders:
                found = _written(folder, self.began)
                assert any(b"AnnotationSubmitted" in content for content in found.values()), "what was done is there"
                files |= found
        return files

    def figures(self, project: int) -> list[dict[str, Any]]:
        """What is known of everybody's work, without how far behind it is."""
        self.installation.settle(30)
        asked = (
            f"/v1/projects/{project}/dashboard?by=person",
            f"/v1/projects/{project}/progress",
            f"/v1/projects/{project}/agreement",
            f"/v1/projects/{project}/annotators",
        )
        return [self.done("GET", path) for path in asked]


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    backend: Backend = request.param
    # A second earlier: clocks of file systems are coarse.
    began = time() - 1
    with settings_in(tmp_path / "data", backend) as settings:
        # In PostgreSQL old rows outlive their table in its own log, so there keys are wrapped.
        wrapped = {"master_key": SecretStr(MASTER)} if backend is Backend.SCALED_OUT else {}
        with (
            Installation(settings.model_copy(update={**LIMITS, **wrapped, **BEHIND_A_PROXY})) as installation,
            running_server(installation) as url,
        ):
            found = Place(url, installation)
            found.folder, found.backend, found.began = tmp_path, backend, began
            yield found
            found.client.close()


def lived(place: Place) -> tuple[int, int, int]:
    """Somebody is registered by name, works, is renamed twice, talks and is talked about: project, they, another."""
    body = {"people": [{"handle": "ann", "name": NAMES[0], "email": EMAILS[0]}]}
    ann = place.done("POST", "/v1/people", json=body, headers={"Idempotency-Key": "first"})["people"][0]["person"]
    project, (_, bob, rev) = place.set_up(tasks=3, assignment={"overlap": 2})
    for task in (1, 2):
        place.submit(task, ann)
        place.submit(task, bob, "B" if task == 2 else "A")
    for name, email in zip(NAMES[1:], EMAILS[1:], strict=True):
        place.done("PUT", f"/v1/people/{ann}", ann, json={"name": name, "email": email})
    place.done("POST", "/v1/tasks/1/comments", bob, json={"text": "see?", "mentions": [ann]})
    place.done("POST", "/v1/tasks/1/comments", ann, json={"text": "yes"})
    place.ask("POST", "/v1/tasks/1/annotations/1/reviews", rev, json={"verdict": "accepted"})
    place.done("POST", "/v1/tasks/3/reservation", ann)
    place.installation.settle(30)
    return project, ann, bob


def provisioned(place: Place) -> int:
    """Somebody is known by what an identity provider says of them over SCIM."""
    said = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], **PROFILE}
    return int(place.done("POST", "/scim/v2/Users", json=said)["id"])


def shown_over_scim(place: Place, person: int) -> httpx.Response:
    return place.ask("GET", f"/scim/v2/Users/{person}")


def recognize(place: Place) -> int:
    """Whoever the provider names so, who is let in."""
    subject, name, email = map(SecretStr, RECOGNIZED)
    command = RecognizePerson(
        provider="acme", organization=1, admits=Admits.EVERYBODY, subject=subject, name=name, email=email
    )
    person: int = place.installation.as_system(command).value["person"]
    return person


def recognized(place: Place) -> int:
    """Somebody came by a provider, uses a token in one place, and is refused something in another."""
    person = recognize(place)
    secret = place.done("POST", f"/v1/people/{person}/tokens", json={})["secret"]
    theirs = {"Authorization": f"Bearer {secret}"}
    for address, path, status in zip(ADDRESSES, ("/v1/me", "/v1/people"), (200, 403), strict=True):
        found = place.client.get(path, headers={**theirs, "X-Forwarded-For": address})
        assert found.status_code == status
    return person


def addresses(place: Place, person: int) -> set[str]:
    """Where the activity log says that somebody was. Nobody waits for what it records, but a command comes after it."""
    place.installation.as_system(RegisterPeople(people=[]))
    place.installation.settle(30)
    found = place.done("GET", f"/v1/activity?person={person}")["activity"]
    return {entry["address"] for entry in found}


def exports(place: Place, project: int) -> dict[str, bytes]:
    paths = [
        f"/v1/projects/{project}/export",
        f"/v1/projects/{project}/export?people=pseudonyms",
        f"/v1/projects/{project}/comments?format=csv",
        "/v1/events?limit=1000",
        "/v1/tasks/1/history",
    ]
    return {path: place.ask("GET", path).content for path in paths}


def test_no_byte_of_what_is_personal_is_anywhere_and_after_the_erasure_not_the_keys_either(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    project, ann, _ = lived(place)
    erased = [ann, provisioned(place), recognized(place)]
    keys = place.installation.vault._keys(erased)
    before = {row["person"]: row for row in place.done("GET", "/v1/people")["people"]}
    assert before[ann]["name"] == NAMES[2]
    assert PROFILE.items() <= shown_over_scim(place, erased[1]).json().items()
    assert recognize(place) == erased[2]
    assert set(ADDRESSES) <= addresses(place, erased[2])
    # Already before: what is kept anywhere is sealed.
    assert found_in({**place.kept(), **exports(place, project), "log lines": caplog.text.encode()}) == []
    if place.backend is Backend.EMBEDDED:
        assert all(any(key in content for content in place.kept().values()) for key in keys.values())
    for person in erased:
        place.done("POST", f"/v1/people/{person}/erase", json={"handle": before[person]["handle"]})
    place.installation.settle(30)
    files = place.kept()
    told = {path: place.ask("GET", path).content for path in ("/v1/activity?limit=1000", "/scim/v2/Users")}
    assert found_in({**files, **exports(place, project), **told, "log lines": caplog.text.encode()}) == []
    assert [name for name, content in files.items() for key in keys.values() if key in content] == []
    after = {row["person"]: row for row in place.done("GET", "/v1/people")["people"]}
    as_it_was = {"role": "member", "custom_role": None, "standing": "erased", "service": False}
    for person in erased:
        nobody = {"person": person, "handle": before[person]["handle"], **as_it_was, "erased": True}
        assert after[person] == {**nobody, "name": None, "email": None}
    assert addresses(place, erased[2]) == {""}
    # The provider may name them again: that is somebody new.
    assert shown_over_scim(place, erased[1]).status_code == 404
    assert recognize(place) not in before


def test_what_they_did_goes_on_under_their_pseudonym_and_all_of_it_still_adds_up(place: Place) -> None:
    project, ann, _ = lived(place)
    before, history = place.figures(project), place.done("GET", "/v1/tasks/1/history")
    place.done("POST", f"/v1/people/{ann}/erase", json={"handle": "ann"})
    assert place.figures(project) == before
    assert place.done("GET", "/v1/tasks/1/history") == history
    lines = [orjson.loads(line) for line in place.ask("GET", f"/v1/projects/{project}/export").content.splitlines()]
    assert [line["annotations"][0]["completed_by"] for line in lines[:2]] == [ann, ann]
    for projector in ALL_PROJECTORS:
        scratch = scratch_engine(place.folder)
        assert place.installation.verify(projector, scratch) == []
        scratch.dispose()


def test_whoever_is_erased_is_out_at_once(place: Place) -> None:
    project, ann, bob = lived(place)
    secret = place.done("POST", f"/v1/people/{ann}/tokens", json={})["secret"]
    theirs = {"Authorization": f"Bearer {secret}"}
    assert place.client.get("/v1/me", headers=theirs).status_code == 200
    place.done("POST", f"/v1/people/{ann}/erase", json={"handle": "ann"})
    assert place.client.get("/v1/me", headers=theirs).status_code == 401
    assert place.ask("GET", "/v1/me", ann).status_code == 404
    place.installation.settle(30)
    states = place.installation.states
    assert ann not in states.project(project).members
    assert ann not in states.task(3).leases
    assert place.ask("POST", f"/v1/people/{ann}/tokens", json={}).json()["code"] == "wrong-state"
    members = {"members": [{"person": ann, "role": "annotator"}, {"person": bob, "role": "annotator"}]}
    assert place.ask("POST", f"/v1/projects/{project}/members", json=members).json()["code"] == "wrong-state"
    refused = place.ask("PUT", f"/v1/people/{ann}", json={"name": "back"})
    assert refused.json()["code"] == "wrong-state"


def test_what_waits_for_an_administrator_who_is_no_member_goes_as_well(place: Place) -> None:
    project, _, _ = lived(place)
    body = {"people": [{"handle": "adm", "role": "administrator"}]}
    administrator = place.done("POST", "/v1/people", json=body)["people"][0]["person"]
    place.done("POST", "/v1/tasks/3/reservation", administrator)
    assert administrator in place.installation.states.task(3).leases
    place.done("POST", f"/v1/people/{administrator}/erase", json={"handle": "adm"})
    place.installation.settle(30)
    assert administrator not in place.installation.states.task(3).leases
    assert place.installation.states.project(project).members


def test_the_certificate_says_what_was_destroyed_and_can_be_checked_against_the_log(place: Place) -> None:
    _, ann, _ = lived(place)
    place.done("POST", f"/v1/people/{ann}/tokens", json={})
    assert place.ask("GET", f"/v1/people/{ann}/erasure").status_code == 404
    owner = place.done("GET", "/v1/me")["person"]
    certificate = place.done("POST", f"/v1/people/{ann}/erase", json={"handle": "ann"})
    position = certificate.pop("position")
    assert (certificate["person"], certificate["pseudonym"], certificate["erased_by"]) == (ann, "ann", owner)
    assert certificate["destroyed"] == {"revisions": 3, "values": 6, "tokens": 1}
    assert certificate["key_destroyed_at"] is not None
    assert certificate["event_position"] <= position
    log = place.installation.log
    [event] = log.after(certificate["event_position"] - 1, 1)
    assert (str(event.id), event.type) == (certificate["event"], "PersonErased")
    stored = log.recorder.select_events(DIRECTORY_STREAM, lte=event.version)
    assert certificate["digest"] == digest_of(stored) != digest_of(stored[:-1])
    # Also when much has happened since, and when it is asked for once more.
    place.done("POST", "/v1/people", json={"people": [{"handle": "late"}]})
    assert place.done("GET", f"/v1/people/{ann}/erasure") == certificate
    again = place.done("POST", f"/v1/people/{ann}/erase", json={"handle": "ann"})
    assert {name: value for name, value in again.items() if name != "position"} == certificate


def test_an_export_with_pseudonyms_tells_people_apart_and_nobody_who_they_are(place: Place) -> None:
    project, ann, bob = lived(place)
    plain = place.ask("GET", f"/v1/projects/{project}/export").content.splitlines()
    veiled = place.ask("GET", f"/v1/projects/{project}/export?people=pseudonyms").content
    assert veiled == place.ask("GET", f"/v1/projects/{project}/export?people=pseudonyms").content
    instead = {}
    for one, other in zip(map(orjson.loads, plain), map(orjson.loads, veiled.splitlines()), strict=True):
        assert other["data"] == one["data"]
        for said, shown in zip(one["annotations"], other["annotations"], strict=True):
            assert (shown["id"], shown["result"]) == (said["id"], said["result"])
            instead.setdefault(said["completed_by"], set()).add(shown["completed_by"])
            for review, hidden in zip(said["reviews"], shown["reviews"], strict=True):
                instead.setdefault(review["created_by"], set()).add(hidden["created_by"])
    assert {ann, bob} < set(instead)
    assert all(len(pseudonyms) == 1 for pseudonyms in instead.values())
    assert len(set.union(*instead.values())) == len(instead)
    assert not set.union(*instead.values()) & set(instead)
    comments = place.done("GET", f"/v1/projects/{project}/comments?people=pseudonyms")["comments"]
    assert [comment["author"] for comment in comments] == [min(instead[bob]), min(instead[ann])]
    assert comments[0]["mentions"] == [min(instead[ann])]
    csv = place.ask("GET", f"/v1/projects/{project}/comments?people=pseudonyms&format=csv").text
    assert str(min(instead[ann])) in csv
    assert place.ask("GET", f"/v1/projects/{project}/export?people=nobody").status_code == 422


def test_the_same_person_has_another_pseudonym_in_another_project(place: Place) -> None:
    project, ann, _ = lived(place)
    vault = place.installation.vault
    assert vault.pseudonyms(project)(ann) != vault.pseudonyms(project + 1)(ann)


def test_a_backup_of_the_log_from_before_does_not_bring_a_name_back(tmp_path: Path) -> None:
    with settings_in(tmp_path / "data") as settings:
        with Installation(settings.model_copy(update=LIMITS)) as installation, running_server(installation) as url:
            place = Place(url, installation)
            place.folder, place.backend, place.began = tmp_path, Backend.EMBEDDED, 0.0
            _, ann, _ = lived(place)
            place.client.close()
        backup = shutil.copytree(tmp_path / "data", tmp_path / "backup")
        with Installation(settings) as installation:
            handle = installation.directory.accounts[ann].handle
            assert handle == "ann"
            installation.as_system(ErasePerson(person=ann, handle=handle))
            installation.key_destruction.sweep()
        for name in ("log.db", "read.db"):
            shutil.copy(backup / name, tmp_path / "data" / name)
        with Installation(settings) as installation:
            person = installation.directory.accounts[ann]
            assert not person.erased
            assert named(installation.vault, [person])[0]["name"] is None
