"""Areas that are no upright boxes: polygons, ellipses and turned boxes. Import it where one is met: shapely is heavy.

Everything is in percent of the image. Overlap does not change when both areas are stretched alike, so only turning
needs to know how wide an image is: it happens in its pixels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from annolog.domain.agreement.metrics.boxes import LARGEST, Box
from annolog.domain.labeling import Value

# An ellipse is a polygon of so many corners. It is drawn a little larger, so that its area is that of the ellipse.
CORNERS = 256
# Less than this, in squares of a percent, is no area but rounding. A pixel is far more in every image there is.
SMALLEST = 1e-9
_STEP = 2.0 * math.pi / CORNERS
_GROWTH = math.sqrt(_STEP / math.sin(_STEP))


@dataclass(frozen=True, slots=True)
class Area:
    """A valid polygon or several, and what every comparison asks about them. The outline tells areas of size 0."""

    outline: tuple[tuple[float, float], ...]
    geometry: shapely.Geometry = field(compare=False)
    size: float = field(compare=False)
    bounds: tuple[float, ...] = field(compare=False)

    def overlap(self, other: object) -> float:
        """Intersection over union. What has no area overlaps only with the same points."""
        if isinstance(other, Box):
            other = area_of_box(other)
        if not isinstance(other, Area):
            return 0.0
        if self == other:
            return 1.0
        if min(self.size, other.size) < SMALLEST or not self._is_near(other):
            return 0.0
        shared = float(shapely.area(shapely.intersection(self.geometry, other.geometry)))
        return min(1.0, shared / (self.size + other.size - shared))

    def _is_near(self, other: Area) -> bool:
        left, top, right, bottom = self.bounds
        other_left, other_top, other_right, other_bottom = other.bounds
        return left < other_right and other_left < right and top < other_bottom and other_top < bottom


def area_of(outline: Sequence[tuple[float, float]]) -> Area:
    """The area within an outline, closed or not.

    Where it crosses itself, what is enclosed an odd number of times is inside (GEOS make_valid), which depends on
    nothing but the outline. Fewer than three points, or all on one line, enclose nothing.
    """
    geometry: shapely.Geometry = shapely.Polygon(outline) if len(outline) >= 3 else shapely.Polygon()
    if not geometry.is_valid:
        parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(geometry)))
        geometry = shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])
    return Area(tuple(outline), geometry, float(shapely.area(geometry)), geometry.bounds)


def area_of_box(edges: Box) -> Area:
    """An upright box, to be compared with one that is not."""
    left, top, right, bottom = edges
    return area_of(((left, top), (right, top), (right, bottom), (left, bottom)))


def polygon(points: Value) -> Area:
    """A polygon by its points. One that was left open encloses what it would enclose closed."""
    assert isinstance(points, tuple)
    return area_of([_point(point) for point in points])


def ellipse(fields: Mapping[str, float]) -> Area:
    """An ellipse. Its x and y are the middle, as the editor writes them (the documents speak of a corner)."""
    across, down = (_GROWTH * min(fields[radius], LARGEST) for radius in ("radiusX", "radiusY"))
    angles = np.arange(CORNERS) * _STEP
    corners = np.stack([across * np.cos(angles), down * np.sin(angles)], axis=-1)
    return _placed(fields, corners)


def turned_box(fields: Mapping[str, float]) -> Area:
    """A box that was turned clockwise about its corner at the left and top."""
    width, height = min(fields["width"], LARGEST), min(fields["height"], LARGEST)
    return _placed(fields, np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]))


def turned_overlaps(ones: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The overlaps of boxes, pair by pair, each by its x, y, width, height and rotation in an image as wide as high."""
    names = ("x", "y", "width", "height", "rotation")
    areas = ([turned_box(dict(zip(names, box, strict=True))) for box in boxes.tolist()] for boxes in (ones, others))
    return np.array([one.overlap(other) for one, other in zip(*areas, strict=True)], dtype=np.float64)


def _placed(fields: Mapping[str, float], offsets: NDArray[np.float64]) -> Area:
    """The corners, given from x and y, turned clockwise in pixels. y grows downwards."""
    aspect = fields.get("aspect", 1.0)
    angle = math.radians(math.fmod(fields["rotation"], 360.0))
    across, down = offsets[:, 0] * aspect, offsets[:, 1]
    turned = (
        fields["x"] + (across * math.cos(angle) - down * math.sin(angle)) / aspect,
        fields["y"] + across * math.sin(angle) + down * math.cos(angle),
    )
    return area_of([(x, y) for x, y in np.stack(turned, axis=-1).tolist()])


def _point(value: Value) -> tuple[float, float]:
    assert isinstance(value, tuple)
    x, y = value
    assert isinstance(x, float)
    assert isinstance(y, float)
    return x, y
