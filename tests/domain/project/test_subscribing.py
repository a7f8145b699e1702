"""Webhooks as rules: where they may send to, what they may ask for, and when a receiver is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.project import subscribing
from annolog.domain.project.delivering import TASK_DATA, accepted, wait_before, why_given_up
from annolog.domain.project.events import ProjectCreated, WebhookChanged, WebhookDisabled, WebhookRegistered
from annolog.domain.project.state import Project, fold
from annolog.domain.project.targets import check_target, is_private
from annolog.domain.refusals import InvalidInput, NotFound, WrongState
from tests.receiver import SECRET

URL = "https://example.org/hook"
PROJECT = fold(Project(1), [ProjectCreated(project=1, title="a project")])
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def with_webhook(id: int = 1, project: Project = PROJECT) -> Project:
    return fold(project, subscribing.register(project, id, URL, ["TaskExhausted"], SECRET))


def test_what_is_recorded_names_the_secret_by_its_fingerprint_only() -> None:
    [event] = subscribing.register(PROJECT, 7, URL, ["TaskInfeasible", "TaskExhausted"], SECRET)
    assert isinstance(event, WebhookRegistered)
    assert (event.webhook, event.event_types) == (7, ["TaskExhausted", "TaskInfeasible"])
    assert SECRET not in event.model_dump_json()
    assert event.secret_fingerprint == subscribing.fingerprint_of(SECRET)


def test_a_misspelt_event_type_is_refused_by_its_place() -> None:
    with pytest.raises(InvalidInput) as refused:
        subscribing.register(PROJECT, 1, URL, ["TaskExhausted", "TaskExausted"], SECRET)
    assert [fault.pointer for fault in refused.value.faults] == ["/event_types/1"]
    with pytest.raises(InvalidInput, match="TaskEvent"):
        subscribing.change(with_webhook(), 1, event_types=["TaskEvent"])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "example.org/hook",
        "https:///hook",
        "https://name:secret@example.org/",
        "https://name@example.org/",
        "https://example.org:99999/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://exämple.org/",
        "https://example.org/" + "x" * 2_000,
        "http://localhost:8080/",
        "http://LOCALHOST./",
        "http://metadata.localhost/",
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b::a00:1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[fec0::1]/",
        "http://[::7f00:1]/",
        "http://[::ffff:0:7f00:1]/",
        "http://192.0.0.8/",
        "http://224.0.0.1/",
        "http://168.63.129.16/metadata",
        "http://100.100.100.200/latest/meta-data",
        "http://[fd00:ec2::254]/latest/meta-data",
        "http://[::ffff:169.254.169.254]/latest/meta-data",
        "http://[2001:0:7f00:1::1]/",
        "http://255.255.255.255/",
    ],
)
def test_where_nothing_is_sent_to(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        subscribing.register(PROJECT, 1, url, [], SECRET)
    assert [fault.pointer for fault in refused.value.faults] == ["/url"]


@pytest.mark.parametrize("url", [URL, "http://93.184.215.14:8080/x?y=z", "https://[2606:2800:21f:cb07::1]/"])
def test_where_something_may_be_sent_to(url: str) -> None:
    check_target(url, to_private=False)


def test_an_installation_may_allow_its_own_network_but_no_credentials() -> None:
    check_target("http://127.0.0.1:8080/", to_private=True)
    with pytest.raises(InvalidInput):
        check_target("http://name:secret@127.0.0.1/", to_private=True)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_in_every_dress(address: object) -> None:
    plain = is_private(ip_address(str(address)))
    assert is_private(ip_address(f"::ffff:{address}")) == plain
    assert is_private(ip_address(f"64:ff9b::{address}")) == plain


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", SECRET.removeprefix("whsec_")])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        subscribing.register(PROJECT, 1, URL, [], secret)
    assert [fault.pointer for fault in refused.value.faults] == ["/secret"]


def test_a_project_has_a_bounded_number_of_webhooks() -> None:
    project = PROJECT
    for id in range(subscribing.MOST_WEBHOOKS):
        project = with_webhook(id + 1, project)
    with pytest.raises(WrongState):
        subscribing.register(project, 99, URL, [], SECRET)


def test_what_is_not_named_stays_and_the_same_again_is_no_news() -> None:
    project = with_webhook()
    assert subscribing.change(project, 1, url=URL, event_types=["TaskExhausted"], active=True) == []
    [event] = subscribing.change(project, 1, include_task_data=True)
    assert isinstance(event, WebhookChanged)
    assert (event.url, event.event_types, event.include_task_data) == (URL, ["TaskExhausted"], True)


def test_what_was_given_up_says_why_until_it_is_active_again() -> None:
    project = fold(with_webhook(), subscribing.disable(with_webhook(), 1, "gone"))
    assert (project.webhooks[1].active, project.webhooks[1].reason) == (False, "gone")
    assert subscribing.disable(project, 1, "again") == []
    assert subscribing.disable(project, 2, "unknown") == []
    moved = fold(project, subscribing.change(project, 1, url="https://example.org/other"))
    assert not moved.webhooks[1].active
    back = fold(project, subscribing.change(project, 1, active=True))
    assert (back.webhooks[1].active, back.webhooks[1].reason) == (True, "")


def test_what_is_not_there_is_not_found() -> None:
    removed = fold(with_webhook(), subscribing.remove(with_webhook(), 1))
    for ask in (subscribing.remove, lambda project, id: subscribing.rewind(project, id, 0), subscribing.change):
        with pytest.raises(NotFound):
            ask(removed, 1)
    assert fold(removed, [WebhookDisabled(project=1, webhook=1, reason="late")]).webhooks == {}


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True), st.floats(0, 10_000))
def test_the_wait_grows_and_never_exceeds_five_minutes(attempt: int, draw: float, asked: float) -> None:
    wait = wait_before(attempt, 1.0, draw, asked)
    assert 0.5 <= wait <= 300
    assert wait >= min(asked, 300)
    assert wait_before(attempt + 1, 1.0, draw) >= wait_before(attempt, 1.0, draw)


def test_waits_double_and_half_of_them_is_drawn() -> None:
    assert [wait_before(attempt, 1.0, 0.0) for attempt in (1, 2, 3, 9, 10)] == [1, 2, 4, 256, 300]
    assert wait_before(3, 1.0, 0.5) == 3


def test_who_is_gone_is_given_up_at_once_and_who_fails_after_a_day() -> None:
    assert why_given_up(410, "gone", NOON, NOON)
    assert why_given_up(500, "x", NOON, NOON + timedelta(hours=23, minutes=59)) is None
    given_up = why_given_up(None, "no answer", NOON, NOON + timedelta(days=1))
    assert given_up is not None
    assert "no answer" in given_up


def test_only_2xx_is_taken() -> None:
    assert [status for status in (199, 200, 204, 299, 301, 404, 500) if accepted(status)] == [200, 204, 299]


def test_every_event_with_data_of_a_task_is_known() -> None:
    with_data = {name for name, kind in EVENT_TYPES.items() if {"data", "meta"} & kind.model_fields.keys()}
    assert with_data == TASK_DATA.keys()
