"""What nobody can go on with is told to the world outside: signed, in order, at least once, and again when asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from annolog.commands.subscribing import ChangeWebhook, RegisterWebhook, RemoveWebhook, ResendWebhook
from annolog.infra.condition import condition_of
from annolog.infra.webhooks.deliveries import standings
from annolog.infra.webhooks.running import WebhookDelivery
from annolog.services.delivering import Standing
from tests.receiver import SECRET, Receiver, is_genuine, receiving
from tests.world import World

RULE = {"enabled": True, "threshold": 0.6, "maximum_additional": 0}
TWO = {"overlap": 2}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def register(world: World, receiver: Receiver, *types: str, **more: Any) -> int:
    command = RegisterWebhook(
        project=world.project, url=receiver.url, event_types=list(types), secret=SecretStr(SECRET), **more
    )
    webhook: int = world.run(command).value["webhook"]
    return webhook


def all_standings(world: World) -> list[Standing]:
    with world.installation.read_engine.connect() as connection:
        return standings(connection, world.project)


def standing(world: World, webhook: int) -> Standing:
    return next(found for found in all_standings(world) if found.webhook == webhook)


def told_of(world: World, *types: str) -> list[int]:
    """The positions of everything of these types that happened in the project."""
    return [one.position for one in world.installation.log.after(0, 100_000, world.project) if one.type in types]


def test_a_task_that_is_exhausted_is_told_signed_to_whoever_listens(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE)
    register(world, receiver, "TaskExhausted", "TaskInfeasible")
    world.work("ann", "A")
    world.work("bob", "B")
    told = receiver.wait_for_type("io.annolog.task.exhausted.")
    assert is_genuine(told)
    assert not is_genuine(told, SECRET.replace("d", "e"))
    [recorded] = [one for one in world.installation.log.streams(["task-1"])["task-1"] if one.type == "TaskExhausted"]
    assert told.headers["webhook-id"] == told.event["id"] == str(recorded.id)
    assert told.headers["content-type"].startswith("application/cloudevents+json")
    assert told.event["specversion"] == "1.0"
    assert (told.event["subject"], told.event["project"]) == ("task-1", str(world.project))
    assert told.event["correlationid"] == recorded.correlation_id.hex
    assert told.event["data"]["evidence"]["score"] == 0
    world.settle()
    assert receiver.sequences == told_of(world, "TaskExhausted", "TaskInfeasible")


def test_a_position_that_the_log_has_not_reached_is_not_waited_for(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=1, assignment=TWO)
    register(world, receiver, "AnnotationSubmitted", after=10**12)
    world.work("ann", "A")
    receiver.wait_for_type("io.annolog.annotation.submitted.")


@pytest.mark.conformance("B9")
def test_a_task_that_nobody_is_left_for_is_told(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment=TWO, reassignment={**RULE, "maximum_additional": 1})
    register(world, receiver, "TaskInfeasible")
    world.work("ann", "A")
    world.work("bob", "B")
    told = receiver.wait_for_type("io.annolog.task.infeasible.")
    assert is_genuine(told)
    assert told.event["data"]["task"] == 1


def test_order_is_kept_by_a_receiver_that_fails_every_second_time(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=6)
    webhook = register(world, receiver, "AnnotationSubmitted")
    receiver.answer = lambda _: 500 if len(receiver.requests) % 2 else 200
    for _ in range(6):
        world.work("ann")
    receiver.wait_for(lambda: len(receiver.taken) == 6)
    assert receiver.sequences == told_of(world, "AnnotationSubmitted")
    assert len(receiver.requests) == 12
    receiver.wait_for(lambda: standing(world, webhook).delivered == 6)
    assert standing(world, webhook).attempts == 0


def test_a_receiver_that_hangs_delays_no_other_and_no_work(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=4)
    with receiving() as other:
        other.hanging = True
        register(world, other)
        register(world, receiver, "AnnotationSubmitted")
        for _ in range(4):
            world.work("ann")
        receiver.wait_for(lambda: len(receiver.taken) == 4, 5)
        assert receiver.sequences == told_of(world, "AnnotationSubmitted")
        assert other.taken == []


def test_what_was_told_is_told_again_from_a_position(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=4)
    webhook = register(world, receiver, "AnnotationSubmitted")
    for _ in range(4):
        world.work("ann")
    receiver.wait_for(lambda: len(receiver.taken) == 4)
    first, second, *_ = told_of(world, "AnnotationSubmitted")
    world.run(ResendWebhook(project=world.project, webhook=webhook, after=first))
    receiver.wait_for(lambda: len(receiver.taken) == 7)
    assert receiver.sequences == [*told_of(world, "AnnotationSubmitted"), *told_of(world, "AnnotationSubmitted")[1:]]
    again = [request.headers["webhook-id"] for request in receiver.taken if request.sequence == second]
    assert len(again) == 2
    assert len(set(again)) == 1


def test_a_webhook_begins_with_its_registration_or_where_it_is_told_to(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=3)
    world.work("ann")
    register(world, receiver, "AnnotationSubmitted")
    world.work("ann")
    receiver.wait_for(lambda: len(receiver.taken) == 1)
    with receiving() as other:
        register(world, other, "AnnotationSubmitted", after=0)
        other.wait_for(lambda: len(other.taken) == 2)
        assert other.sequences == told_of(world, "AnnotationSubmitted")
    assert receiver.sequences == told_of(world, "AnnotationSubmitted")[1:]


def test_a_webhook_without_types_gets_everything_of_its_project_and_nothing_else(
    world: World, receiver: Receiver
) -> None:
    world.set_up(tasks=2)
    first = world.project
    register(world, receiver, after=0)
    world.work("ann")
    world.set_up(tasks=1)
    world.project = first
    world.work("bob")
    world.settle()
    everything = [one.position for one in world.installation.log.after(0, 100_000, first)]
    receiver.wait_for(lambda: len(receiver.taken) >= len(everything))
    assert receiver.sequences == everything


def test_what_a_task_is_about_is_only_told_where_it_was_asked_for(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=0, publish=False)
    register(world, receiver, "TaskImported")
    with receiving() as other:
        register(world, other, "TaskImported", include_task_data=True)
        world.bring_in(1)
        with_data = other.wait_for_type("io.annolog.task.imported.").event["data"]
    without = receiver.wait_for_type("io.annolog.task.imported.").event["data"]
    assert with_data["data"] == {"text": "text 0"}
    assert without == {name: value for name, value in with_data.items() if name not in ("data", "meta")}


def test_a_receiver_that_is_gone_is_given_up_and_gets_the_rest_once_it_is_back(
    world: World, receiver: Receiver
) -> None:
    world.set_up(tasks=2)
    webhook = register(world, receiver, "AnnotationSubmitted", "WebhookDisabled")
    receiver.answer = lambda _: 410
    world.work("ann")
    receiver.wait_for(lambda: not world.installation.states.project(world.project).webhooks[webhook].active)
    receiver.answer = lambda _: 200
    world.work("ann")
    assert receiver.taken == []
    world.run(ChangeWebhook(project=world.project, webhook=webhook, active=True))
    receiver.wait_for(lambda: len(receiver.taken) == 3)
    assert receiver.sequences == told_of(world, "AnnotationSubmitted", "WebhookDisabled")


def test_a_day_of_nothing_but_failures_gives_a_webhook_up_and_says_why(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=1)
    webhook = register(world, receiver, "AnnotationSubmitted")
    receiver.answer = lambda _: 503
    world.work("ann")
    receiver.wait_for(lambda: len(receiver.requests) >= 2)
    assert world.installation.states.project(world.project).webhooks[webhook].active
    [reason] = [reason for reason in condition_of(world.installation).reasons() if "webhook" in reason]
    assert "503" in reason
    world.clock.forward(86_400)
    receiver.wait_for(lambda: not world.installation.states.project(world.project).webhooks[webhook].active)
    assert "503" in world.installation.states.project(world.project).webhooks[webhook].reason


def test_another_address_gets_what_the_old_one_never_took(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=2)
    with receiving() as old:
        old.answer = lambda _: 500
        webhook = register(world, old, "AnnotationSubmitted")
        world.work("ann")
        old.wait_for(lambda: len(old.requests) >= 1)
        world.run(ChangeWebhook(project=world.project, webhook=webhook, url=receiver.url))
        world.work("ann")
        receiver.wait_for(lambda: len(receiver.taken) == 2)
    assert receiver.sequences == told_of(world, "AnnotationSubmitted")


def test_a_webhook_that_nothing_concerned_is_where_the_log_is(world: World, receiver: Receiver) -> None:
    """Otherwise every restart would read again what it was never to send."""
    world.set_up(tasks=3)
    webhook = register(world, receiver, "TaskExhausted")
    world.settle()
    begun = world.installation.log.head()
    receiver.wait_for(lambda: [found.position for found in all_standings(world)] == [begun])
    for _ in range(3):
        world.work("ann")
    world.settle()
    head = world.installation.log.head()
    [delivery] = [one for one in world.installation._senders if isinstance(one, WebhookDelivery)]
    # What is stopped looks no further; that it has looked so far was noted for the log, and not for each webhook.
    receiver.wait_for(lambda: delivery._at_work is not None and delivery._at_work._noted[0] == head)
    delivery.stop()
    assert standing(world, webhook).position == head
    assert receiver.requests == []


def test_nothing_is_sent_to_a_webhook_that_was_removed(world: World, receiver: Receiver) -> None:
    world.set_up(tasks=2)
    webhook = register(world, receiver, "AnnotationSubmitted")
    world.work("ann")
    receiver.wait_for(lambda: len(receiver.taken) == 1)
    world.run(RemoveWebhook(project=world.project, webhook=webhook))
    with receiving() as other:
        register(world, other, "AnnotationSubmitted")
        world.work("ann")
        other.wait_for(lambda: len(other.taken) == 1)
    assert len(receiver.requests) == 1
    assert world.installation.log.webhook_secret(webhook) is None
