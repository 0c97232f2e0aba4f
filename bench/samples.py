"""Files of the kinds that people send, made here: as large, and as hard to look at, as theirs are."""

import array
import io
import math
import random
from collections.abc import Callable
from typing import Any

import av
from PIL import Image, ImageFilter

SEED = 7
RATE = 48_000


def _scene(width: int, height: int) -> Image.Image:
    """Something with large shapes and fine grain, as photographs have."""
    chance = random.Random(SEED)  # noqa: S311 - the same picture every time
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3))
    return Image.blend(small, grain.filter(ImageFilter.GaussianBlur(1)), 0.2)


def _photograph() -> bytes:
    return _saved(_scene(4000, 3000), "JPEG", quality=92)


def _screenshot() -> bytes:
    image = Image.new("RGB", (1920, 1080), "white")
    chance = random.Random(SEED)  # noqa: S311 - likewise
    for _ in range(4000):  # strokes of letters
        x, y = chance.randrange(1900), chance.randrange(1060)
        image.paste("black", (x, y, x + chance.randrange(1, 12), y + chance.randrange(1, 4)))
    return _saved(image, "PNG")


def _animation() -> bytes:
    base = _scene(600, 400)
    frames = [base.crop((at, 0, at + 480, 360)) for at in range(0, 100, 5)]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80)


def _document() -> bytes:
    return _saved(_scene(1240, 1754), "PDF")


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def _voice() -> bytes:
    """Thirty seconds as a browser records them."""
    written = io.BytesIO()
    with av.open(written, "w", format="webm") as target:
        stream: Any = target.add_stream("libopus", rate=RATE, layout="mono")
        step = RATE // 50
        for number in range(30 * 50):
            wave = (int(9000 * math.sin((number * step + each) / 20)) for each in range(step))
            frame = av.AudioFrame(format="s16", layout="mono", samples=step)
            frame.sample_rate, frame.pts = RATE, number * step
            frame.planes[0].update(array.array("h", wave).tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


def _video() -> bytes:
    """Ten seconds of 720p."""
    written = io.BytesIO()
    base = _scene(1600, 900)
    with av.open(written, "w", format="mp4") as target:
        stream: Any = target.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(300):
            frame = av.VideoFrame.from_image(base.crop((number, number // 3, number + 1280, number // 3 + 720)))
            frame.pts = number
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


# What each is, how it is made, and whether it is said to be spoken.
SAMPLES: tuple[tuple[str, Callable[[], bytes], bool], ...] = (
    ("photograph, 12 megapixels", _photograph, False),
    ("screenshot, PNG, 1,920 by 1,080", _screenshot, False),
    ("moving picture, GIF of 20 frames", _animation, False),
    ("PDF with a scanned page", _document, False),
    ("voice message, 30 s", _voice, True),
    ("video, 10 s of 720p", _video, False),
)
