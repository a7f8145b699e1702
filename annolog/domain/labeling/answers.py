"""What a valid answer to a question is: the `value` of every result item that draws no region."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from annolog.domain.labeling.dimensions import Dimension, DimensionKind
from annolog.domain.labeling.flaws import MOST_SHOWN, Flaw, entries, escaped, is_number, is_text, number, unknown_label

# The bucket of everything that was put in no other.
UNSORTED = "_"

Check: TypeAlias = Callable[[Dimension, Mapping[str, object]], Iterator[Flaw]]


def choices(dimension: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """Labels of the config, or paths of them where choices are nested; a single choice is exactly one."""
    single = dimension.kind is DimensionKind.SINGLE_CHOICE
    chosen, flaws = entries(value, "choices", least=int(dimension.required and not single))
    yield from flaws
    if single and isinstance(value.get("choices"), list) and len(chosen) != 1:
        yield Flaw("/choices", f"choices must hold exactly one label, not {len(chosen)}")
    for index, label in enumerate(chosen):
        if isinstance(label, str):
            if label not in dimension.known_labels and not dimension.open_labels:
                yield unknown_label(f"/choices/{index}", label)
        else:
            yield from _path(dimension, label, f"/choices/{index}")


def taxonomy(dimension: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """Paths of the config's tree, each from the top."""
    chosen, flaws = entries(value, "taxonomy", least=int(dimension.required))
    yield from flaws
    for index, path in enumerate(chosen):
        yield from _path(dimension, path, f"/taxonomy/{index}")


def rating(dimension: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """A whole number of stars, one at least."""
    stars = value.get("rating")
    if is_number(stars) and stars != int(stars):
        yield Flaw("/rating", "rating must be a whole number")
    else:
        yield from number(value, "rating", dimension.minimum, dimension.maximum)


def quantity(dimension: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """A finite number within the limits of the control."""
    yield from number(value, "number", dimension.minimum, dimension.maximum)


def textarea(dimension: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """A list of texts, or one text by itself. What is required must say something."""
    text = value.get("text")
    lines = [text] if isinstance(text, str) else text
    if not isinstance(lines, list):
        yield Flaw("/text", "text must be a list of texts")
        return
    for index, line in enumerate(lines):
        if not isinstance(line, str):
            yield Flaw(f"/text/{index}", "text must hold texts")
    if dimension.required and not any(not isinstance(line, str) or line.strip() for line in lines):
        yield Flaw("/text", "text must not be empty")


def moment(_: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """A date or a time as text; which parts it has depends on the control."""
    if not is_text(value.get("datetime")):
        yield Flaw("/datetime", "datetime must be a text")


def pairwise(_: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """One of the two sides."""
    if value.get("selected") not in ("left", "right"):
        yield Flaw("/selected", "selected must be left or right")


def ranker(dimension: Dimension, value: Mapping[str, object]) -> Iterator[Flaw]:
    """The ids of items in order, or by bucket. An item stands in one place."""
    ranked = value.get("ranker")
    groups = {"/ranker": ranked}
    if isinstance(ranked, dict):
        groups = {f"/ranker/{escaped(str(bucket))}": items for bucket, items in ranked.items()}
        for bucket in ranked if dimension.labels else ():
            if bucket != UNSORTED and bucket not in dimension.known_labels:
                yield unknown_label(f"/ranker/{escaped(str(bucket))}", str(bucket))
    seen: set[str] = set()
    for place, items in groups.items():
        if not isinstance(items, list):
            yield Flaw(place, "ranker must hold lists of item ids")
            continue
        for index, item in enumerate(items):
            if not isinstance(item, str):
                yield Flaw(f"{place}/{index}", "ranker must hold item ids, which are texts")
            elif item in seen:
                yield Flaw(f"{place}/{index}", f"ranker holds {item[:MOST_SHOWN]!r} twice")
            else:
                seen.add(item)


def _path(dimension: Dimension, path: object, place: str) -> Iterator[Flaw]:
    if not isinstance(path, list) or not path or not all(isinstance(label, str) for label in path):
        yield Flaw(place, "a choice must be a label or a list of labels from the top down")
    elif not dimension.open_labels and tuple(path) not in dimension.known_paths:
        yield unknown_label(place, " / ".join(path))


ANSWERS: Mapping[str, Check] = MappingProxyType(
    {
        "choices": choices,
        "taxonomy": taxonomy,
        "rating": rating,
        "number": quantity,
        "textarea": textarea,
        "datetime": moment,
        "pairwise": pairwise,
        "ranker": ranker,
    }
)
