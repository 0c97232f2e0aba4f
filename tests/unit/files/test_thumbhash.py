"""Placeholders: some twenty bytes that a decoder of the format draws as what the picture roughly is."""

import pytest

from hyred_chat.files.examiner.thumbhash import encode


def average_of(placeholder: bytes) -> tuple[float, float, float]:
    """The colour that the format's header gives, as its decoders read it."""
    header = int.from_bytes(placeholder[:3], "little")
    light, yellow, red = header & 63, header >> 6 & 63, header >> 12 & 63
    lightness, p, q = light / 63, yellow / 31.5 - 1, red / 31.5 - 1
    b = lightness - 2 / 3 * p
    r = (3 * lightness - b + q) / 2
    return r, r - q, b


@pytest.mark.parametrize("colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128), (255, 255, 255)])
def test_one_colour_is_its_average(colour: tuple[int, int, int]) -> None:
    placeholder = encode(8, 8, bytes((*colour, 255)) * 64)
    assert average_of(placeholder) == pytest.approx([each / 255 for each in colour], abs=0.06)


@pytest.mark.parametrize(
    ("width", "height", "is_landscape", "short_side"), [(40, 20, True, 4), (20, 40, False, 4), (30, 30, False, 7)]
)
def test_the_shape_of_the_picture_can_be_read(width: int, height: int, *, is_landscape: bool, short_side: int) -> None:
    placeholder = encode(width, height, bytes((10, 20, 30, 255)) * (width * height))
    flags = int.from_bytes(placeholder[3:5], "little")
    assert (flags >> 15 == 1, flags & 7) == (is_landscape, short_side)


def test_transparency_is_part_of_it() -> None:
    opaque = encode(4, 4, bytes((10, 20, 30, 255)) * 16)
    half = encode(4, 4, bytes((10, 20, 30, 255)) * 8 + bytes(4) * 8)
    assert not opaque[2] >> 7
    assert half[2] >> 7
    assert len(half) < 30
