"""How an answer differs from another one, from what others say, and from what is taken for true: in words.

Regions are matched one to one by the overlap that agreement measures: first those with equal labels, then what is left
by its place alone, so that a region with another label is told from one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum

from annolog.domain.agreement.metrics.matching import match_regions
from annolog.domain.labeling import Region, Value
from annolog.infra.web.telling.answers import Answer, Drawn, Said

# Less of a common area is no sign that the same thing is meant, where not even the labels are the same.
LEAST_OVERLAP = 0.3
# From here on two regions are taken for the same thing, as the consensus does unless settings say otherwise.
SAME_OVERLAP = 0.5


class Mark(Enum):
    """How something stands to what it is compared with; told by a sign and words, not by colour alone."""

    SAME = ("✓", "same")
    PARTLY = ("≈", "partly")
    DIFFERS = ("≠", "differs")
    ONLY_HERE = ("+", "only here")
    MISSING = ("−", "missing")
    NOTHING = ("", "nothing to compare")

    @property
    def sign(self) -> str:
        """The sign before the words."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison found, in words."""

    mark: Mark
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What answers are compared with: the values that count as the same by control, and regions."""

    name: str
    values: Mapping[str, Sequence[tuple[Value, str]]] = field(default_factory=dict)
    drawn: Sequence[Drawn] = ()
    # Whether it says anything about regions: an answer without any does, a consensus without a model of them does not.
    about_regions: bool = True


def reference_of(name: str, answer: Answer) -> Reference:
    """An answer to compare others with."""
    return Reference(name, {one.control: [(one.value, one.words)] for one in answer.said}, answer.drawn)


def against(said: Said, reference: Reference) -> Found:
    """What one control says, beside the reference."""
    there = reference.values.get(said.control)
    if not there:
        return Found(Mark.ONLY_HERE, f"{reference.name} says nothing")
    if any(value == said.value for value, _ in there):
        return Found(Mark.SAME, f"same as {reference.name}" if len(there) == 1 else f"one of {len(there)} that tie")
    return Found(Mark.DIFFERS, f"{reference.name}: {' or '.join(words for _, words in there)}")


def unsaid(answer: Answer, reference: Reference) -> list[tuple[str, Found]]:
    """By control, what the reference says and the answer does not."""
    return [
        (control, Found(Mark.MISSING, f"{reference.name}: {' or '.join(words for _, words in there)}"))
        for control, there in reference.values.items()
        if answer.by(control) is None
    ]


def among(said: Said, others: Sequence[Answer]) -> Found:
    """What one control says, beside all other answers."""
    if not others:
        return Found(Mark.NOTHING)
    alike = sum(1 for other in others if (one := other.by(said.control)) is not None and one.value == said.value)
    return _counted(alike, len(others), "says", "say")


def regions_against(mine: Sequence[Drawn], reference: Reference) -> tuple[dict[str, Found], list[Drawn]]:
    """By id of a region what it is beside the reference; and what of the reference is not there."""
    if not reference.about_regions:
        return {}, []
    pairs = matched(reference.drawn, mine)
    found: dict[str, Found] = {}
    for there, here, overlap in pairs:
        found[mine[here].id] = _beside(mine[here], reference.drawn[there], overlap, reference.name)
    for one in mine:
        found.setdefault(one.id, Found(Mark.ONLY_HERE, f"not in {reference.name}"))
    known = {there for there, _, _ in pairs}
    return found, [one for place, one in enumerate(reference.drawn) if place not in known]


def regions_among(mine: Sequence[Drawn], others: Sequence[Answer]) -> dict[str, Found]:
    """By id of a region how many of the other answers have the same: equal labels, and half of the area in common."""
    if not others:
        return {}
    alike = dict.fromkeys((one.id for one in mine), 0)
    for other in others:
        for _, here, overlap in matched(other.drawn, mine, by_place=False):
            if overlap >= SAME_OVERLAP:
                alike[mine[here].id] += 1
    return {id: _counted(count, len(others), "draws", "draw") for id, count in alike.items()}


def matched(
    reference: Sequence[Drawn], other: Sequence[Drawn], *, by_place: bool = True
) -> list[tuple[int, int, float]]:
    """Which region of one is which of the other, one to one, with their overlap in [0, 1]."""
    first = match_regions([one.region for one in reference], [one.region for one in other])
    pairs = list(first.pairs)
    if by_place:
        left = _left(len(reference), (pair[0] for pair in pairs))
        right = _left(len(other), (pair[1] for pair in pairs))
        second = match_regions(
            [_unlabelled(reference[place].region) for place in left],
            [_unlabelled(other[place].region) for place in right],
            LEAST_OVERLAP,
        )
        pairs += [(left[one], right[two], overlap) for one, two, overlap in second.pairs]
    return pairs


def inline(before: str, after: str) -> list[tuple[str, str]]:
    """A text's way to another one, word by word: pieces that are kept, taken out (`del`) or put in (`ins`)."""
    old, new = _pieces(before), _pieces(after)
    found: list[tuple[str, str]] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(("keep", "".join(old[a:b])))
            continue
        if b > a:
            found.append(("del", "".join(old[a:b])))
        if d > c:
            found.append(("ins", "".join(new[c:d])))
    return found


def changes(before: Answer, after: Answer) -> list[str]:
    """What one revision changed of another, in words."""
    found: list[str] = []
    for one in after.said:
        old = before.by(one.control)
        if old is None:
            found.append(f"{one.control}: {one.words} added")
        elif old.value != one.value:
            found.append(f"{one.control}: {old.words} became {one.words}")
    found += [f"{one.control}: {one.words} taken out" for one in before.said if after.by(one.control) is None]
    pairs = matched(before.drawn, after.drawn)
    for there, here, _ in pairs:
        old_one, new_one = before.drawn[there], after.drawn[here]
        if old_one.region != new_one.region:
            found.append(f"{old_one.words} became {new_one.words}")
    old_places, new_places = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    found += [f"{one.words} added" for place, one in enumerate(after.drawn) if place not in new_places]
    found += [f"{one.words} taken out" for place, one in enumerate(before.drawn) if place not in old_places]
    if before.relations != after.relations:
        found.append(f"relations: {'; '.join(after.relations) or 'none'}")
    return found


def _beside(mine: Drawn, theirs: Drawn, overlap: float, name: str) -> Found:
    share = f"{overlap * 100:.0f} %"
    if mine.labels != theirs.labels and set(mine.labels) != set(theirs.labels):
        return Found(Mark.DIFFERS, f"{name}: {', '.join(theirs.labels) or 'no label'} ({share} in common)")
    told = {one.control: one for one in theirs.said}
    other = [one.control for one in mine.said if one.control not in told or told[one.control].value != one.value]
    if other:
        return Found(Mark.DIFFERS, f"{', '.join(other)} differs from {name}")
    if overlap >= 1.0:
        return Found(Mark.SAME, f"same as {name}")
    mark = Mark.PARTLY if overlap < 0.995 else Mark.SAME
    return Found(mark, f"{share} in common with {name}: {theirs.place}")


def _counted(alike: int, others: int, singular: str, plural: str) -> Found:
    if alike == others:
        words = f"the other {singular} the same" if others == 1 else f"all {others} others {plural} the same"
        return Found(Mark.SAME, words)
    if alike:
        return Found(Mark.PARTLY, f"{alike} of {others} others {singular if alike == 1 else plural} the same")
    return Found(Mark.DIFFERS, f"nobody else {singular} so")


def _left(count: int, taken: Iterable[int]) -> list[int]:
    known = set(taken)
    return [place for place in range(count) if place not in known]


def _unlabelled(region: Region) -> Region:
    return tuple(("labels", ()) if name == "labels" else (name, part) for name, part in region)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for word in text.split(" "):
        pieces += [word, " "]
    return pieces[:-1]
