"""One set of regions out of several people's: which of them are the same thing, and where that thing is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, median_low
from types import MappingProxyType

from annolog.domain.labeling import Region, Shape, Value, encode_value
from annolog.domain.refusals import Fault, InvalidInput

Overlap = Callable[[Region, Region], float]

# Shares that are meant to be equal may differ in their last digit.
SLACK = 1e-9
# Boxes turned further apart have other corners, of which no median makes sense.
SAME_TURN = 45.0

# What is a number in the middle of others, for each shape that is described by a few numbers.
_NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Shape.RECTANGLE: ("x", "y", "width", "height"),
        Shape.ELLIPSE: ("x", "y", "radiusX", "radiusY"),
        Shape.KEYPOINT: ("x", "y", "width"),
        Shape.SPAN: ("start", "end", "startOffset", "endOffset"),
    }
)
# Regions that differ in one of these are never the same thing, so they need no look at their geometry.
_IDENTITY = ("shape", "target", "labels", "item_index", "channel")


@dataclass(frozen=True, slots=True)
class MergedRegion:
    """A thing that people marked: where it is, who marked it, and the share of all people that they are."""

    region: Region
    people: tuple[int, ...]
    support: float


def merge_regions(
    answers: Mapping[int, Sequence[Region]], overlap: Overlap, quorum: float = 0.5, threshold: float = 0.5
) -> tuple[MergedRegion, ...]:
    """The regions that at least a quorum of the people marked, in the order of their encodings.

    Regions are of the same thing when they overlap, from 0 to 1, by `threshold` on average; nobody marks a thing
    twice. The best overlaps are joined first, so neither the order of people nor of regions matters. Somebody who
    marked nothing is a person too. With two people and a quorum of one half, what either of them marked survives.
    """
    for name, value, least in (("quorum", quorum, 0.0), ("threshold", threshold, SLACK)):
        if not least <= value <= 1:
            message = f"{name} must be a share {'above' if least else 'from'} 0 up to 1"
            raise InvalidInput(f"/{name}: {message}", faults=[Fault(f"/{name}", message)])
    marks = sorted(
        ((encode_value(region), person, region) for person, regions in answers.items() for region in regions),
        key=lambda mark: mark[:2],
    )
    groups: dict[Value, list[tuple[int, Region]]] = defaultdict(list)
    for _, person, region in marks:
        groups[_identity(region)].append((person, region))
    merged = [
        MergedRegion(_middle(cluster), people, len(people) / len(answers))
        for group in groups.values()
        for cluster, people in _clusters(group, overlap, threshold)
        if len(people) >= quorum * len(answers) - SLACK
    ]
    return tuple(sorted(merged, key=lambda found: (encode_value(found.region), found.people)))


def _identity(region: Region) -> Value:
    return tuple(part for part in region if part[0] in _IDENTITY)


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Regions of one thing, and how much each overlaps the others in sum."""

    regions: tuple[Region, ...]
    overlaps: tuple[float, ...]


def _clusters(
    marks: Sequence[tuple[int, Region]], overlap: Overlap, threshold: float
) -> Iterable[tuple[_Cluster, tuple[int, ...]]]:
    """Join what overlaps best first, as long as two clusters share nobody and overlap enough on average."""
    overlaps: dict[tuple[int, int], float] = {}
    for one, (person, region) in enumerate(marks):
        for other in range(one + 1, len(marks)):
            if marks[other][0] != person:
                overlaps[one, other] = overlap(region, marks[other][1])
    cluster_of = [[place] for place in range(len(marks))]
    for one, other in sorted(overlaps, key=lambda pair: (-overlaps[pair], pair)):
        if overlaps[one, other] < threshold - SLACK:
            break
        first, second = cluster_of[one], cluster_of[other]
        if first is second or {marks[place][0] for place in first} & {marks[place][0] for place in second}:
            continue
        across = sum(overlaps[min(a, b), max(a, b)] for a in first for b in second)
        if across < (threshold - SLACK) * len(first) * len(second):
            continue
        joined = sorted(first + second)
        for place in joined:
            cluster_of[place] = joined
    for joined in {id(cluster): cluster for cluster in cluster_of}.values():
        sums = tuple(sum(overlaps[min(a, b), max(a, b)] for b in joined if b != a) for a in joined)
        people = tuple(sorted(marks[place][0] for place in joined))
        yield _Cluster(tuple(marks[place][1] for place in joined), sums), people


def _middle(cluster: _Cluster) -> Region:
    """The median of the numbers of simple shapes; of any other the region that overlaps the others most."""
    most = max(cluster.overlaps)
    medoid = next(
        region for region, total in zip(cluster.regions, cluster.overlaps, strict=True) if total >= most - SLACK
    )
    parts = dict(medoid)
    numbers = _NUMBERS.get(str(parts["shape"]), ())
    members = [dict(region) for region in cluster.regions]
    texts = {(member.get("start"), member.get("end")) for member in members if isinstance(member.get("start"), str)}
    if len(texts) > 1 or len({tuple(member) for member in members}) > 1:
        return medoid
    for name in numbers:
        values = [value for member in members if isinstance(value := member.get(name), float)]
        if values:
            parts[name] = _median(values, whole=parts["shape"] == Shape.SPAN)
    if isinstance(turn := parts.get("rotation"), float):
        # Measured from the medoid, so that 359 and 1 degrees are two apart.
        turns = [(float(str(member["rotation"])) - turn + 180) % 360 - 180 for member in members]
        if max(map(abs, turns)) > SAME_TURN:
            return medoid
        parts["rotation"] = (turn + median(turns)) % 360 if any(turns) else turn
    return tuple(sorted(parts.items()))


def _median(values: Sequence[float], *, whole: bool) -> float:
    """The median; for places in a text, one that exists."""
    return median_low(values) if whole and all(value.is_integer() for value in values) else median(values)
