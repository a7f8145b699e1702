"""Upright boxes: the region that is drawn most, so compared without any geometry library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Sizes in percent have no upper limit. Cut off here, far beyond every image, nothing overflows.
LARGEST = 1e6

# Fewer pairs than this are faster in plain Python, and spare the process the import of numpy.
FEWEST_FOR_NUMPY = 64
# Pairs held in memory at once: 8 MB an array.
MOST_AT_ONCE = 1_000_000

Overlap: TypeAlias = tuple[int, int, float]
"""The places of two regions in their lists, and how much they overlap."""


class Box(NamedTuple):
    """An upright box by its edges, in percent of the image; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: object) -> float:
        """Intersection over union (Jaccard 1912). Boxes without area overlap only if they are the same."""
        if isinstance(other, Box):
            return next((overlap for _, _, overlap in _plain((self,), (other,))), 0.0)
        from annolog.domain.agreement.metrics.shapes import Area, area_of_box

        return area_of_box(self).overlap(other) if isinstance(other, Area) else 0.0


def box(x: float, y: float, width: float, height: float) -> Box:
    """The box with this corner at the left and top."""
    return Box(x, y, x + min(width, LARGEST), y + min(height, LARGEST))


def is_turned(rotation: float) -> bool:
    """Whether a rotation in degrees turns anything."""
    return rotation % 360.0 != 0.0


def box_overlaps(ones: Sequence[Box], others: Sequence[Box]) -> list[Overlap]:
    """Every pair that overlaps at all, in order. Both ways of computing give the same bits."""
    if len(ones) * len(others) < FEWEST_FOR_NUMPY:
        return list(_plain(ones, others))
    rows = max(1, MOST_AT_ONCE // len(others))
    found: list[Overlap] = []
    for start in range(0, len(ones), rows):
        found.extend(_in_arrays(ones[start : start + rows], others, start))
    return found


def _plain(ones: Sequence[Box], others: Sequence[Box]) -> Iterator[Overlap]:
    for row, one in enumerate(ones):
        left, top, right, bottom = one
        area = (right - left) * (bottom - top)
        for column, other in enumerate(others):
            other_left, other_top, other_right, other_bottom = other
            shared = 0.0
            if other_left < right and left < other_right and other_top < bottom and top < other_bottom:
                shared = (min(right, other_right) - max(left, other_left)) * (
                    min(bottom, other_bottom) - max(top, other_top)
                )
            if shared > 0.0:
                union = area + (other_right - other_left) * (other_bottom - other_top) - shared
                yield row, column, min(1.0, shared / union)
            elif one == other:
                yield row, column, 1.0


def _in_arrays(ones: Sequence[Box], others: Sequence[Box], start: int) -> list[Overlap]:
    import numpy as np

    one, other = np.array(ones)[:, None, :], np.array(others)[None, :, :]
    overlaps = edge_overlaps(one, other)
    rows, columns = np.nonzero(overlaps)
    return list(zip((rows + start).tolist(), columns.tolist(), overlaps[rows, columns].tolist(), strict=True))


def edge_overlaps(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for arrays whose last axis holds the edges, in the order of `Box`."""
    import numpy as np

    inner = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    np.maximum(inner, 0.0, out=inner)
    shared = inner[..., 0] * inner[..., 1]
    area, other_area = ((edges[..., 2:] - edges[..., :2]).prod(axis=-1) for edges in (one, other))
    union = area + other_area - shared
    overlaps: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=shared > 0.0)
    np.minimum(overlaps, 1.0, out=overlaps)
    if not (area.all() and other_area.all()):
        overlaps[(shared == 0.0) & (one == other).all(axis=-1)] = 1.0
    return overlaps
