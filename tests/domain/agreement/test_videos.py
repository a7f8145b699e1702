"""How much boxes that move through a video overlap."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import METRICS, metric
from annolog.domain.agreement.metrics import video as video_module
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.labeling import Region
from tests.domain.agreement.drawing import answer, boxed, item, region

FRAMES = METRICS["video_frames"]


def at(frame: int, x: float, *, enabled: bool = True, y: float = 0, **more: Any) -> dict[str, Any]:
    return {"frame": frame, "x": x, "y": y, "width": 10, "height": 10, "rotation": 0, "enabled": enabled, **more}


def track(*sequence: dict[str, Any], labels: tuple[str, ...] = ()) -> Region:
    return region("videorectangle", *labels, sequence=list(sequence))


def video(*tracks: list[dict[str, Any]]) -> Any:
    return answer(*(item("videorectangle", sequence=sequence) for sequence in tracks))


def test_between_keyframes_a_box_moves_evenly() -> None:
    drawn_twice = track(at(1, 0), at(11, 50))
    drawn_often = track(*(at(frame, 5 * (frame - 1)) for frame in range(1, 12)))
    assert overlap_of(drawn_twice, drawn_often) == pytest.approx(1)


def test_a_track_overlaps_frame_by_frame() -> None:
    """Of ten frames five coincide, and in five the boxes are shifted by half of their width: a third."""
    one = track(at(1, 0), at(10, 0))
    other = track(at(1, 0), at(5, 0), at(6, 5), at(10, 5))
    assert overlap_of(one, other) == pytest.approx((5 + 5 / 3) / 10)


def test_a_keyframe_that_is_not_enabled_is_the_last_of_a_lifespan() -> None:
    whole = track(at(1, 0), at(10, 0))
    gap = track(at(1, 0), at(4, 0, enabled=False), at(8, 0), at(10, 0))
    assert overlap_of(whole, gap) == pytest.approx(7 / 10)


def test_after_its_last_keyframe_a_box_stays_and_before_its_first_there_is_none() -> None:
    assert overlap_of(track(at(1, 0)), track(at(1, 0), at(10, 0))) == 1
    assert overlap_of(track(at(6, 0)), track(at(1, 0), at(10, 0))) == pytest.approx(0.5)
    assert overlap_of(track(at(1, 0, enabled=False)), track(at(1, 0), at(10, 0))) == pytest.approx(0.1)


def test_boxes_that_turn_overlap_as_they_stand_in_each_frame() -> None:
    still = track(at(1, 50, y=50), at(3, 50, y=50))
    turning = track(at(1, 50, y=50), at(3, 50, y=50, rotation=90))
    halfway = overlap_of(boxed(50, 50, 10, 10), boxed(50, 50, 10, 10, rotation=45))
    assert overlap_of(still, turning) == pytest.approx((1 + halfway + 0) / 3)


def test_boxes_without_area_overlap_only_while_they_are_the_same() -> None:
    lines = [track(at(1, x, width=0), at(2, 5, width=0)) for x in (5, 6)]
    assert overlap_of(*lines) == pytest.approx(0.5)
    turned = [track(at(1, x, width=0, rotation=9), at(2, 5, width=0, rotation=9)) for x in (5, 6)]
    assert overlap_of(*turned) == pytest.approx(0.5)


def test_of_two_keyframes_for_one_frame_the_later_counts() -> None:
    assert overlap_of(track(at(5, 90), at(1, 0), at(5, 0)), track(at(1, 0), at(5, 0))) == 1


def test_very_long_videos_are_compared_at_evenly_spread_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = track(at(1, 0), at(1001, 0)), track(at(1, 0), at(501, 0, enabled=False), at(1001, 0))
    every = overlap_of(one, other)
    monkeypatch.setattr(video_module, "MOST_FRAMES", 101)
    assert overlap_of(one, other) == pytest.approx(every, abs=0.02)
    assert 0 < overlap_of(track(at(10**15, 0)), track(at(1, 0))) < 1


tracks = st.lists(
    st.builds(
        lambda frame, x, enabled: at(frame, x, enabled=enabled), st.integers(1, 9), st.integers(0, 15), st.booleans()
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda keyframe: keyframe["frame"],
)


@given(tracks, tracks)
def test_tracks_overlap_as_counted_frame_by_frame(one: Any, other: Any) -> None:
    shares = []
    for frame in range(1, max(keyframe["frame"] for keyframe in [*one, *other]) + 1):
        first, second = place(one, frame), place(other, frame)
        if first is not None or second is not None:
            shared = 0.0 if first is None or second is None else max(0.0, 10 - abs(first - second))
            shares.append(shared / (20 - shared))
    assert overlap_of(track(*one), track(*other)) == pytest.approx(sum(shares) / len(shares))


def place(sequence: list[dict[str, Any]], frame: int) -> float | None:
    """Where a track is, worked out from what the editor does."""
    ordered = sorted(sequence, key=lambda keyframe: keyframe["frame"])
    before = [keyframe for keyframe in ordered if keyframe["frame"] <= frame]
    after = [keyframe for keyframe in ordered if keyframe["frame"] > frame]
    if not before or (before[-1]["frame"] < frame and not before[-1]["enabled"]):
        return None
    if not after:
        return float(before[-1]["x"])
    share = (frame - before[-1]["frame"]) / (after[0]["frame"] - before[-1]["frame"])
    return float(before[-1]["x"] + share * (after[0]["x"] - before[-1]["x"]))


def test_exact_frame_matching_counts_keyframes_that_both_drew() -> None:
    """Frames 1 and 5 match, 9 is too far off, 3 and 7 are only one's."""
    one = video([at(1, 0), at(3, 0), at(5, 0), at(9, 0)])
    other = video([at(1, 0), at(5, 2), at(7, 0), at(9, 5)])
    assert FRAMES.score(one, other) == pytest.approx(2 / 5)
    assert metric("video_frames", {"iou_threshold": 0.3}).score(one, other) == pytest.approx(3 / 5)
    assert metric("video_frames_threshold", {"threshold": 0.4}).score(one, other) == 1


def test_where_one_ends_a_lifespan_and_the_other_does_not_is_no_exact_frame() -> None:
    assert FRAMES.score(video([at(1, 0), at(5, 0, enabled=False)]), video([at(1, 0), at(5, 0)])) == 0.5


def test_exact_frames_of_turned_boxes() -> None:
    assert FRAMES.score(video([at(1, 50, rotation=90)]), video([at(1, 40)])) == 1
    assert FRAMES.score(video([at(1, 50, rotation=90)]), video([at(1, 50)])) == 0


def test_a_video_without_a_track_agrees_with_none() -> None:
    one = video([at(1, 0)], [at(1, 50)])
    assert FRAMES.score(one, video([at(1, 0)])) == pytest.approx((1 + 0 + 1) / 3)
    assert METRICS["video_overlap"].score(one, video([at(1, 0)])) == pytest.approx((1 + 0 + 1) / 3)
    assert FRAMES.score(one, None) == 0
    assert FRAMES.score(one, answer(item("videorectangle", "Dog", sequence=[at(1, 0)]))) == 0
