"""Pictures: decoded, turned upright, and written anew without anything but what is seen.

What is kept is what a decoder has seen, and no byte of what was sent. So there is no metadata in it, and nothing behind
or between the picture either.
"""

import struct
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from io import SEEK_END, BytesIO
from itertools import product
from typing import Any, BinaryIO, Final

import pi_heif
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from hyred_chat.files.examiner.errors import RefusedError
from hyred_chat.files.examiner.previews import LARGE_SIDE, PREVIEW_SIDE, SHOWN_BYTES, SHOWN_SIDE, write_previews

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF")
MAX_PIXELS: Final = 64_000_000
MAX_SIDE: Final = 16_383  # what WebP can hold, and no camera has more
MAX_FRAMES: Final = 600
MAX_MOVING_PIXELS: Final = 80_000_000  # of all frames
# A photograph up to here is decoded twice at once, which takes the memory of both.
_AT_ONCE_PIXELS: Final = 16_000_000
_AT_ONCE_BYTES: Final = 16 * 2**20
_QUALITY: Final = 92
_UPRIGHT: Final = 1
_WITH_ALPHA: Final = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_ORIENTATION: Final = 0x0112
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
# Of each channel in the colours by which a profile is compared with sRGB, and by how many steps of 255 they may differ:
# what is computed from a profile is rounded.
_COMPARED: Final = (0, 16, 32, 64, 96, 128, 160, 208, 255)
_ROUNDING: Final = 1
_EXTENSIONS: Final = {
    "JPEG": ("image/jpeg", ".jpg", [".jpeg", ".jpe"]),
    "PNG": ("image/png", ".png", []),
    "WEBP": ("image/webp", ".webp", []),
}
# What decoders raise at what they cannot read.
_UNREADABLE: Final = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
    EOFError,
    IndexError,
    TypeError,
    KeyError,
)


def examine(source: BinaryIO, outputs: Mapping[str, BinaryIO], *, beside: Executor | None = None) -> dict[str, Any]:
    """Write a picture anew, and its previews. Raises `RefusedError`.

    Args:
        beside: does one thing while this does another; None: one follows the other.
    """
    try:
        with Image.open(source, formats=FORMATS) as picture:
            _check_size(picture)
            frames = getattr(picture, "n_frames", 1)
            is_moving = frames > 1 and picture.format in ("GIF", "PNG", "WEBP")
            if is_moving:
                return _write_moving(picture, frames, outputs)
            _forget_usual_profile(picture)
            if beside is not None and _is_plain_photograph(picture) and _is_usual(picture, source):
                return _write_photograph(picture, source, outputs, beside)
            return _write_still(picture, outputs)
    except Image.DecompressionBombError:
        raise RefusedError("too_complex") from None
    except _UNREADABLE:
        raise RefusedError("broken") from None


def warm_up() -> None:
    """Load all decoders and encoders, by using them once."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    pi_heif.register_heif_opener(thumbnails=False)
    Image.init()
    profile = _SRGB.tobytes()
    _in_srgb(Image.new("RGB", (8, 8)), profile)
    for name in ("JPEG", "PNG", "GIF", "WEBP"):
        written = BytesIO()
        options: dict[str, Any] = {} if name == "GIF" else {"icc_profile": profile}
        Image.new("RGB", (8, 8)).save(written, name, **options)
        examine(written, {each: BytesIO() for each in ("content", "preview", "large")})
    photograph = BytesIO()
    Image.new("RGB", (8, 8)).save(photograph, "JPEG")
    with ThreadPoolExecutor(1) as beside:
        examine(photograph, {each: BytesIO() for each in ("content", "preview", "large")}, beside=beside)
    moving = BytesIO()
    colours = [Image.new("RGB", (8, 8), each) for each in ("red", "blue")]
    colours[0].save(moving, "GIF", save_all=True, append_images=colours[1:])
    examine(moving, {each: BytesIO() for each in ("content", "preview", "large")})


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise RefusedError("too_complex")


def _is_plain_photograph(picture: Image.Image) -> bool:
    """Whether it is a JPEG that is upright, and in the colours that every screen means."""
    is_upright = picture.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT
    is_jpeg = picture.format == "JPEG" and picture.mode in ("RGB", "L")
    return is_jpeg and is_upright and not picture.info.get("icc_profile")


def _is_usual(picture: Image.Image, source: BinaryIO) -> bool:
    """Whether it is no larger than what most cameras make."""
    return picture.width * picture.height <= _AT_ONCE_PIXELS and source.seek(0, SEEK_END) <= _AT_ONCE_BYTES


def _write_photograph(
    picture: Image.Image, source: BinaryIO, outputs: Mapping[str, BinaryIO], beside: Executor
) -> dict[str, Any]:
    """Write a photograph anew and, at the same time, its previews, for which a decoder leaves out what is not seen."""
    source.seek(0)
    content = BytesIO(source.read())
    size = picture.size
    large_above = SHOWN_SIDE if content.getbuffer().nbytes <= SHOWN_BYTES else PREVIEW_SIDE
    scale = min(1.0, (LARGE_SIDE if max(size) > large_above else PREVIEW_SIDE) / max(size))
    with Image.open(content, formats=("JPEG",)) as smaller:
        smaller.draft(None, (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))))
        keeping = beside.submit(_keep, picture, outputs["content"])
        try:
            seen = _describe(smaller, outputs, large_above, size)
        finally:
            keeping.result()
    return seen | _described_as("JPEG")


def _keep(picture: Image.Image, content: BinaryIO) -> None:
    """Write a JPEG anew with the same coefficients, but for rounding: it loses nothing.

    Codes that are fitted to the picture would take as long once more, for a twenty-fifth of the bytes, and somebody
    waits.
    """
    picture.load()
    picture.info.clear()
    picture.save(content, "JPEG", quality="keep")


def _write_still(picture: Image.Image, outputs: Mapping[str, BinaryIO]) -> dict[str, Any]:
    if _is_plain_photograph(picture):
        _keep(picture, outputs["content"])
        shown, kept = picture, "JPEG"
    else:
        picture.load()
        shown = _plain(picture, picture.info.get("icc_profile"))
        kept = "PNG" if picture.format == "PNG" else "WEBP" if picture.format == "WEBP" else "JPEG"
        if kept == "JPEG" and shown.mode == "RGBA":
            kept = "PNG"
        options: dict[str, Any] = {"JPEG": {"quality": _QUALITY}, "WEBP": {"quality": _QUALITY}}.get(kept, {})
        shown.save(outputs["content"], kept, **options)
    large_above = SHOWN_SIDE if outputs["content"].tell() <= SHOWN_BYTES else PREVIEW_SIDE
    return _describe(shown, outputs, large_above) | _described_as(kept)


def _described_as(kept: str) -> dict[str, Any]:
    """What is said of a still picture that was written in this format."""
    content_type, extension, extensions = _EXTENSIONS[kept]
    return {"contentType": content_type, "extension": extension, "extensions": extensions}


def _write_moving(picture: Image.Image, frames: int, outputs: Mapping[str, BinaryIO]) -> dict[str, Any]:
    """Write a moving picture as WebP, which every browser shows, frame by frame."""
    if frames > MAX_FRAMES or frames * picture.width * picture.height > MAX_MOVING_PIXELS:
        raise RefusedError("too_complex")
    durations: list[int] = []
    first: list[Image.Image] = []
    loop = picture.info.get("loop", 1 if picture.format == "GIF" else 0)

    def read() -> Iterator[Image.Image]:
        for frame in ImageSequence.Iterator(picture):
            shown = frame.convert("RGBA")
            shown.info = {"duration": frame.info.get("duration", 100)}
            durations.append(int(shown.info["duration"]))
            if not first:
                first.append(shown.copy())
            yield shown

    reading = read()
    start = next(reading)
    start.save(
        outputs["content"],
        "WEBP",
        save_all=True,
        append_images=reading,
        loop=loop,
        quality=80,
        method=2,
        minimize_size=False,
    )
    shown = first[0]
    shown.info = {}
    return _describe(_plain(shown, None), outputs) | {
        "contentType": "image/webp",
        "extension": ".webp",
        "extensions": [],
        "durationMs": sum(durations),
    }


def _plain(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture upright, in sRGB, and without anything besides."""
    mode = "RGBA" if picture.mode in _WITH_ALPHA or "transparency" in picture.info else "RGB"
    ImageOps.exif_transpose(picture, in_place=True)
    is_kept = picture.mode == mode or (profile and picture.mode == "CMYK")  # a copy would be as large once more
    shown = picture if is_kept else picture.convert(mode)
    if profile:
        shown = _in_srgb(shown, profile)
    if shown.mode != mode:
        shown = shown.convert(mode)
    shown.info.clear()
    return shown


def _forget_usual_profile(picture: Image.Image) -> None:
    """Leave out the picture's own profile of colours where it means what every screen shows without it.

    Browsers and most cameras write that of sRGB. To compute the same colours from it takes longer than all else.
    """
    profile: bytes | None = picture.info.get("icc_profile")
    if profile and _is_srgb(profile):
        del picture.info["icc_profile"]


def _is_srgb(profile: bytes) -> bool:
    """Whether colours are the same with a profile as without it, but for rounding."""
    colours = bytes(each for colour in product(_COMPARED, repeat=3) for each in colour)
    patches = Image.frombytes("RGB", (len(_COMPARED), len(_COMPARED) ** 2), colours)
    try:
        # What makes many pixels quick takes longer than these few.
        transform = ImageCms.buildTransform(
            BytesIO(profile), _SRGB, "RGB", "RGB", flags=ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.NOCACHE
        )
        meant = transform.apply(patches).tobytes()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False
    return max(map(abs, map(int.__sub__, meant, colours))) <= _ROUNDING


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The colours that the picture's own profile means. A profile that cannot be read means nothing."""
    try:
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(picture, BytesIO(profile), _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return picture if converted is None else converted


def _describe(
    shown: Image.Image,
    outputs: Mapping[str, BinaryIO],
    large_above: int = PREVIEW_SIDE,
    size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Write the previews; what is said of the picture, whose size it may be that `shown` has not."""
    width, height = size or shown.size
    return write_previews(shown, outputs, large_above=large_above, size=size) | {
        "kind": "image",
        "width": width,
        "height": height,
        "isContent": True,
    }
