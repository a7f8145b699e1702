"""A mapping of which larger ones are made is what a dictionary would be, and stays what it was."""

from __future__ import annotations

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.growing import Growing
from annolog.domain.people.events import OrganizationRole, PersonRegistered
from annolog.domain.people.state import Directory, fold

steps = st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers()), max_size=200)


@given(steps)
def test_it_holds_what_a_dictionary_would_in_the_same_order(changes: list[tuple[int, int | None]]) -> None:
    found: Growing[int, int] = Growing()
    expected: dict[int, int] = {}
    for key, value in changes:
        before, remembered = found, dict(expected)
        if value is None:
            found, _ = found.without(key), expected.pop(key, None)
        else:
            found, expected[key] = found.having(key, value), value
        assert list(before.items()) == list(remembered.items())
    assert list(found.items()) == list(expected.items())
    assert (len(found), found) == (len(expected), expected)
    assert [found.get(key) for key in range(61)] == [expected.get(key) for key in range(61)]


def test_ten_times_as_many_people_do_not_take_a_hundred_times_as_long() -> None:
    def seconds(count: int) -> float:
        role = OrganizationRole.MEMBER
        events = [PersonRegistered(person=id, handle=f"crowd/{id}", role=role) for id in range(1, count + 1)]
        begun = perf_counter()
        assert len(fold(Directory(), events).accounts) == count
        return perf_counter() - begun

    few, many = min(seconds(1_000) for _ in range(3)), seconds(10_000)
    assert many < 50 * few
