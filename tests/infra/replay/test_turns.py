"""Order: of each task and of each worker as recorded, whoever finishes first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annolog.infra.replay.dataset import RecordedLabel
from annolog.infra.replay.turns import Turns


def label(task: str, worker: str, duration: float | None = None) -> RecordedLabel:
    return RecordedLabel(task, worker, "x", duration)


@given(
    pairs=st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), unique=True, max_size=16),
    random=st.randoms(use_true_random=False),
)
def test_labels_of_a_task_and_of_a_worker_keep_their_order_whoever_finishes_first(pairs, random) -> None:  # type: ignore[no-untyped-def]
    turns = Turns([label(*pair) for pair in pairs], 0, now=0)
    under_way: list[int] = []
    finished: list[int] = []
    while turns:
        while (place := turns.take(0)) is not None:
            before = [p for p in range(place) if set(pairs[p]) & set(pairs[place])]
            assert set(before) <= set(finished)
            under_way.append(place)
        finished.append(under_way.pop(random.randrange(len(under_way))))
        turns.done(finished[-1], 0)
    assert sorted(finished) == list(range(len(pairs)))


def test_those_who_share_neither_task_nor_worker_go_side_by_side() -> None:
    turns = Turns([label("a", "w"), label("b", "v"), label("a", "v")], 0, now=0)
    assert [turns.take(0), turns.take(0), turns.take(0)] == [0, 1, None]


def test_with_a_speed_each_worker_takes_the_recorded_time_divided_by_it() -> None:
    turns = Turns([label("a", "w", 10), label("b", "w", 4), label("c", "v", 30)], 2, now=100)
    assert (turns.take(104.9), turns.pause(104.0)) == (None, 1.0)
    assert turns.take(105) == 0
    turns.done(0, 106)
    assert (turns.take(107.9), turns.take(108), turns.take(115)) == (None, 1, 2)
    assert turns.pause(115) is None
