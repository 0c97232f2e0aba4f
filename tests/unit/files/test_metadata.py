"""What is kept of pictures, sound and video says how it is drawn or played, and nothing else: by another reader."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from hyred_chat.files.examiner_process import ExaminerProcess
from tests.unit.files.corpus import SECRET, animation, movie, photograph, recording, with_cover

EXIFTOOL: Final = shutil.which("exiftool", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
# Of the file on disk, of the reader itself, and what it works out.
OUTSIDE: Final = {"ExifTool", "System", "Composite"}
# What a decoder needs, by the groups that the reader puts them in.
NEEDED: Final = {
    "File": {
        "FileType", "FileTypeExtension", "MIMEType", "ImageWidth", "ImageHeight", "EncodingProcess", "BitsPerSample",
        "ColorComponents", "YCbCrSubSampling",
    },
    "JFIF": {"JFIFVersion", "ResolutionUnit", "XResolution", "YResolution"},
    "PNG": {
        "ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace", "Palette",
        "Transparency",
    },
    "RIFF": {
        "WebP_Flags", "ImageWidth", "ImageHeight", "BackgroundColor", "AnimationLoopCount", "FrameCount", "Duration",
        "VP8Version", "HorizontalScale", "VerticalScale", "AlphaFiltering", "AlphaCompression", "AlphaPreprocessing",
    },
}  # fmt: skip

pytestmark = pytest.mark.skipif(EXIFTOOL is None, reason="exiftool is not here: scripts/install-test-tools gets it")


@pytest.fixture(scope="module")
async def process() -> AsyncIterator[ExaminerProcess]:
    examiner = ExaminerProcess()
    yield examiner
    await examiner.close()


async def read_after(process: ExaminerProcess, folder: Path, content: bytes) -> dict[str, dict[str, Any]]:
    """What the reader finds in what is kept of a file, and in its previews, by their names."""
    source = folder / "source"
    source.write_bytes(content)
    assert SECRET in json.dumps(read(source)), "the reader finds it before"
    seen = await process.examine(source, folder, size=len(content), is_voice=False)
    kept = folder / "content" if seen.get("isContent") else source
    return {path.name: read(path) for path in (kept, *(folder / name for name in seen.get("previews", ())))}


def read(path: Path) -> dict[str, Any]:
    """All that the reader knows how to find, unknown tags and trailers included, as `group:name`."""
    command = [str(EXIFTOOL), "-json", "-groupNames1", "-duplicates", "-unknown2", "-extractEmbedded", str(path)]
    read = subprocess.run(command, capture_output=True, check=False, timeout=30)
    [found] = json.loads(read.stdout)
    return {name: value for name, value in found.items() if name.partition(":")[0] not in {"SourceFile", *OUTSIDE}}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_pictures_and_their_previews_say_how_they_are_drawn_and_nothing_else(
    process: ExaminerProcess, tmp_path: Path, kind: str
) -> None:
    for name, found in (await read_after(process, tmp_path, photograph(kind, orientation=6))).items():
        for tag in found:
            group, _, field = tag.partition(":")
            assert field in NEEDED.get(group, ()), (name, tag, found[tag])


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
async def test_what_moves_says_nothing_else_either(process: ExaminerProcess, tmp_path: Path, kind: str) -> None:
    for name, found in (await read_after(process, tmp_path, animation(kind, says=SECRET))).items():
        for tag in found:
            group, _, field = tag.partition(":")
            assert field in NEEDED.get(group, ()), (name, tag, found[tag])


@pytest.mark.parametrize(
    "content",
    [
        with_cover(recording("mp3", "mp3")),
        recording("ipod", "aac"),
        recording("flac", "flac"),
        recording("wav", "pcm_s16le"),
        recording("ogg", "libopus"),
        movie("mp4", "libx264"),
        movie("mov", "libx264"),
        movie("webm", "libvpx-vp9"),
    ],
    ids=["mp3", "m4a", "flac", "wav", "ogg", "mp4", "mov", "webm"],
)
async def test_sound_and_video_say_nothing_of_who_made_them_where(
    process: ExaminerProcess, tmp_path: Path, content: bytes
) -> None:
    for name, found in (await read_after(process, tmp_path, content)).items():
        said = json.dumps(found)
        for part in (SECRET, "GPS", "Title", "Artist", "Comment", "Picture", "14.5995", "14 deg"):
            assert part not in said, (name, found)
