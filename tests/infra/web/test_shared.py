"""Answers that many pages share."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from annolog.infra.web import shared
from annolog.infra.web.door import Answer, Refusal
from annolog.infra.web.shared import MOST_KEPT, SharedAnswers, standing_of

RIGHTS = {"permissions": ["see_quality"], "alone": None}


class Asked:
    """A door that notes how often it is asked."""

    def __init__(self, name: str = "", fails: bool = False) -> None:
        self.name, self.fails, self.times = name, fails, 0

    async def ask(self, method: str, path: str, **parameters: Any) -> Answer:
        self.times += 1
        await asyncio.sleep(0.01)
        if self.fails:
            raise Refusal(403, {"detail": "no"})
        return Answer((self.name, path, parameters), self.times)


def test_whoever_asks_at_once_waits_for_one_answer() -> None:
    async def all_at_once() -> None:
        answers, door = SharedAnswers(), Asked()
        found = await asyncio.gather(*(answers.get(door, standing_of(1, RIGHTS), "/x", 5.0) for _ in range(100)))
        assert door.times == 1
        assert len({id(answer) for answer in found}) == 1

    asyncio.run(all_at_once())


@pytest.mark.parametrize(
    ("organization", "rights", "path", "parameters"),
    [
        (2, RIGHTS, "/x", {}),
        (1, {**RIGHTS, "alone": 7}, "/x", {}),
        (1, {**RIGHTS, "permissions": []}, "/x", {}),
        (1, {**RIGHTS, "hidden_fields": ["name"]}, "/x", {}),
        (1, RIGHTS, "/y", {}),
        (1, RIGHTS, "/x", {"zone": "UTC"}),
    ],
)
def test_nobody_is_told_what_was_answered_to_another_standing_or_question(
    organization: int, rights: dict[str, Any], path: str, parameters: dict[str, Any]
) -> None:
    async def two() -> None:
        answers, one, other = SharedAnswers(), Asked("one"), Asked("other")
        await answers.get(one, standing_of(1, RIGHTS), "/x", 5.0)
        found = await answers.get(other, standing_of(organization, rights), path, 5.0, **parameters)
        assert found.value[0] == "other"

    asyncio.run(two())


def test_an_answer_is_asked_for_again_when_it_is_too_old_and_a_refusal_is_nobody_elses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared, "RESTING", 0)

    async def over_time() -> None:
        answers, refused, door = SharedAnswers(), Asked(fails=True), Asked()
        standing = standing_of(1, RIGHTS)
        with pytest.raises(Refusal):
            await answers.get(refused, standing, "/x", 5.0)
        assert (await answers.get(door, standing, "/x", 5.0)).position == 1
        assert (await answers.get(door, standing, "/x", 5.0)).position == 1
        assert (await answers.get(door, standing, "/x", 0.0)).position == 2

    asyncio.run(over_time())


def test_what_took_long_rests_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(shared, "monotonic", lambda: now[0])

    class Slow(Asked):
        async def ask(self, method: str, path: str, **parameters: Any) -> Answer:
            now[0] += 2.0
            return await super().ask(method, path, **parameters)

    async def later() -> None:
        answers, door = SharedAnswers(), Slow()
        for seconds, times in ((0.0, 1), (0.0, 1), (2 * shared.RESTING - 3.0, 1), (2.0, 2)):
            now[0] += seconds
            await answers.get(door, standing_of(1, RIGHTS), "/x", 0.0)
            assert door.times == times

    asyncio.run(later())


def test_nothing_is_asked_again_while_nothing_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "RESTING", 0)

    async def still() -> None:
        answers, door = SharedAnswers(), Asked()
        for position, times in ((5, 1), (5, 1), (6, 2), (6, 2), (0, 3)):
            await answers.get(door, standing_of(1, RIGHTS), "/x", 0.0, position=position)
            assert door.times == times
        monkeypatch.setattr(shared, "UNCHANGED_SECONDS", 0.0)
        await answers.get(door, standing_of(1, RIGHTS), "/x", 0.0, position=6)
        assert door.times == 4

    asyncio.run(still())


def test_nobody_is_shown_less_than_they_have_just_written() -> None:
    async def written() -> None:
        answers, door = SharedAnswers(), Asked()
        # The door tells where the log was by how often it was asked.
        for least, times in ((0, 1), (1, 1), (2, 2), (2, 2), (0, 2)):
            found = await answers.get(door, standing_of(1, RIGHTS), "/x", 60.0, position=9, least=least)
            assert (found.position, door.times) == (times, times)

    asyncio.run(written())


def test_no_more_is_kept_than_there_is_room_for() -> None:
    async def many() -> None:
        answers = SharedAnswers()
        for number in range(MOST_KEPT + 50):
            await answers.get(Instant(), standing_of(1, RIGHTS), f"/{number}", 5.0)
        assert len(answers) == MOST_KEPT

    asyncio.run(many())


class Instant:
    """A door that answers at once."""

    async def ask(self, method: str, path: str, **parameters: Any) -> Answer:
        return Answer(None, 0)
