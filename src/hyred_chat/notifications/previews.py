"""What a notification says of a conversation: who, where, and what in short."""

from hyred_chat.messages.attached import NO_FILES, FilesInShort
from hyred_chat.notifications.texts import Texts
from hyred_chat.text.isolation import isolate
from hyred_chat.text.marks import without_marks
from hyred_chat.text.previews import cut

PREVIEW_CHARS = 140


def title_of(sender_name: str | None, room_title: str | None) -> str:
    """Who wrote, and where when the room has a title."""
    title = sender_name or "Hyred Chat"
    return f"{isolate(title)} · {isolate(room_title)}" if room_title else title


def preview_of(message_type: str, content: str, texts: Texts, files: FilesInShort = NO_FILES) -> str:
    """What was sent, in short, and without the marks that say how it is drawn.

    Of files with a caption, that; of files alone, what they are.
    """
    if files.kind is not None:
        if files.has_caption:
            return cut(without_marks(content), PREVIEW_CHARS)
        one, several = texts.files[files.kind]
        return one if files.number == 1 else several.format(count=files.number)
    match message_type:
        case "image":
            return texts.picture
        case "file":
            return texts.file
        case "text":
            return cut(without_marks(content), PREVIEW_CHARS)
        case _:
            return cut(content, PREVIEW_CHARS)


def count_of(messages: int, texts: Texts) -> str:
    """Of more than one message."""
    return texts.new_messages.format(count=messages)
