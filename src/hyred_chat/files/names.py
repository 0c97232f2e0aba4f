"""Names of files: what is kept of one, and how a browser is told it."""

import unicodedata
from typing import Final
from urllib.parse import quote

from hyred_chat.text.cleaning import clean_line
from hyred_chat.text.previews import beginning_of

MAX_NAME_CHARS: Final = 200
_FALLBACK: Final = "file"
# Parts of paths, and what systems of files give a meaning.
_REPLACED: Final = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def clean_name(name: str) -> str:
    """A name on one line, without parts of a path or marks that turn its direction; `file` where nothing is left."""
    cleaned = clean_line(unicodedata.normalize("NFC", name)).translate(_REPLACED).strip(" .")
    cleaned = "".join(each for each in cleaned if unicodedata.category(each) != "Cf" or each == "\u200d")
    return _shortened(cleaned) or _FALLBACK


def with_extension(name: str, extension: str, known: tuple[str, ...] = ()) -> str:
    """The name of what was made of a file.

    Args:
        extension: with its dot, of what it is.
        known: other extensions of the same type, which are left as they are.
    """
    stem, dot, ending = name.rpartition(".")
    if dot and f".{ending.lower()}" in (extension, *known):
        return name
    return _shortened((stem if stem and len(ending) <= 5 else name) + extension)  # noqa: PLR2004  # .heic, .jpeg


def content_disposition(name: str, *, inline: bool) -> str:
    """The header that says how to show a file and what to call it (RFC 6266)."""
    kind = "inline" if inline else "attachment"
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME_CHARS:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:  # noqa: PLR2004  # no extension is as long
        return beginning_of(name, MAX_NAME_CHARS)
    return beginning_of(stem, MAX_NAME_CHARS - len(ending) - 1) + dot + ending
