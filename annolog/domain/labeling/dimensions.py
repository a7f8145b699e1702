"""What of an annotation can be compared: one dimension for each control of a labeling config."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class DimensionKind(StrEnum):
    """How the answers of a dimension look, which decides the metrics that can compare them."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TAXONOMY = "taxonomy"
    RATING = "rating"
    NUMBER = "number"
    TEXT = "text"
    DATETIME = "datetime"
    PAIRWISE = "pairwise"
    RANKER = "ranker"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One comparable value of an annotation: what one control asks, and what it takes for an answer.

    `labels` are what results say, so an alias where there is one. `paths` are the same labels with those above them,
    for taxonomies and nested choices. Open labels come with the data of each task and are not known here.
    A required dimension is one that everybody sees: a control that is shown on a condition is never required.
    """

    name: str
    tag: str
    kind: DimensionKind
    targets: tuple[str, ...]
    labels: tuple[str, ...] = ()
    required: bool = False
    per_region: bool = False
    open_labels: bool = False
    paths: tuple[tuple[str, ...], ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    types: frozenset[str] = field(init=False, repr=False, compare=False)
    known_labels: frozenset[str] = field(init=False, repr=False, compare=False)
    known_paths: frozenset[tuple[str, ...]] = field(init=False, repr=False, compare=False)

    @property
    def categorical(self) -> bool:
        """Whether answers come from a set of values that people share, so that they can be counted."""
        return not self.per_region and self.kind not in (DimensionKind.REGION, DimensionKind.TEXT)

    @property
    def single_label(self) -> bool:
        """Whether an answer is one label out of few, so that people can be modelled by how they confuse labels."""
        return not self.per_region and self.kind in (
            DimensionKind.SINGLE_CHOICE,
            DimensionKind.PAIRWISE,
            DimensionKind.RATING,
        )

    def __post_init__(self) -> None:
        """Prepare what every validation looks up."""
        object.__setattr__(self, "types", _types_of(self.tag, self.kind))
        object.__setattr__(self, "known_labels", frozenset(self.labels))
        object.__setattr__(self, "known_paths", frozenset(self.paths))


def _types_of(tag: str, kind: DimensionKind) -> frozenset[str]:
    """The `type`s of result items that a tag gives. A shape has two: a region may be drawn and carry no label."""
    name = tag.lower()
    shape = name.removesuffix("labels")
    if kind is not DimensionKind.REGION or name in {"labels", "videorectangle"}:
        return frozenset({name})
    return frozenset({shape, f"{shape}labels"})
