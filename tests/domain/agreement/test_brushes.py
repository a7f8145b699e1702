"""How much brush strokes overlap, and the encoding they come in."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics.masks import mask
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.labeling import Region
from tests.domain.agreement.drawing import region

# 8 by 6 pixels, painted in x 2-5 of y 1-3 and at x 0 of y 5; encoded by Label Studio's SDK 2.0.8.
FROM_LABEL_STUDIO = bytes(
    [*(0, 0, 0, 192, 57, 27, 254, 39, 0, 191, 255, 124, 2), *(255, 253, 240, 11, 255, 248, 156, 2, 63, 252, 54, 0)]
)
PAINTED = [10, 11, 12, 13, 18, 19, 20, 21, 26, 27, 28, 29, 40]

pixels = st.lists(st.tuples(st.sampled_from([0, 0, 255, 3]), st.sampled_from([0, 0, 0, 255, 7, 1])), max_size=30)


def painted(code: bytes) -> list[int]:
    found = mask(code.hex())
    assert found
    return [pixel for start, end in found.painted for pixel in range(int(start), int(end))]


def brush(code: bytes | list[int], *labels: str) -> Region:
    return region("brushlabels", *labels, format="rle", rle=list(code))


def test_what_label_studio_encodes_is_decoded() -> None:
    assert painted(FROM_LABEL_STUDIO) == PAINTED


@given(pixels, st.sampled_from([8, 9, 16, 32]), st.tuples(*[st.integers(1, 16)] * 4), st.data())
def test_a_mask_survives_its_encoding(drawn: list[tuple[int, int]], word: int, sizes: Any, data: st.DataObject) -> None:
    values = [value for color, alpha in drawn for value in (color, color, color, alpha)]
    code = encoded(values, word, sizes, data.draw(st.integers(1, 1 << max(sizes))))
    found = mask(code.hex())
    assert found
    assert found.pixels == len(drawn)
    assert painted(code) == [place for place, (_, alpha) in enumerate(drawn) if alpha]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_masks_overlap_by_the_pixels_they_share(drawn: list[tuple[bool, bool]]) -> None:
    one, other = (np.array([pair[side] for pair in drawn]) for side in (0, 1))
    first, second = (brush(encoded(np.repeat(found, 4).astype(int).tolist())) for found in (one, other))
    union = int((one | other).sum())
    expected = int((one & other).sum()) / union if union else 1.0
    assert overlap_of(first, second) == pytest.approx(expected)
    assert overlap_of(second, first) == overlap_of(first, second)


def test_the_same_mask_in_other_bytes_is_the_same_mask() -> None:
    values = [0, 0, 0, 255] * 5 + [0, 0, 0, 0] * 3
    assert encoded(values) != encoded(values, longest=2)
    assert overlap_of(brush(encoded(values)), brush(encoded(values, longest=2))) == 1


def test_masks_of_different_images_share_nothing() -> None:
    assert overlap_of(brush(encoded([9] * 40)), brush(encoded([9] * 44))) == 0


@pytest.mark.parametrize(
    "code",
    [
        *(b"", b"\x00", FROM_LABEL_STUDIO[:9], FROM_LABEL_STUDIO[:12], b"\xff" * 12),
        bytes([0, 0, 0, 3, *FROM_LABEL_STUDIO[4:]]),
    ],
)
def test_bytes_that_are_no_mask_overlap_only_with_themselves(code: bytes) -> None:
    assert mask(code.hex()) is None
    assert overlap_of(brush(code), brush(code)) == 1
    assert overlap_of(brush(code), brush(FROM_LABEL_STUDIO)) == 0
    assert overlap_of(brush(code), brush([1, 2, 3])) == 0


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_have_an_overlap(one: bytes, other: bytes) -> None:
    assert 0.0 <= overlap_of(brush(one), brush(other)) <= 1.0


def test_an_image_of_a_billion_pixels_needs_no_more_memory_than_its_bytes() -> None:
    """A header that promises 2^32 - 4 values, in 65,536 runs of the longest kind. As an array that were 4 GB."""
    runs = "111" + f"{65535:016b}" + f"{255:08b}"
    bits = f"{2**32 - 4:032b}{7:05b}" + "0010" + "0011" + "0111" + "1111" + runs * 65536
    found = mask(as_bytes(bits).hex())
    assert found
    assert found.pixels == 2**30 - 1
    assert found.painted == ((0, 2**30 - 1),)


def encoded(values: list[int], word: int = 8, sizes: tuple[int, ...] = (3, 4, 8, 16), longest: int = 1 << 16) -> bytes:
    """Values as @thi.ng/rle-pack writes them: runs of equal values, single ones between them together."""
    bits = [f"{len(values):032b}{word - 1:05b}", *(f"{size - 1:04b}" for size in sizes)]
    single: list[int] = []
    for value, equal in groupby(values):
        count = len(list(equal))
        if count == 1:
            single.append(value)
            continue
        bits += records(single, False, word, sizes, longest)
        single = []
        bits += records([value] * count, True, word, sizes, longest)
    bits += records(single, False, word, sizes, longest)
    return as_bytes("".join(bits))


def records(values: list[int], run: bool, word: int, sizes: tuple[int, ...], longest: int) -> list[str]:
    found = []
    for start in range(0, len(values), longest):
        part = values[start : start + longest]
        fitting = [place for place, size in enumerate(sizes) if len(part) <= 1 << size]
        chosen = min(fitting, key=lambda place: sizes[place])
        found.append(f"{run:b}{chosen:02b}{len(part) - 1:0{sizes[chosen]}b}")
        found += [f"{value:0{word}b}" for value in (part[:1] if run else part)]
    return found


def as_bytes(bits: str) -> bytes:
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
