"""The labeling config of a project: what its XML asks about which data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from annolog.domain.labeling.controls import CONTROLS, dimension_of, flaws_of_control, with_shared_labels
from annolog.domain.labeling.dimensions import Dimension, DimensionKind
from annolog.domain.labeling.markup import Tag, read_markup, unusable

MOST_FAULTS = 20

_LABEL_TAGS = frozenset({"label", "choice", "relation", "bucket"})
_WHOLE_REFERENCE = re.compile(r"\$([\w-]+)(?:[.\[].*)?", re.DOTALL)
# Inside a longer text only names count, so that "$5" stays a price; what a Repeater completes is no name yet.
_REFERENCE = re.compile(r"\$([^\W\d]\w*)(?![\w{])")


@dataclass(frozen=True, slots=True)
class LabelingConfig:
    """A labeling config, read. It follows from its `xml` alone, so two configs are equal when their XML is.

    `objects` are the named things to look at, with the key of the task's data that each shows, if any, and `shown` all
    keys of each; `variables` are all the keys that a task must bring. Relations between regions are labelled, but
    nothing compares them.
    """

    xml: str
    dimensions: tuple[Dimension, ...] = field(compare=False)
    objects: Mapping[str, str | None] = field(compare=False)
    shown: Mapping[str, frozenset[str]] = field(compare=False)
    variables: frozenset[str] = field(compare=False)
    relation_labels: frozenset[str] = field(compare=False)
    by_name: Mapping[str, Dimension] = field(init=False, repr=False, compare=False)
    required: tuple[Dimension, ...] = field(init=False, repr=False, compare=False)
    has_regions: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what every validation looks up."""
        by_name = {dimension.name: dimension for dimension in self.dimensions}
        object.__setattr__(self, "by_name", MappingProxyType(by_name))
        object.__setattr__(self, "required", tuple(found for found in self.dimensions if found.required))
        has_regions = any(found.kind is DimensionKind.REGION for found in self.dimensions)
        object.__setattr__(self, "has_regions", has_regions)

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of the control with this name, or None when there is no such control."""
        return self.by_name.get(name)

    def missing_variables(self, data: Mapping[str, object]) -> list[str]:
        """The keys that the config needs and the data of a task lacks, sorted."""
        return sorted(self.variables - data.keys())


def parse_labeling_config(xml: str) -> LabelingConfig:
    """Read Label Studio's XML, or raise `InvalidLabelingConfig` with everything that is wrong with it.

    The same XML always gives the same config, so it may be cached. Tags that are not known are layout.
    """
    root = read_markup(xml)
    if root.key != "view":
        raise unusable(f"The outermost tag must be View, not {root.name}.")
    tags = list(root.walk())
    objects = {tag.get("name"): tag for tag in tags if _is_object(tag)}
    controls = [tag for tag in tags if tag.key in CONTROLS]
    if flaws := list(islice(_flaws(tags, controls, objects), MOST_FAULTS)):
        raise unusable(*flaws)
    return LabelingConfig(
        xml=xml,
        dimensions=with_shared_labels(tuple(dimension_of(tag) for tag in controls)),
        objects=MappingProxyType({name: next(_references(tag), None) for name, tag in objects.items()}),
        shown=MappingProxyType({name: frozenset(_references(tag)) for name, tag in objects.items()}),
        variables=frozenset(variable for tag in tags for variable in _references(tag)),
        relation_labels=frozenset(tag.attributes.get("value", "") for tag in tags if tag.key == "relation") - {""},
    )


def _flaws(tags: list[Tag], controls: list[Tag], objects: Mapping[str, Tag]) -> Iterator[str]:
    named = (tag.get("name") for tag in tags if (tag.key in CONTROLS and tag.get("name")) or _is_object(tag))
    for name, uses in Counter(named).items():
        if uses > 1:
            yield f"The name {name!r} is used {uses} times."
    for tag in controls:
        yield from flaws_of_control(tag, objects)


def _is_object(tag: Tag) -> bool:
    """Whether a tag shows data: it has a name and a value, and is about nothing else."""
    if tag.key in CONTROLS or tag.key in _LABEL_TAGS or tag.get("toname"):
        return False
    return bool(tag.get("name") and (tag.get("value") or tag.get("valuelist")))


def _references(tag: Tag) -> Iterator[str]:
    """The keys of the task's data that a tag refers to. The text of a label is never a reference."""
    if tag.key in _LABEL_TAGS:
        return
    for attribute in ("value", "valuelist", "on"):
        text = tag.get(attribute)
        if whole := _WHOLE_REFERENCE.fullmatch(text):
            yield whole[1]
        else:
            yield from _REFERENCE.findall(text)
