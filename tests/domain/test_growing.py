"""A mapping that shares what it has in common with those before it is still a mapping."""

from __future__ import annotations

from time import thread_time

from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.growing import Growing, differing
from annolog.domain.people.events import OrganizationRole, PersonRegistered, TokenIssued
from annolog.domain.people.state import Directory, fold

STEPS = st.lists(st.tuples(st.integers(0, 150), st.integers() | st.none()), max_size=400)


@given(STEPS)
def test_it_holds_what_a_dictionary_would_and_those_before_it_stay_as_they_were(
    steps: list[tuple[int, int | None]],
) -> None:
    growing: Growing[int, int] = Growing()
    plain: dict[int, int] = {}
    before: list[tuple[Growing[int, int], dict[int, int]]] = []
    for key, value in steps:
        before.append((growing, dict(plain)))
        if value is None:
            growing = growing.without(key)
            plain.pop(key, None)
        else:
            growing = growing.with_one(key, value)
            plain[key] = value
    for found, expected in [*before[::20], (growing, plain)]:
        assert dict(found) == expected
        assert found == expected
        assert len(found) == len(expected)
        assert all(found.get(key) == expected.get(key) and (key in found) == (key in expected) for key in range(151))


def test_ten_times_as_many_people_take_nothing_like_a_hundred_times_as_long() -> None:
    """Every process folds them when it begins, and again when another one changes something of them."""

    def seconds(people: int) -> float:
        events = [
            event
            for id in range(1, people + 1)
            for event in (
                PersonRegistered(person=id, handle=f"p{id}", role=OrganizationRole.MEMBER),
                TokenIssued(token=id, person=id, digest=f"{id:064x}"),
            )
        ]
        # Of this thread alone: what others have of the machine meanwhile does not count.
        begun = thread_time()
        assert len(fold(Directory(), events).accounts) == people
        return thread_time() - begun

    assert seconds(10_000) < 40 * min(seconds(1_000) for _ in range(3))


@given(STEPS, STEPS, st.booleans())
def test_where_two_differ_is_found_whether_one_grew_from_the_other_or_not(
    steps: list[tuple[int, int | None]], later: list[tuple[int, int | None]], related: bool
) -> None:
    def grown(found: Growing[int, int], steps: list[tuple[int, int | None]]) -> Growing[int, int]:
        for key, value in steps:
            found = found.without(key) if value is None else found.with_one(key, value)
        return found

    one = grown(Growing(), steps)
    other = grown(one if related else Growing(), later)
    really = {key for key in range(151) if one.get(key) != other.get(key)}
    # A number that was written anew may be another object of the same value.
    assert really <= set(differing(one, other)) == set(differing(other, one))
    assert really <= set(differing(dict(one), other))
    assert not set(differing(one, one))
