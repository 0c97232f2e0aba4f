"""A message as the search sees it: what it says, the names of its files, who wrote it, and what it has."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

import orjson

from hyred_chat.files.attachments import Attachment
from hyred_chat.text.words import APART, Words

Has = Literal["file", "image", "link"]

_LINK = re.compile(r"\bhttps?://[^\s/]|\bwww\.[^\s.]+\.[^\s]", re.IGNORECASE)
_MAX_NAME_CHARS = 2_100  # of ten files


def words_of(content: str, message_type: str, metadata: str | None) -> Words:
    """The words of a message. Those of its content come first, at the places where they are in it."""
    name = _name_of(message_type, metadata)
    return Words(content if name is None else f"{content}{APART}{name}")


def names_of(attachments: Sequence[Attachment]) -> str:
    """What `words_of` takes as the metadata of a message with files, as the index reads it from the database."""
    return orjson.dumps({"name": APART.join(each.name for each in attachments)}).decode()


def has(content: str, message_type: str, kind: Has, *, has_picture: bool) -> bool:
    """Whether a message has a file that is no picture, a picture or a link.

    Args:
        has_picture: whether one of the files that it was sent with is one.
    """
    if kind == "link":
        return bool(_LINK.search(content))
    return message_type == kind or (kind == "image" and has_picture)


def list_terms(words: Words, content: str, message_type: str, sender_id: str, *, has_picture: bool) -> list[str]:
    """What a message is found by. What is not said in it is in capitals, which no folded text has.

    Args:
        has_picture: as for `has`.
    """
    kinds: tuple[Has, ...] = ("file", "image", "link")
    terms = [term_of_kind(kind) for kind in kinds if has(content, message_type, kind, has_picture=has_picture)]
    return [*words.list_terms(), term_of_sender(sender_id), *terms]


def term_of_kind(kind: Has) -> str:
    """What a message is found by that has something of this kind."""
    return f"H{kind}"


def term_of_sender(sender_id: str) -> str:
    """What the messages of a person are found by: short, since every message has it. Few people share one."""
    return f"S{blake2b(sender_id.encode(), digest_size=4).hexdigest()}"


def _name_of(message_type: str, metadata: str | None) -> str | None:
    if metadata is None or message_type not in {"image", "file"}:
        return None
    fields = orjson.loads(metadata)
    name = fields.get("name") if isinstance(fields, dict) else None
    return name[:_MAX_NAME_CHARS] if isinstance(name, str) else None
