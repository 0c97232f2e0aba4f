"""What is shown of a file before it is opened: previews in two sizes, and a placeholder until they are there."""

import base64
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from PIL import Image

from hyred_chat.files.examiner import thumbhash

# The longest sides: in a conversation, and on a whole screen.
PREVIEW_SIDE: Final = 800
LARGE_SIDE: Final = 2000
# A still picture within both is itself what a whole screen shows.
SHOWN_SIDE: Final = 2048
SHOWN_BYTES: Final = 1_500_000
_QUALITY: Final = 78
# Takes half the time that LANCZOS takes; of what is made smaller nobody can tell.
_FILTER: Final = Image.Resampling.HAMMING
# Whole pixels are put together first, as far as they go. Before, twice as many were left for the filter: it took two to
# three times as long, for pictures that differ by less than one step of 255.
_REDUCING_GAP: Final = 1.0
_METHOD: Final = 1  # of WebP: 3 takes three times as long for as many bytes, give or take some percent


def write_previews(
    shown: Image.Image,
    outputs: Mapping[str, BinaryIO],
    *,
    large_above: int = PREVIEW_SIDE,
    size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Write the previews of a picture.

    Args:
        large_above: the longest side from which on there is a large one. What a browser shows as it is needs one only
            where it has clearly more pixels.
        size: of the picture, where `shown` has fewer pixels of it.
    """
    previews = ["preview"]
    if max(size or shown.size) > large_above:
        shown = within(shown, LARGE_SIDE)
        shown.save(outputs["large"], "WEBP", quality=_QUALITY, method=_METHOD)
        previews.append("large")
    preview = within(shown, PREVIEW_SIDE)
    preview.save(outputs["preview"], "WEBP", quality=_QUALITY, method=_METHOD)
    tiny = within(preview, thumbhash.MAX_SIDE).convert("RGBA")
    placeholder = thumbhash.encode(tiny.width, tiny.height, tiny.tobytes())
    return {"previews": previews, "placeholder": base64.b64encode(placeholder).decode()}


def within(picture: Image.Image, side: int) -> Image.Image:
    """The picture in `RGB` or `RGBA`, no longer than so on either side. Never the same object."""
    plain = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")
    scale = min(1.0, side / max(plain.size))
    size = max(1, round(plain.width * scale)), max(1, round(plain.height * scale))
    small = plain.resize(size, _FILTER, reducing_gap=_REDUCING_GAP) if scale < 1 else plain.copy()
    small.info = {}
    return small
