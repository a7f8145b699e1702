"""Regions as people draw them: result items that pass validation, made comparable."""

from __future__ import annotations

from typing import Any

from annolog.domain.labeling import Region, Value, comparable_values, parse_labeling_config, validate_result

LABELLED = [
    *("RectangleLabels", "EllipseLabels", "PolygonLabels", "KeyPointLabels", "BrushLabels", "BitmaskLabels"),
    *("VectorLabels", "HyperTextLabels", "ParagraphLabels", "TimeSeriesLabels", "TimelineLabels", "Labels"),
]
CONFIG = parse_labeling_config(
    '<View><Image name="o" value="$o"/><Image name="p" value="$p"/><VideoRectangle name="videorectangle" toName="o"/>'
    '<Rectangle name="rectangle" toName="o"/>'
    + "".join(
        f'<{tag} name="{tag.lower()}" toName="o,p"><Label value="Dog"/><Label value="Cat"/></{tag}>' for tag in LABELLED
    )
    + "</View>"
)


def item(item_type: str, /, *labels: str, target: str = "o", around: dict[str, Any] | None = None, **value: Any) -> Any:
    """A result item; `around` goes beside the value."""
    field = item_type if item_type.endswith("labels") else "labels"
    value = {**value, field: list(labels) or ["Dog"]} if labels or field == item_type else value
    return {"id": "r", "from_name": item_type, "to_name": target, "type": item_type, "value": value, **(around or {})}


def answer(*items: Any) -> Value | None:
    """The value of the one dimension that the items answer; None for no items."""
    named = [{**found, "id": f"r{place}"} for place, found in enumerate(items)]
    validate_result(CONFIG, named)
    values = list(comparable_values(CONFIG, named).values())
    assert len(values) == bool(items)
    return values[0] if values else None


def regions(*items: Any) -> tuple[Region, ...]:
    """The same as regions."""
    return answer(*items) or ()  # type: ignore[return-value]


def region(item_type: str, /, *labels: str, **value: Any) -> Region:
    """One region."""
    (found,) = regions(item(item_type, *labels, **value))
    return found


def box(x: float, y: float, width: float, height: float, *labels: str, **more: Any) -> Any:
    """A box, unless it says otherwise an upright dog."""
    return item("rectanglelabels", *labels, x=x, y=y, width=width, height=height, **more)


def boxed(x: float, y: float, width: float, height: float, *labels: str, **more: Any) -> Region:
    """The same as a region."""
    (found,) = regions(box(x, y, width, height, *labels, **more))
    return found


def strip(share: float, *labels: str) -> Any:
    """A box whose overlap with the whole strip, `strip(1)`, is the share."""
    return box(0, 0, 100 * share, 10, *labels)
