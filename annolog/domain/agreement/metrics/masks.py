"""Brush strokes: the run-length encoding in which Label Studio keeps a mask, and how much two masks share.

The format is that of @thi.ng/rle-pack: bits, the first the highest of its byte. 32 bits tell how many values there
are, 5 bits the bits of a value less one, four times 4 bits the sizes of counts less one. Then, until all values are
there: 1 bit tells a run, 2 bits which size the count has, the count less one, and one value for all or one for each.
The values are the red, green, blue and alpha of each pixel in turn; a pixel is painted where its alpha is not 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from annolog.domain.agreement.metrics.spans import Range, ranges_overlap

CHANNELS = 4
ALPHA = 3
# Painted pixels are kept as runs, so a short stroke on the largest image is little.
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Brush:
    """A mask, as the bytes in which it came; they are decoded when it is compared."""

    code: str

    def overlap(self, other: object) -> float:
        """Intersection over union of the painted pixels.

        Masks of different sizes share nothing, and neither does one that cannot be read, except with the same bytes.
        Two masks of one size in which nothing is painted are the same.
        """
        if not isinstance(other, Brush):
            return 0.0
        if self.code == other.code:
            return 1.0
        one, another = mask(self.code), mask(other.code)
        if one is None or another is None or one.pixels != another.pixels:
            return 0.0
        return ranges_overlap(one.painted, another.painted)


@dataclass(frozen=True, slots=True)
class Mask:
    """How many pixels there are, and which are painted, as ranges of their numbers line by line."""

    pixels: int
    painted: tuple[Range, ...]


@lru_cache(maxsize=MOST_KEPT)
def mask(code: str) -> Mask | None:
    """The mask of a brush, from its bytes in hexadecimal; None if they are no mask."""
    try:
        return _decoded(_Bits(bytes.fromhex(code)))
    except ValueError:
        return None


def _decoded(bits: _Bits) -> Mask:
    values, word = bits.read(32), bits.read(5) + 1
    sizes = [bits.read(4) + 1 for _ in range(4)]
    if values % CHANNELS:
        raise ValueError("a pixel has four values")
    painted: list[Range] = []
    here = 0
    while here < values:
        is_run = bits.read(1)
        count = min(bits.read(sizes[bits.read(2)]) + 1, values - here)
        if not is_run:
            single = bits.words(count, word)
            for place in range((ALPHA - here) % CHANNELS, count, CHANNELS):
                if single[place]:
                    _paint(painted, (here + place) // CHANNELS, (here + place) // CHANNELS + 1)
        elif bits.read(word):
            _paint(painted, here // CHANNELS, (here + count) // CHANNELS)
        here += count
    return Mask(values // CHANNELS, tuple(painted))


def _paint(painted: list[Range], start: int, end: int) -> None:
    """Alpha is the last value of a pixel, so a run paints the pixels whose ends it reaches."""
    if start == end:
        return
    if painted and painted[-1][1] == start:
        painted[-1] = (painted[-1][0], end)
    else:
        painted.append((start, end))


class _Bits:
    """Bytes, read bit by bit; a ValueError at their end."""

    def __init__(self, code: bytes) -> None:
        self._code = code
        self._place = 0

    def read(self, count: int) -> int:
        end = self._place + count
        if end > 8 * len(self._code):
            raise ValueError("the bytes end too soon")
        found = int.from_bytes(self._code[self._place // 8 : (end + 7) // 8])
        self._place = end
        return (found >> (-end % 8)) & ((1 << count) - 1)

    def words(self, count: int, size: int) -> bytes | list[int]:
        """Several words of one size, whole bytes at once."""
        if size == 8:
            return self.read(8 * count).to_bytes(count)
        return [self.read(size) for _ in range(count)]
