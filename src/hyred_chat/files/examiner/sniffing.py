"""What a file is by its first bytes: a list of what is known to be what it seems. All else is bytes, to be downloaded.

Whatever a browser could run or draw by itself (HTML, SVG, XML, scripts) is on purpose not on it.
"""

from dataclasses import dataclass
from typing import BinaryIO, Final, Literal, TypeAlias
from zipfile import BadZipFile, ZipFile

HEAD_BYTES: Final = 64
PLAIN: Final = "application/octet-stream"
# Entries of an archive that are looked at.
_MAX_ENTRIES: Final = 200

Family: TypeAlias = Literal["picture", "pdf", "video", "audio", "file"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What it is: `content_type` for whoever downloads it."""

    family: Family
    content_type: str = PLAIN


_PICTURE_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_AUDIO_BRANDS: Final = {b"M4A ", b"M4B ", b"F4A "}

_STARTS: Final = (
    (b"\xff\xd8\xff", Seen("picture")),
    (b"\x89PNG\r\n\x1a\n", Seen("picture")),
    (b"GIF87a", Seen("picture")),
    (b"GIF89a", Seen("picture")),
    (b"%PDF-", Seen("pdf", "application/pdf")),
    (b"OggS", Seen("audio", "audio/ogg")),
    (b"fLaC", Seen("audio", "audio/flac")),
    (b"ID3", Seen("audio", "audio/mpeg")),
    (b"\xff\xfb", Seen("audio", "audio/mpeg")),
    (b"\xff\xf3", Seen("audio", "audio/mpeg")),
    (b"\xff\xf2", Seen("audio", "audio/mpeg")),
    (b"\xff\xf1", Seen("audio", "audio/aac")),
    (b"\xff\xf9", Seen("audio", "audio/aac")),
    (b"\x1a\x45\xdf\xa3", Seen("video", "video/webm")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Seen("file", "application/x-ole-storage")),
    (b"{\\rtf", Seen("file", "application/rtf")),
    (b"7z\xbc\xaf\x27\x1c", Seen("file", "application/x-7z-compressed")),
    (b"Rar!\x1a\x07", Seen("file", "application/vnd.rar")),
    (b"\x1f\x8b\x08", Seen("file", "application/gzip")),
)

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OFFICE_TYPES: Final = {
    "word/": f"{_OFFICE}wordprocessingml.document",
    "xl/": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}presentationml.presentation",
}
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."


def sniff(source: BinaryIO) -> Seen:
    """What a file is. It is left at its start."""
    source.seek(0)
    head = source.read(HEAD_BYTES)
    source.seek(0)
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head[:4] == b"RIFF":
        kinds = {b"WEBP": Seen("picture"), b"WAVE": Seen("audio", "audio/wav")}
        return kinds.get(head[8:12], Seen("file"))
    for start, seen in _STARTS:
        if head.startswith(start):
            return seen
    if head.startswith(b"PK\x03\x04"):
        return Seen("file", _of_archive(source))
    return Seen("file")


def _of_brand(brand: bytes) -> Seen:
    if brand in _PICTURE_BRANDS:
        return Seen("picture")
    if brand in _AUDIO_BRANDS:
        return Seen("audio", "audio/mp4")
    return Seen("video", "video/quicktime" if brand == b"qt  " else "video/mp4")


def _of_archive(source: BinaryIO) -> str:
    """The type of a document that is an archive, by the names in it. Nothing is unpacked."""
    kind = "application/zip"
    try:
        archive = ZipFile(source)
        for entry in archive.infolist()[:_MAX_ENTRIES]:
            found = next((each for start, each in _OFFICE_TYPES.items() if entry.filename.startswith(start)), None)
            if found is not None:
                kind = found
                break
            if entry.filename == "mimetype" and entry.file_size < HEAD_BYTES and not entry.compress_type:
                said = archive.read(entry).decode("ascii", "replace")
                if said.startswith(_OPEN_DOCUMENT) and said.removeprefix(_OPEN_DOCUMENT).isalpha():
                    kind = said
                break
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        kind = PLAIN
    source.seek(0)
    return kind
