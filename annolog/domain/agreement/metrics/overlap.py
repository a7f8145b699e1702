"""How much two regions have in common. A stand-in for boxes and text spans."""

from __future__ import annotations

from annolog.domain.labeling import Region, Value


def overlap_of(one: Region, other: Region) -> float:
    """Intersection over union of two boxes or two spans with the same labels; 0 for all others."""
    first, second = dict(one), dict(other)
    if any(first.get(name) != second.get(name) for name in ("shape", "target", "labels", "item_index")):
        return 0.0
    sides = {"rectangle": (("x", "width"), ("y", "height")), "span": (("start", None),)}.get(str(first["shape"]), ())
    common = alone = against = 1.0 if sides else 0.0
    for start, length in sides:
        low, high = _range(first, start, length)
        lower, higher = _range(second, start, length)
        common *= max(0.0, min(high, higher) - max(low, lower))
        alone, against = alone * (high - low), against * (higher - lower)
    union = alone + against - common
    return common / union if union > 0 else 0.0


def _range(region: dict[str, Value], start: str, length: str | None) -> tuple[float, float]:
    low = region[start]
    size = region[length] if length else region["end"]
    assert isinstance(low, float)
    assert isinstance(size, float)
    return (low, low + size) if length else (low, size)
