"""Searching text for a pattern, in time that grows with the text and never worse.

Python's own `re` goes back and tries again: `a?` and `a` sixty times each, on sixty letters, takes longer than anybody
lives, and it holds the whole interpreter meanwhile. Here all ways through the pattern are followed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from annolog.projections.board.patterns import Assertion, Atom, Choice, Node, Repeat, Sequence, Unsupported, parse

LONGEST_SEARCHED = 100_000
MOST_STEPS = 500
MOST_REMEMBERED = 10_000
DONE = 0
IS_WORD = re.compile(r"\w").match


@lru_cache(maxsize=64)
def search_for(pattern: str) -> Search:
    """What finds the pattern; raises Unsupported where it cannot be searched for."""
    return Search(*parse(pattern))


def found(pattern: str, text: object) -> bool:
    """Whether the pattern is somewhere in the text, of which the first 100,000 characters are looked at."""
    return text is not None and search_for(pattern).matches(str(text)[:LONGEST_SEARCHED])


class _Place:
    """Everywhere in the pattern that the text so far may have led to, and where each next character leads."""

    __slots__ = ("before", "leads", "steps")

    def __init__(self, steps: frozenset[int], before: bool | None) -> None:
        self.steps = steps
        # Whether the character before is one of a word; None at the start of the text.
        self.before = before
        self.leads: dict[str, _Place] = {}


class Search:
    """A pattern made ready. May be used by several threads: what they remember is the same for all."""

    def __init__(self, node: Node, ignores_case: bool) -> None:
        self._flags = re.IGNORECASE if ignores_case else re.NOFLAG
        # A step has a test for a character or the name of a place, and the steps after it. Step 0 is the end.
        self._steps: list[tuple[Callable[[str], object] | str, tuple[int, ...]]] = [("", ())]
        self._first = self._lay(node, DONE)
        self._found = _Place(frozenset(), None)
        self._forget()

    def matches(self, text: str) -> bool:
        """Whether the pattern is somewhere in the text."""
        place = self._start
        for character in text:
            place = place.leads.get(character) or self._lead(place, character)
            if place is self._found:
                return True
        return self._lead(place, "") is self._found

    def _forget(self) -> None:
        self._start = _Place(frozenset({self._first}), None)
        self._places: dict[tuple[frozenset[int], bool], _Place] = {}
        self._remembered = 0

    def _lead(self, place: _Place, character: str) -> _Place:
        reached = self._reached(place, character)
        is_word = bool(IS_WORD(character))
        if DONE in reached:
            there = self._found
        else:
            tested = [(test, after) for step in reached for test, after in [self._steps[step]] if callable(test)]
            steps = frozenset({self._first, *(after[0] for test, after in tested if test(character))})
            there = self._places.setdefault((steps, is_word), _Place(steps, is_word))
        self._remembered += 1
        if self._remembered > MOST_REMEMBERED:
            self._forget()
        place.leads[character] = there
        return there

    def _reached(self, place: _Place, character: str) -> set[int]:
        """The steps that can be gone to without taking the next character."""
        is_edge = bool(place.before) != bool(IS_WORD(character))
        holds = {"": True, "start": place.before is None, "end": not character, "edge": is_edge, "inside": not is_edge}
        reached: set[int] = set()
        waiting = list(place.steps)
        while waiting:
            step = waiting.pop()
            if step in reached:
                continue
            reached.add(step)
            test, after = self._steps[step]
            if isinstance(test, str) and holds[test]:
                waiting += after
        return reached

    def _lay(self, node: Node, after: int) -> int:
        """Lay the steps of a node in front of a step; the first of them."""
        match node:
            case Atom(source=source):
                return self._step(re.compile(source, self._flags).fullmatch, (after,))
            case Assertion(name=name):
                return self._step(name, (after,))
            case Sequence(parts=parts):
                for part in reversed(parts):
                    after = self._lay(part, after)
                return after
            case Choice(branches=branches):
                return self._step("", (self._lay(branch, after) for branch in branches))
            case Repeat():
                return self._lay_repeated(node, after)

    def _lay_repeated(self, node: Repeat, after: int) -> int:
        if node.most is None:
            again = self._step("", (after,))
            self._steps[again] = ("", (self._lay(node.node, again), after))
            after = again
        else:
            end = after
            for _ in range(node.most - node.least):
                after = self._step("", (self._lay(node.node, after), end))
        for _ in range(node.least):
            after = self._lay(node.node, after)
        return after

    def _step(self, test: Callable[[str], object] | str, after: Iterable[int]) -> int:
        laid = tuple(after)
        if len(self._steps) >= MOST_STEPS:
            raise Unsupported(f"a pattern may come to {MOST_STEPS} steps, each repetition counted")
        self._steps.append((test, laid))
        return len(self._steps) - 1
