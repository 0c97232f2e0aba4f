"""Looking at one file: what it is, what of it is kept, and what is shown before it is opened."""

from collections.abc import Mapping
from concurrent.futures import Executor
from io import BytesIO
from typing import Any, BinaryIO, Final
from zipfile import ZipFile

from hyred_chat.files.examiner import documents, media, pictures
from hyred_chat.files.examiner.errors import RefusedError
from hyred_chat.files.examiner.sniffing import sniff

__all__ = ["OUTPUTS", "RefusedError", "examine", "warm_up"]

# What may be made of a file: itself, and what is shown of it.
OUTPUTS: Final = ("content", "preview", "large")


def examine(
    source: BinaryIO, outputs: Mapping[str, BinaryIO], *, is_voice: bool, beside: Executor | None = None
) -> dict[str, Any]:
    """Look at a file, and write what is made of it.

    Args:
        outputs: by the names of `OUTPUTS`, open to be written.
        is_voice: whether its owner says that it was spoken.
        beside: does one thing while this does another; None: one follows the other.

    Returns:
        What is said of it, as far as it is known: `kind` and `contentType`; `isContent` when `content` was written,
        else the file is kept as it is; `extension` of what was made, with its dot, and `extensions` of the same type;
        the names of `previews`; `width` and `height` in pixels, `durationMs`, `waveform`, and `placeholder` in base64.

    Raises:
        RefusedError: it cannot be sent.
    """
    seen = sniff(source)
    if seen.family == "picture":
        return pictures.examine(source, outputs, beside=beside)
    if seen.family == "pdf":
        return documents.examine(source, outputs)
    if seen.family in ("audio", "video") and media.IS_AVAILABLE:
        return media.examine(source, outputs, seen.content_type, is_voice=is_voice)
    if seen.family in ("audio", "video"):
        # WebM is for both: what was said decides how it is shown, and nothing else.
        kind = "voice" if is_voice else seen.family
        content_type = seen.content_type.replace("video/", "audio/") if is_voice else seen.content_type
        return {"kind": kind, "contentType": content_type}
    return {"kind": "file", "contentType": seen.content_type}


def warm_up() -> None:
    """Have in memory whatever is needed to look at a file: afterwards nothing can be opened any more."""
    pictures.warm_up()
    documents.warm_up()
    media.warm_up()
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        for name in ("a", "ä"):  # two encodings of names
            file.writestr(name, b"")
    examine(archive, {}, is_voice=False)
