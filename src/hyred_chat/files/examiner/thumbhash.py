"""Placeholders of pictures in some twenty bytes: the ThumbHash format, version 1.

A picture is taken apart into a luminance, two colours and, where it has any, transparency; of each a few cosine
coefficients are kept in four bits. `web` has the decoder.
"""

import math
from collections.abc import Sequence
from typing import Final

# Pictures are made smaller than this on either side before.
MAX_SIDE: Final = 32

Channel = tuple[float, list[float], float]


def encode(width: int, height: int, rgba: bytes) -> bytes:
    """The placeholder of a picture.

    Args:
        width: in pixels, at most `MAX_SIDE`; `height` likewise.
        rgba: four bytes for each pixel, not multiplied by their transparency.
    """
    pixels = [(rgba[i] / 255, rgba[i + 1] / 255, rgba[i + 2] / 255, rgba[i + 3] / 255) for i in range(0, len(rgba), 4)]
    weight = sum(pixel[3] for pixel in pixels)
    average = [sum(pixel[3] * pixel[each] for pixel in pixels) / weight if weight else 0.0 for each in range(3)]
    has_alpha = weight < width * height
    luminance, yellow, red, alpha = [], [], [], []
    for r0, g0, b0, a in pixels:
        r, g, b = (average[each] * (1 - a) + a * value for each, value in enumerate((r0, g0, b0)))
        luminance.append((r + g + b) / 3)
        yellow.append((r + g) / 2 - b)
        red.append(r - g)
        alpha.append(a)
    most = 5 if has_alpha else 7
    longest = max(width, height)
    columns, rows = max(1, _round(most * width / longest)), max(1, _round(most * height / longest))
    light = _transform(luminance, width, height, max(3, columns), max(3, rows))
    colours = [_transform(channel, width, height, 3, 3) for channel in (yellow, red)]
    transparency = _transform(alpha, width, height, 5, 5) if has_alpha else None
    is_landscape = width > height
    return _pack(light, colours, transparency, short_side=rows if is_landscape else columns, is_landscape=is_landscape)


def _round(value: float) -> int:
    return math.floor(value + 0.5)


def _transform(channel: Sequence[float], width: int, height: int, columns: int, rows: int) -> Channel:
    """The constant, the other coefficients (0 to 1 each) and their scale."""
    lines = [channel[start : start + width] for start in range(0, width * height, width)]
    cosines_y = [[math.cos(math.pi / height * cy * (y + 0.5)) for y in range(height)] for cy in range(rows)]
    # Of each line, what all rows of coefficients take of it.
    across = []
    for cx in range(columns):
        cosines_x = [math.cos(math.pi / width * cx * (x + 0.5)) for x in range(width)]
        across.append([sum(map(float.__mul__, line, cosines_x)) for line in lines])
    constant, others, scale = 0.0, [], 0.0
    for cy in range(rows):
        cx = 0
        while cx * rows < columns * (rows - cy):
            total = sum(map(float.__mul__, cosines_y[cy], across[cx])) / (width * height)
            if cx or cy:
                others.append(total)
                scale = max(scale, abs(total))
            else:
                constant = total
            cx += 1
    if scale:
        others = [0.5 + 0.5 / scale * each for each in others]
    return constant, others, scale


def _pack(
    light: Channel, colours: Sequence[Channel], alpha: Channel | None, *, short_side: int, is_landscape: bool
) -> bytes:
    (l_constant, l_others, l_scale), ((p_constant, p_others, p_scale), (q_constant, q_others, q_scale)) = light, colours
    header = (
        _round(63 * l_constant)
        | _round(31.5 + 31.5 * p_constant) << 6
        | _round(31.5 + 31.5 * q_constant) << 12
        | _round(31 * l_scale) << 18
        | (alpha is not None) << 23
    )
    flags = short_side | _round(63 * p_scale) << 3 | _round(63 * q_scale) << 9 | is_landscape << 15
    packed = bytearray(header.to_bytes(3, "little") + flags.to_bytes(2, "little"))
    others = [*l_others, *p_others, *q_others]
    if alpha is not None:
        a_constant, a_others, a_scale = alpha
        packed.append(_round(15 * a_constant) | _round(15 * a_scale) << 4)
        others += a_others
    nibbles = [_round(15 * each) for each in others]
    for low, high in zip(nibbles[::2], [*nibbles[1::2], 0], strict=False):
        packed.append(low | high << 4)
    return bytes(packed)
