"""What a file really is, by a process apart: whatever comes, it says what, and lives on."""

import asyncio
import base64
import io
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import av
import psutil
import pytest
from PIL import Image, ImageCms

from hyred_chat.errors import UnavailableError
from hyred_chat.files.examiner import media
from hyred_chat.files.examiner.examination import examine
from hyred_chat.files.examiner.previews import SHOWN_BYTES
from hyred_chat.files.examiner_process import ExaminerProcess
from tests.unit.files.corpus import (
    SECRET,
    animation,
    document,
    movie,
    nested_archive,
    photograph,
    picture,
    recording,
    refused,
    with_cover,
)

MEBIBYTE = 2**20
PATIENCE_SECONDS = 30
# As browsers and most cameras write it.
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="module")
async def process() -> AsyncIterator[ExaminerProcess]:
    """One for all tests: whatever they give it, it goes on."""
    examiner = ExaminerProcess()
    yield examiner
    await examiner.close()


def packets_of(content: bytes) -> list[bytes]:
    """What is heard, as it is coded."""
    with av.open(io.BytesIO(content), "r") as played:
        stream = played.streams.audio[0]
        return [bytes(packet) for packet in played.demux(stream) if packet.size]


class Examiner:
    """What is made of files, in a folder."""

    def __init__(self, process: ExaminerProcess, folder: Path) -> None:
        self.process = process
        self.folder = folder

    async def examine(self, content: bytes, *, is_voice: bool = False) -> dict[str, Any]:
        source = self.folder / "source"
        source.write_bytes(content)
        return await self.process.examine(source, self.folder, size=len(content), is_voice=is_voice)

    def made(self, name: str = "content") -> bytes:
        return (self.folder / name).read_bytes()

    def image(self, name: str = "content") -> Image.Image:
        return Image.open(io.BytesIO(self.made(name)))


@pytest.fixture
def examiner(process: ExaminerProcess, tmp_path: Path) -> Examiner:
    return Examiner(process, tmp_path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_nothing_is_left_of_what_a_photograph_says_besides_the_picture(examiner: Examiner, kind: str) -> None:
    content = photograph(kind)
    assert SECRET.encode() in content
    seen = await examiner.examine(content)
    assert (seen["kind"], seen["width"], seen["height"]) == ("image", 60, 40)
    for name in ("content", *seen["previews"]):
        made = examiner.made(name)
        assert SECRET.encode() not in made
        assert SECRET.encode("utf-16-le") not in made
        assert b"Exif" not in made
        assert b"xmpmeta" not in made
        shown = examiner.image(name)
        assert not shown.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp", "Author"} & shown.info.keys()


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_picture_is_upright(examiner: Examiner, orientation: int) -> None:
    seen = await examiner.examine(photograph("JPEG", orientation))
    is_turned = orientation > 4
    assert (seen["width"], seen["height"]) == ((40, 60) if is_turned else (60, 40))
    red_corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    for name in ("content", "preview"):
        shown = examiner.image(name).convert("RGB")
        at = [5 if not side else length - 6 for side, length in zip(red_corner, shown.size, strict=True)]
        red, _, blue = shown.getpixel((at[0], at[1]))  # type: ignore[misc]
        assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize(
    ("kind", "mode", "content_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("GIF", "P", "image/jpeg"),
        ("WEBP", "RGBA", "image/webp"),
        ("HEIF", "RGB", "image/jpeg"),
        ("AVIF", "RGB", "image/jpeg"),
    ],
)
async def test_pictures_come_out_as_what_every_browser_shows(
    examiner: Examiner, kind: str, mode: str, content_type: str
) -> None:
    seen = await examiner.examine(picture(kind, mode=mode))
    assert (seen["kind"], seen["contentType"]) == ("image", content_type)
    with examiner.image() as shown:
        assert Image.MIME[shown.format or ""] == content_type
        shown.load()
    assert 5 < len(base64.b64decode(seen["placeholder"])) < 30


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_colours_are_what_the_picture_s_own_profile_means(examiner: Examiner, kind: str) -> None:
    profile = SRGB.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    await examiner.examine(picture(kind, icc_profile=profile))
    for name in ("content", "preview"):
        red, _, blue = examiner.image(name).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert (red < 60, blue > 200) == (True, True), "red means blue there"


async def test_a_profile_that_does_not_fit_means_nothing(examiner: Examiner) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    await examiner.examine(picture(icc_profile=profile))
    red, _, blue = examiner.image().convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_profile_that_means_what_is_meant_without_it_changes_nothing(examiner: Examiner, kind: str) -> None:
    made = []
    for content in (picture(kind), picture(kind, icc_profile=SRGB)):
        await examiner.examine(content)
        made.append((examiner.made(), examiner.made("preview")))
    assert made[0] == made[1]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
async def test_what_moves_still_moves(examiner: Examiner, kind: str) -> None:
    seen = await examiner.examine(animation(kind, frames=4))
    assert (seen["kind"], seen["contentType"], seen["durationMs"]) == ("image", "image/webp", 400)
    assert examiner.image().n_frames == 4  # type: ignore[attr-defined]
    assert getattr(examiner.image("preview"), "n_frames", 1) == 1


@pytest.mark.parametrize(("content", "reason"), refused(), ids=lambda value: value if isinstance(value, str) else "")
async def test_bombs_and_broken_files_are_refused_with_a_reason(
    examiner: Examiner, content: bytes, reason: str
) -> None:
    assert await examiner.examine(content) == {"reason": reason}


async def test_a_large_photograph_stays_within_its_memory(examiner: Examiner) -> None:
    seen = await examiner.examine(picture(size=(8000, 7500), quality=60))
    assert (seen["width"], seen["height"], seen["previews"]) == (8000, 7500, ["preview", "large"])


@pytest.mark.parametrize(
    ("size", "previews"),
    [((2048, 1536), ["preview"]), ((2049, 1536), ["preview", "large"]), ((700, 500), ["preview"])],
    ids=["shown itself", "wide", "small"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_that_a_screen_can_show_as_it_is_has_no_large_preview(
    examiner: Examiner, kind: str, size: tuple[int, int], previews: list[str]
) -> None:
    seen = await examiner.examine(picture(kind, size=size))
    assert seen["previews"] == previews


async def test_a_picture_of_many_bytes_has_a_large_preview_whatever_its_size(examiner: Examiner) -> None:
    noise = Image.effect_noise((1600, 1200), 100)
    written = io.BytesIO()
    noise.save(written, "PNG")
    assert written.tell() > SHOWN_BYTES
    assert (await examiner.examine(written.getvalue()))["previews"] == ["preview", "large"]


async def test_a_picture_behind_which_something_else_is_hidden_is_nothing_but_a_picture(examiner: Examiner) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.html", "<script>alert(1)</script>")
    for kind in ("JPEG", "PNG", "WEBP"):
        seen = await examiner.examine(picture(kind) + archive.getvalue() + b"<script>alert(1)</script>")
        assert seen["kind"] == "image"
        assert b"<script>" not in examiner.made()
        assert b"evil.html" not in examiner.made()


@pytest.mark.parametrize(
    ("content", "kind", "content_type"),
    [
        (b"<!doctype html><script>alert(1)</script>", "file", "application/octet-stream"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file", "application/octet-stream"),
        (b"<?xml version='1.0'?><a/>", "file", "application/octet-stream"),
        (b"#!/bin/sh\nrm -rf /", "file", "application/octet-stream"),
        (b"MZ\x90\0" + bytes(100), "file", "application/octet-stream"),
        (b"x", "file", "application/octet-stream"),
        (b"PK\x03\x04" + bytes(100), "file", "application/octet-stream"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file", "application/x-ole-storage"),
    ],
)
async def test_whatever_else_it_is_is_said_by_its_bytes_alone(
    examiner: Examiner, content: bytes, kind: str, content_type: str
) -> None:
    seen = await examiner.examine(content)
    assert (seen["kind"], seen["contentType"]) == (kind, content_type)
    assert not seen.get("isContent")


@pytest.mark.parametrize(
    ("entry", "content_type"),
    [
        ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("notes.txt", "application/zip"),
    ],
)
async def test_documents_of_offices_are_known_by_what_is_in_them(
    examiner: Examiner, entry: str, content_type: str
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(entry, "x")
    assert (await examiner.examine(archive.getvalue()))["contentType"] == content_type


async def test_archives_in_archives_are_not_unpacked(examiner: Examiner) -> None:
    assert (await examiner.examine(nested_archive(50 * MEBIBYTE)))["contentType"] == "application/zip"


async def test_a_document_shows_its_first_page(examiner: Examiner) -> None:
    seen = await examiner.examine(document(pages=3))
    assert (seen["kind"], seen["contentType"], seen["previews"]) == ("pdf", "application/pdf", ["preview", "large"])
    assert seen["width"] > seen["height"]
    with examiner.image("preview") as page:
        darkest: Any = page.convert("L").getextrema()[0]
    assert darkest < 100, "there are words on it"
    assert not seen.get("isContent"), "it is kept as it came"


@pytest.mark.parametrize(
    ("container", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("mp3", "mp3"), ("mp4", "aac"), ("wav", "pcm_s16le")],
)
async def test_what_was_spoken_is_played_by_every_browser(examiner: Examiner, container: str, codec: str) -> None:
    seen = await examiner.examine(recording(container, codec, seconds=3), is_voice=True)
    assert (seen["kind"], seen["contentType"], seen["extension"]) == ("voice", "audio/mp4", ".m4a")
    assert abs(seen["durationMs"] - 3000) < 100
    assert len(seen["waveform"]) == 64
    assert max(seen["waveform"]) == 100
    assert seen["waveform"][:8] < seen["waveform"][-8:], "it begins softly"
    made = examiner.made()
    assert SECRET.encode() not in made
    with av.open(io.BytesIO(made)) as played:
        [stream] = played.streams
        assert (stream.codec_context.name, stream.codec_context.layout.name) == ("aac", "mono")  # type: ignore[attr-defined]
    assert len(made) < 3 * 8_000, "32 kilobits a second"


async def test_a_picture_is_no_voice_by_being_said_so(examiner: Examiner) -> None:
    assert (await examiner.examine(picture(), is_voice=True))["kind"] == "image"


@pytest.mark.parametrize(
    ("container", "codec", "content_type"),
    [
        ("ogg", "libopus", "audio/mp4"),
        ("webm", "libopus", "audio/mp4"),
        ("mp3", "mp3", "audio/mpeg"),
        ("mp4", "aac", "audio/mp4"),
        ("ipod", "aac", "audio/mp4"),
        ("adts", "aac", "audio/aac"),
        ("flac", "flac", "audio/flac"),
        ("wav", "pcm_s16le", "audio/wav"),
    ],
)
async def test_sound_says_nothing_besides_and_is_coded_anew_only_where_not_every_browser_plays_it(
    examiner: Examiner, container: str, codec: str, content_type: str
) -> None:
    content = recording(container, codec)
    assert (SECRET.encode() in content) == (container != "adts")
    seen = await examiner.examine(content)
    assert (seen["kind"], seen["contentType"]) == ("audio", content_type)
    assert abs(seen["durationMs"] - 1000) < 100
    assert SECRET.encode() not in examiner.made()
    if container not in ("ogg", "webm"):
        assert packets_of(examiner.made()) == packets_of(content), "not a sample is another one"


async def test_sound_loses_its_cover(examiner: Examiner) -> None:
    seen = await examiner.examine(with_cover(recording("mp3", "mp3")))
    assert (seen["kind"], seen["contentType"]) == ("audio", "audio/mpeg")
    made = examiner.made()
    assert (SECRET.encode() in made, b"APIC" in made, b"ID3" in made) == (False, False, False)
    with av.open(io.BytesIO(made)) as played:
        assert [each.type for each in played.streams] == ["audio"]


async def test_sound_for_which_there_is_no_new_container_is_kept_as_it_came(examiner: Examiner) -> None:
    content = with_cover(recording("adts", "aac"))  # which an MP3 cannot hold
    seen = await examiner.examine(content)
    assert (seen["kind"], seen["isContent"], examiner.made()) == ("audio", False, b"")


@pytest.mark.parametrize(
    ("container", "codec", "content_type"),
    [("mp4", "libx264", "video/mp4"), ("mov", "libx264", "video/mp4"), ("webm", "libvpx-vp9", "video/webm")],
)
async def test_a_video_shows_its_first_picture_and_tells_nothing_besides(
    examiner: Examiner, container: str, codec: str, content_type: str
) -> None:
    content = movie(container, codec)
    assert SECRET.encode() in content
    seen = await examiner.examine(content)
    assert (seen["kind"], seen["contentType"]) == ("video", content_type)
    assert (seen["width"], seen["height"], seen["durationMs"]) == (320, 240, 2000)
    red, _, blue = examiner.image("preview").convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert (red < 60, blue > 150) == (True, True)
    assert SECRET.encode() not in examiner.made()
    with av.open(io.BytesIO(examiner.made()), "r") as played:
        assert len(list(played.decode(video=0))) == 20


async def test_what_no_browser_plays_is_downloaded(examiner: Examiner) -> None:
    seen = await examiner.examine(movie("matroska", "libx264"))
    assert (seen["kind"], seen["contentType"]) == ("file", "application/octet-stream")


@pytest.mark.parametrize("is_voice", [True, False], ids=["voice", "video"])
def test_without_its_library_a_recording_is_kept_as_it_came(monkeypatch: pytest.MonkeyPatch, *, is_voice: bool) -> None:
    monkeypatch.setattr(media, "IS_AVAILABLE", False)
    seen = examine(io.BytesIO(recording("webm", "libopus")), {}, is_voice=is_voice)
    assert seen == (
        {"kind": "voice", "contentType": "audio/webm"} if is_voice else {"kind": "video", "contentType": "video/webm"}
    )


async def test_it_is_started_anew_after_it_was_killed(examiner: Examiner) -> None:
    await examiner.examine(b"x")
    process = examiner.process._process
    assert process is not None
    psutil.Process(process.pid).kill()
    await process.wait()
    assert (await examiner.examine(b"x"))["kind"] == "file"


async def looker_of(process: ExaminerProcess) -> psutil.Process:
    """The child that waits for the first file, which is not there yet."""
    await process.prepare()
    assert process._process is not None
    examiner = psutil.Process(process._process.pid)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (children := examiner.children()):  # noqa: ASYNC110  # nobody is told when it is there
            await asyncio.sleep(0.01)
    return children[0]


async def test_whoever_waits_for_a_file_and_is_killed_meanwhile_is_replaced(tmp_path: Path) -> None:
    process = ExaminerProcess()
    looker = await looker_of(process)
    looker.kill()
    assert (await Examiner(process, tmp_path).examine(picture()))["kind"] == "image"
    await process.close()


async def test_nobody_waits_for_files_of_a_process_that_is_gone() -> None:
    process = ExaminerProcess()
    looker = await looker_of(process)
    await process.close()
    _, left = await asyncio.to_thread(psutil.wait_procs, [looker], PATIENCE_SECONDS)
    assert left == []


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((4000, 3000), {"preview": (800, 600), "large": (2000, 1500)}),
        ((3001, 4001), {"preview": (600, 800), "large": (1500, 2000)}),
        ((2000, 1500), {"preview": (800, 600)}),
        ((1599, 1199), {"preview": (800, 600)}),
        ((2000, 1), {"preview": (800, 1)}),
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
async def test_previews_of_a_photograph_are_made_of_as_many_of_its_pixels_as_they_need(
    examiner: Examiner, size: tuple[int, int], sizes: dict[str, tuple[int, int]], mode: str
) -> None:
    seen = await examiner.examine(picture(mode=mode, size=size))
    assert (seen["width"], seen["height"]) == size
    assert {name: examiner.image(name).size for name in seen["previews"]} == sizes
    assert examiner.image().size == size


async def test_one_that_is_killed_while_it_looks_is_said_so(tmp_path: Path) -> None:
    process = ExaminerProcess()
    examiner = Examiner(process, tmp_path)
    await examiner.examine(b"x")
    looking = asyncio.create_task(examiner.examine(picture(size=(7000, 7000))))
    await asyncio.sleep(0)
    assert process._process is not None
    process._process.kill()
    with pytest.raises(UnavailableError):
        await looking
    assert (await examiner.examine(b"x"))["kind"] == "file"
    await process.close()


async def test_whoever_looks_can_open_nothing(tmp_path: Path) -> None:
    """Said by the kernel: a child that confines itself as the examiner's do, and then tries."""
    script = """
import json, os, socket
from hyred_chat.files.examiner.confinement import confine, isolate
isolate([0, 1, 2])
confine({"outputBytes": 1000, "memoryBytes": 2**30, "seconds": 5})
tried = {}
def attempt(name, action):
    try:
        action()
        tried[name] = "done"
    except BaseException as error:
        tried[name] = type(error).__name__
attempt("file", lambda: open("/etc/passwd"))
attempt("socket", lambda: socket.socket())
attempt("memory", lambda: bytearray(2**31))
os.write(1, json.dumps(tried).encode())
"""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE, cwd=tmp_path
    )
    said, _ = await child.communicate()
    assert said == b'{"file": "OSError", "socket": "OSError", "memory": "MemoryError"}'
