"""What a notification says of a conversation: who, where, and what in short."""

from hyred_chat.messages.attached import NO_FILES, FilesInShort
from hyred_chat.notifications.texts import Texts
from hyred_chat.text.isolation import isolate
from hyred_chat.text.marks import without_marks
from hyred_chat.text.previews import cut

PREVIEW_CHARS = 140
# One of these is known by its name, in the list of conversations and in quotes, too.
NAMED = frozenset({"audio", "pdf", "file"})


def title_of(sender_name: str | None, room_title: str | None) -> str:
    """Who wrote, and where when the room has a title."""
    title = sender_name or "Hyred Chat"
    return f"{isolate(title)} · {isolate(room_title)}" if room_title else title


def preview_of(message_type: str, content: str, texts: Texts, files: FilesInShort = NO_FILES) -> str:
    """What was sent, in short, and without the marks that say how it is drawn.

    Of files with a caption, that; of files alone, what they are, and of one that is known by its name, that: the
    content is their names then.
    """
    if files.kind is not None and not files.has_caption:
        return _files_alone(files.kind, files.number, content, texts)
    if files.kind is not None or message_type == "text":
        return cut(without_marks(content), PREVIEW_CHARS)
    return {"image": texts.picture, "file": texts.file}.get(message_type) or cut(content, PREVIEW_CHARS)


def _files_alone(kind: str, number: int, names: str, texts: Texts) -> str:
    if number == 1 and kind in NAMED:
        return cut(names, PREVIEW_CHARS)
    one, several = texts.files[kind]
    return one if number == 1 else several.format(count=number)


def count_of(messages: int, texts: Texts) -> str:
    """Of more than one message."""
    return texts.new_messages.format(count=messages)
