"""Files that are not what they seem, or more than one bargained for: all made here."""

import array
import hashlib
import io
import math
import struct
import zipfile
import zlib
from functools import cache
from typing import Any, Final

import av
import pillow_heif
from PIL import Image, PngImagePlugin

pillow_heif.register_heif_opener()

SECRET: Final = "Secret-of-the-photographer"
_GPS: Final = 0x8825
_EXIF: Final = 0x8769


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose upper left quarter is red, and the rest blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    written = io.BytesIO()
    image.convert(mode).save(written, kind, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Where, with what and by whom a photograph was taken; and a smaller one within."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = data[0x0110] = data[0x013B] = data[0x8298] = data[0x010E] = SECRET
    data.get_ifd(_EXIF)[0xA431] = SECRET  # the number of the camera's body
    data.get_ifd(_EXIF)[0x9286] = SECRET.encode()
    data.get_ifd(_GPS).update({1: "N", 2: (14.0, 35.0, 58.0), 3: "E", 4: (120.0, 58.0, 49.0), 29: "2026:11:28"})
    return data


def photograph(kind: str, orientation: int = 1) -> bytes:
    """A picture with every kind of metadata that its format has, and something behind its end."""
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><creator>{SECRET}</creator></x:xmpmeta>'.encode()
    options: dict[str, Any] = {"exif": exif(orientation)}
    if kind == "JPEG":
        options |= {"comment": SECRET.encode(), "xmp": xmp}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET)
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = text
    if kind == "WEBP":
        options["xmp"] = xmp
    return picture(kind, **options) + SECRET.encode()


def animation(kind: str, frames: int = 3, size: tuple[int, int] = (20, 20), says: str = "") -> bytes:
    """A picture that moves, and what it says besides."""
    images = [Image.new("RGB", size, (number * 40 % 256, number % 256, 0)) for number in range(frames)]
    written = io.BytesIO()
    options: dict[str, Any] = {}
    if says and kind == "GIF":
        options["comment"] = says.encode()
    elif says:
        options["exif"] = exif()
    images[0].save(written, kind, save_all=True, append_images=images[1:], duration=100, loop=0, **options)
    return written.getvalue()


def png_of(width: int, height: int, rows: int) -> bytes:
    """A PNG that says to have so many pixels; so many rows of them are there, all black, in next to no bytes."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 + width)) for _ in range(rows)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(kind: bytes, before: bytes, size: int) -> bytes:
    """A PNG with a compressed chunk (a text, a profile of colours) that unpacks to so many zeros."""
    whole = picture("PNG")
    after_head = len(b"\x89PNG\r\n\x1a\n") + 25
    return whole[:after_head] + _chunk(kind, before + zlib.compress(bytes(size))) + whole[after_head:]


def gif_of(width: int, height: int) -> bytes:
    """A small GIF that moves on a screen that it says to be so large."""
    data = bytearray(animation("GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG of some bytes that says to have so many pixels."""
    data = bytearray(picture())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def document(text: str = "Contract", pages: int = 1) -> bytes:
    """A PDF with some words on its pages."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(pages))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>")
    for number in range(pages):
        stream = f"BT /F1 24 Tf 20 100 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents {4 + 2 * number} 0 R"
            " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{body}{end}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n".encode()


def recording(container: str, codec: str, seconds: int = 1, rate: int = 48_000) -> bytes:
    """A tone that grows louder."""
    written = io.BytesIO()
    step = rate // 50
    with av.open(written, "w", format=container) as target:
        target.metadata["title"] = target.metadata["artist"] = SECRET
        stream: Any = target.add_stream(codec, rate=rate, layout="mono")
        for number in range(seconds * 50):
            loudness = 20_000 * (number + 1) / (seconds * 50)
            wave = (int(loudness * math.sin((number * step + each) / 20)) for each in range(step))
            frame = av.AudioFrame(format="s16", layout="mono", samples=step)
            frame.sample_rate, frame.pts = rate, number * step
            frame.planes[0].update(array.array("h", wave).tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


def movie(container: str, codec: str, size: tuple[int, int] = (320, 240)) -> bytes:
    """Two seconds that begin blue, with where they were filmed."""
    written = io.BytesIO()
    frames = 20 if size == (320, 240) else 1
    with av.open(written, "w", format=container) as target:
        target.metadata["location"] = "+14.5995+120.9842/"
        target.metadata["title"] = target.metadata["comment"] = SECRET
        stream: Any = target.add_stream(codec, rate=10)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, (number * 10, 0, 200)))
            frame.pts = number
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


def with_cover(sound: bytes) -> bytes:
    """Sound behind an ID3 tag with a comment and a picture, which says where it was taken."""
    cover = b"\0image/jpeg\0\3\0" + photograph("JPEG")
    frames = b"".join(
        kind + struct.pack(">I", len(body)) + b"\0\0" + body
        for kind, body in ((b"COMM", b"\0eng\0" + SECRET.encode()), (b"APIC", cover))
    )
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frames + sound


def nested_archive(size: int) -> bytes:
    """A small archive, in an archive, in an archive, in an archive of so many zeros."""
    inner = bytes(size)
    for _ in range(4):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("more.zip", inner)
        inner = archive.getvalue()
    return inner


@cache
def refused() -> list[tuple[bytes, str]]:
    """Bombs of pixels, frames and packed words, and files that are cut off or only begin as something: with reasons."""
    noise = hashlib.shake_128(b"noise").digest(5000)
    too_complex = [
        png_of(60_000, 60_000, 20),
        png_of(16_000, 16_000, 100),
        png_of(20_000, 100, 100),
        jpeg_of(64_250, 64_250),
        jpeg_of(65_500, 10),
        gif_of(65_000, 65_000),
        *(animation(kind, frames=700, size=(2, 2)) for kind in ("GIF", "PNG", "WEBP")),
        movie("mp4", "mpeg4", size=(4096, 2304)),
    ]
    broken = [
        png_with(b"zTXt", b"a\0\0", 32 * 2**20),
        png_with(b"iTXt", b"a\0\1\0\0\0", 32 * 2**20),
        png_with(b"iCCP", b"a\0\0", 32 * 2**20),
        picture()[:300],
        picture("PNG")[:60],
        picture("HEIF")[:200],
        document()[:80],
        movie("mp4", "libx264")[:900],
        b"\xff\xd8\xff" + noise,
        b"\x89PNG\r\n\x1a\n" + noise,
        b"GIF89a" + noise,
        b"\0\0\0\x18ftypheic" + noise,
        b"RIFF\xff\xff\xff\xffWEBP" + noise,
        b"%PDF-1.7\n" + noise,
        b"OggS" + noise,
        b"\x1a\x45\xdf\xa3" + noise,
        b"\0\0\0\x18ftypisom" + noise,
        b"\0\0\0\x18ftypM4A " + noise,
        b"GIF89a/*" + noise + b"*/=0;alert(document.domain)",
    ]
    return [*((each, "too_complex") for each in too_complex), *((each, "broken") for each in broken)]
