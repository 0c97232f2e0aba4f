"""What is said of the files of a message: its type, its content where nothing was written, and both in short."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from hyred_chat.files.attachments import Attachment
from hyred_chat.text.previews import cut

# Of the names of files, which are the content of a message that was sent without one.
MAX_CONTENT_CHARS = 300


class SentFile(NamedTuple):
    """A file as somebody sends it: its id, and their words for what can be seen in it."""

    id: str
    alt: str | None = None


class FilesInShort(NamedTuple):
    """What previews of a message say of its files.

    Attributes:
        kind: that all of them have, `file` where they have several; None without files.
        has_caption: whether the content is more than their names. It is so without files.
    """

    number: int = 0
    kind: str | None = None
    has_caption: bool = True

    def as_fields(self) -> dict[str, Any]:
        """Their fields of the contract's Quote and LastMessage."""
        return {"attachments": self.number, "attachmentKind": self.kind, "hasCaption": self.has_caption}


NO_FILES = FilesInShort()


def in_short(content: str, attachments: Sequence[Attachment]) -> FilesInShort:
    """What previews say of the files of a message with this content."""
    return in_short_of(content, [(each.kind, each.name) for each in attachments]) if attachments else NO_FILES


def in_short_of(content: str, files: Sequence[tuple[str, str]]) -> FilesInShort:
    """Likewise of their kinds and names. Of the content, one character more than names have is enough."""
    kinds = {kind for kind, _ in files}
    names = _content_of_names(name for _, name in files)
    return FilesInShort(len(files), kinds.pop() if len(kinds) == 1 else "file", content != names)


def type_of(attachments: Iterable[Attachment]) -> str:
    """The type of a message with these files."""
    return "image" if all(each.kind == "image" for each in attachments) else "file"


def content_of(attachments: Iterable[Attachment]) -> str:
    """What a message with these files says where nothing was written: clients that know no files show their names."""
    return _content_of_names(each.name for each in attachments)


def _content_of_names(names: Iterable[str]) -> str:
    return cut(", ".join(names), MAX_CONTENT_CHARS)
