"""Boxes that move through a video: keyframes, and where the box is between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from annolog.domain.agreement.metrics.boxes import LARGEST, Box, box, edge_overlaps, is_turned
from annolog.domain.labeling import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.float64]

# Two tracks that last longer together are compared at this many frames, evenly spread.
MOST_FRAMES = 10_000
LAST_FRAME = 2.0**53


class Keyframe(NamedTuple):
    """A box as it was drawn at a frame, in percent; where it is not enabled, the frame is the last one to show it."""

    x: float
    y: float
    width: float
    height: float
    rotation: float
    enabled: float

    def overlap(self, other: Keyframe) -> float:
        """Intersection over union of the two boxes. How wide the video is is not known, so it counts as a square."""
        if not is_turned(self.rotation) and not is_turned(other.rotation):
            return self._upright().overlap(other._upright())
        from annolog.domain.agreement.metrics.shapes import turned_box

        return turned_box(self._asdict()).overlap(turned_box(other._asdict()))

    def _upright(self) -> Box:
        return box(self.x, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Track:
    """A box through time, by its keyframes in order.

    As in Label Studio's editor, the box is seen from its first keyframe on and moves evenly from one keyframe to the
    next. A keyframe that is not enabled is the last of a lifespan; another begins with the next enabled one. After
    the last keyframe, if that is enabled, the box stays where it is.
    """

    keyframes: tuple[tuple[float, Keyframe], ...]

    def overlap(self, other: object) -> float:
        """The mean of intersection over union over the frames that show either box; 0 where they show only one.

        What follows after the last keyframe of both is not looked at: how long the video is is not kept.
        """
        if not isinstance(other, Track):
            return 0.0
        frames = _frames(self, other)
        (one, shown), (another, other_shown) = self._at(frames), other._at(frames)
        both = shown & other_shown
        total = float(_overlaps(one[both], another[both]).sum())
        return min(1.0, total / int((shown | other_shown).sum()))

    def frame_match(self, other: object, threshold: float) -> float:
        """The share of keyframes that both have, alike in being enabled, with boxes that overlap by the threshold."""
        if not isinstance(other, Track):
            return 0.0
        one, another = dict(self.keyframes), dict(other.keyframes)
        shared = one.keys() & another.keys()
        matches = sum(_matches(one[frame], another[frame], threshold) for frame in shared)
        return matches / len(one.keys() | another.keys())

    def _at(self, frames: Places) -> tuple[Places, NDArray[np.bool_]]:
        """Where the box is at each frame, a line a frame, and whether it is seen."""
        import numpy as np

        times = np.array([frame for frame, _ in self.keyframes])
        drawn = np.array([keyframe for _, keyframe in self.keyframes])
        places = np.stack([np.interp(frames, times, column) for column in drawn.T[:5]], axis=-1)
        latest = np.searchsorted(times, frames, side="right") - 1
        shown = (latest >= 0) & ((drawn[latest, 5] > 0.0) | (times[latest] == frames))
        return places, shown


def track(sequence: Value) -> Track:
    """The track that a sequence of keyframes describes. Of two for one frame the later in the sequence counts."""
    assert isinstance(sequence, tuple)
    return Track(tuple(sorted(dict(_keyframe(dict(part)) for part in sequence).items())))  # type: ignore[arg-type]


def _keyframe(fields: Mapping[str, float]) -> tuple[float, Keyframe]:
    width, height = min(fields["width"], LARGEST), min(fields["height"], LARGEST)
    turn = fields["rotation"] if abs(fields["rotation"]) <= LARGEST else fields["rotation"] % 360.0
    place = Keyframe(fields["x"], fields["y"], width, height, turn, fields["enabled"])
    return float(round(min(fields["frame"], LAST_FRAME))), place


def _matches(one: Keyframe, other: Keyframe, threshold: float) -> bool:
    return one.enabled == other.enabled and one.overlap(other) >= threshold


def _frames(one: Track, other: Track) -> Places:
    import numpy as np

    first = min(one.keyframes[0][0], other.keyframes[0][0])
    last = max(one.keyframes[-1][0], other.keyframes[-1][0])
    return np.unique(np.linspace(first, last, int(min(last - first + 1, MOST_FRAMES))).round())


def _overlaps(ones: Places, others: Places) -> Places:
    """The overlap of each pair of places."""
    overlaps = edge_overlaps(_edges(ones), _edges(others))
    turned = (ones[:, 4] % 360.0 != 0.0) | (others[:, 4] % 360.0 != 0.0)
    if turned.any():
        from annolog.domain.agreement.metrics.shapes import turned_overlaps

        overlaps[turned] = turned_overlaps(ones[turned], others[turned])
    return overlaps


def _edges(places: Places) -> Places:
    import numpy as np

    return np.concatenate([places[:, :2], places[:, :2] + places[:, 2:4]], axis=-1).T
