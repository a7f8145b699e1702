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
    """The overlaps of boxes, line by line, each by its x, y, width, height and rotation in an image as wide as high."""
    overlaps: NDArray[np.float64] = (ones == others).all(axis=-1).astype(np.float64)
    first, second = shapely.polygons(_corners(ones)), shapely.polygons(_corners(others))
    sizes, other_sizes = shapely.area(first), shapely.area(second)
    real = (np.minimum(sizes, other_sizes) >= SMALLEST) & (overlaps == 0.0)
    shared = shapely.area(shapely.intersection(first[real], second[real]))
    overlaps[real] = np.minimum(shared / (sizes[real] + other_sizes[real] - shared), 1.0)
    return overlaps


def _corners(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners of each box, turned."""
    unit = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    turned: NDArray[np.float64] = _turned(unit * boxes[:, None, 2:4], np.radians(boxes[:, 4, None] % 360.0))
    turned += boxes[:, None, :2]
    return turned


def _placed(fields: Mapping[str, float], offsets: NDArray[np.float64]) -> Area:
    """The corners, given from x and y, turned."""
    corners = _turned(offsets, np.radians(np.array(fields["rotation"] % 360.0)), fields.get("aspect", 1.0))
    return area_of([(x, y) for x, y in (corners + np.array([fields["x"], fields["y"]])).tolist()])


def _turned(offsets: NDArray[np.float64], angle: NDArray[np.float64], aspect: float = 1.0) -> NDArray[np.float64]:
    """Offsets turned clockwise, since y grows downwards, in the pixels of an image of that width over height."""
    across, down = offsets[..., 0] * aspect, offsets[..., 1]
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([(across * cosine - down * sine) / aspect, across * sine + down * cosine], axis=-1)


def _point(value: Value) -> tuple[float, float]:
    assert isinstance(value, tuple)
    x, y = value
    assert isinstance(x, float)
    assert isinstance(y, float)
    return x, y
