"""Reading the XML of strangers: no documents that grow, none that reach outside, none that is too deep to walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from defusedxml import ElementTree

from annolog.domain.refusals import Fault, InvalidLabelingConfig

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 1_000_000
# The labels of a taxonomy are kept with all those above them, so depth costs its square.
MOST_LEVELS = 64


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. Label Studio reads names of tags and attributes in any case, so both are looked up in lower case."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Tag, ...]
    conditional: bool

    @property
    def key(self) -> str:
        """The name to look the tag up by."""
        return self.name.lower()

    def get(self, attribute: str) -> str:
        """An attribute without the space around it, empty when it is not given."""
        return self.attributes.get(attribute, "").strip()

    def says(self, attribute: str) -> bool:
        """Whether an attribute is switched on."""
        return self.get(attribute).lower() == "true"

    def walk(self) -> Iterator[Tag]:
        """This tag and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


def unusable(*messages: str) -> InvalidLabelingConfig:
    """The refusal that says what is wrong with a config, the first of it in words."""
    return InvalidLabelingConfig(messages[0], faults=[Fault("/label_config", message) for message in messages])


def read_markup(xml: str) -> Tag:
    """The tree of a document, or `InvalidLabelingConfig` for one that is malformed, unsafe, too long or too deep."""
    try:
        size = len(xml.encode())
    except UnicodeEncodeError as error:
        raise unusable("The labeling config holds characters that are not text.") from error
    if size > MOST_BYTES:
        raise unusable(f"The labeling config has {size} bytes, and at most {MOST_BYTES} are taken.")
    try:
        root: Element = ElementTree.fromstring(xml, forbid_dtd=True)
    except ElementTree.ParseError as error:
        raise unusable(f"The labeling config is not well-formed XML: {error}.") from error
    except ValueError as error:
        raise unusable("The labeling config declares a document type or entities, which is not allowed.") from error
    _must_be_shallow(root)
    return _tag(root, conditional=False)


def _must_be_shallow(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MOST_LEVELS:
            raise unusable(f"The labeling config nests tags deeper than {MOST_LEVELS} levels.")
        level = [child for element in level for child in element]


def _tag(element: Element, *, conditional: bool) -> Tag:
    attributes = {name.lower(): value for name, value in element.attrib.items()}
    conditional = conditional or "visiblewhen" in attributes
    children = tuple(_tag(child, conditional=conditional) for child in element)
    return Tag(element.tag, MappingProxyType(attributes), children, conditional)
