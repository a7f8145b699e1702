"""Upright boxes: the region that is drawn most, so compared without any geometry library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Sizes in percent have no upper limit. Cut off here, far beyond every image, nothing overflows.
LARGEST = 1e6

# Fewer pairs than this are faster in plain Python, and spare the process the import of numpy.
FEWEST_FOR_NUMPY = 200
# Pairs held in memory at once: 8 MB an array.
MOST_AT_ONCE = 1_000_000

# The answers to one task are compared together, and then never again: few need to be remembered.
MOST_ANSWERS = 256

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


def box_overlaps(ones: tuple[Box, ...], others: tuple[Box, ...]) -> list[Overlap]:
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


def _in_arrays(ones: Sequence[Box], others: tuple[Box, ...], start: int) -> list[Overlap]:
    import numpy as np

    overlaps = edge_overlaps(_edges(tuple(ones))[:, :, None], _edges(others)[:, None, :])
    rows, columns = np.nonzero(overlaps)
    return list(zip((rows + start).tolist(), columns.tolist(), overlaps[rows, columns].tolist(), strict=True))


@lru_cache(maxsize=MOST_ANSWERS)
def _edges(boxes: tuple[Box, ...]) -> NDArray[np.float64]:
    import numpy as np

    return np.array(boxes).T.copy()


def edge_overlaps(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for arrays of edges, whose first axis is that of a `Box`; the others are broadcast."""
    import numpy as np

    left, top, right, bottom = one
    other_left, other_top, other_right, other_bottom = other
    shared = np.maximum(np.minimum(right, other_right) - np.maximum(left, other_left), 0.0)
    shared = shared * np.maximum(np.minimum(bottom, other_bottom) - np.maximum(top, other_top), 0.0)
    area, other_area = (right - left) * (bottom - top), (other_right - other_left) * (other_bottom - other_top)
    union = area + other_area - shared
    overlaps: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=shared > 0.0)
    np.minimum(overlaps, 1.0, out=overlaps)
    if not (area.all() and other_area.all()):
        overlaps[(shared == 0.0) & (one == other).all(axis=0)] = 1.0
    return overlaps
