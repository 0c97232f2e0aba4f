"""Files as people send them, made anew. Standard input has `[{"make": "picture", …}]`; a list of base64 is printed.

Pictures show hills under a sky, in other colours for each seed, so that one can be told from another.
"""

import array
import base64
import io
import json
import math
import random
import sys
from collections.abc import Callable
from typing import Any

import av
from PIL import Image, ImageChops, ImageDraw

HILLS = 4
RATE = 48_000
FRAMES_PER_SECOND = 10
# Of the colour circle, from one seed to the next: neighbours differ.
HUE_STEP = 97


def landscape(width: int, height: int, seed: int, shift: float = 0.0) -> Image.Image:
    """A picture of a place that is nowhere; `shift` moves its sun, 0 to 1."""
    chance = random.Random(seed)  # noqa: S311  # the same picture each time
    hue = seed * HUE_STEP % 360
    sky = Image.linear_gradient("L").resize((width, height))
    low, high = f"hsl({hue}, 75%, 84%)", f"hsl({(hue + 40) % 360}, 60%, 58%)"
    image = Image.composite(Image.new("RGB", sky.size, low), Image.new("RGB", sky.size, high), sky)
    draw = ImageDraw.Draw(image)
    radius = min(width, height) // 10
    across, down = int(width * (chance.uniform(0.2, 0.8) + shift) % width), height // 4
    draw.ellipse((across - radius, down - radius, across + radius, down + radius), f"hsl({hue}, 90%, 95%)")
    for hill in range(HILLS):
        base, swing = height * (0.5 + 0.13 * hill), height * 0.08
        phase, pace = chance.uniform(0, 6), chance.uniform(2, 5)
        ridge = [(x, base + swing * math.sin(phase + pace * x / width)) for x in range(0, width + 8, 4)]
        draw.polygon([*ridge, (width, height), (0, height)], f"hsl({(hue + 150) % 360}, 38%, {56 - 13 * hill}%)")
    return image


def picture(width: int, height: int, seed: int, kind: str, grain: float = 0.0) -> bytes:
    """In a format of Pillow's; a GIF moves. With the grain of a sensor it takes as much as a photograph of its size."""
    written = io.BytesIO()
    if kind == "GIF":
        first, *others = (landscape(width, height, seed, shift / 6) for shift in range(6))
        first.save(written, "GIF", save_all=True, append_images=others, duration=150, loop=0)
    else:
        image = landscape(width, height, seed)
        if grain:
            noise = Image.effect_noise(image.size, grain)
            image = ImageChops.add(image, Image.merge("RGB", [noise] * 3), offset=-128)
        image.save(written, kind)
    return written.getvalue()


def movie(width: int, height: int, seed: int, seconds: int) -> bytes:
    """MP4 with H.264: the sun passes."""
    written = io.BytesIO()
    frames = seconds * FRAMES_PER_SECOND
    with av.open(written, "w", format="mp4") as target:
        stream: Any = target.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_image(landscape(width, height, seed, number / frames))
            frame.pts = number
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


def sound(container: str, codec: str, seed: int, seconds: float) -> bytes:
    """A voice that hums, with a pause after each word."""
    written = io.BytesIO()
    step, chance = RATE // 50, random.Random(seed)  # noqa: S311  # the same sound each time
    loudness = 0.0
    with av.open(written, "w", format=container) as target:
        stream: Any = target.add_stream(codec, rate=RATE, layout="mono")
        for number in range(int(seconds * 50)):
            if number % 6 == 0:
                loudness = 0 if number % 30 == 0 else chance.uniform(4_000, 24_000)
            wave = (int(loudness * math.sin((number * step + each) / 35)) for each in range(step))
            frame = av.AudioFrame(format="s16", layout="mono", samples=step)
            frame.sample_rate, frame.pts = RATE, number * step
            frame.planes[0].update(array.array("h", wave).tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


MAKERS: dict[str, Callable[..., bytes]] = {"picture": picture, "movie": movie, "sound": sound}


def main() -> None:
    """Make what is asked for."""
    asked: list[dict[str, Any]] = json.load(sys.stdin)
    made = [MAKERS[each.pop("make")](**each) for each in asked]
    json.dump([base64.b64encode(each).decode() for each in made], sys.stdout)


if __name__ == "__main__":
    main()
