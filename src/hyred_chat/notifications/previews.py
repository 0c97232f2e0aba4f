"""What a notification says of a conversation: who, where, and what in short."""

from hyred_chat.notifications.texts import Texts

PREVIEW_CHARS = 140


def title_of(sender_name: str | None, room_title: str | None) -> str:
    """Who wrote, and where when the room has a title."""
    title = sender_name or "Hyred Chat"
    return f"{title} · {room_title}" if room_title else title


def preview_of(message_type: str, content: str, texts: Texts) -> str:
    """What was sent, in short."""
    body = {"image": texts.picture, "file": texts.file}.get(message_type, content)
    return body if len(body) <= PREVIEW_CHARS else body[: PREVIEW_CHARS - 1].rstrip() + "…"


def count_of(messages: int, texts: Texts) -> str:
    """Of more than one message."""
    return texts.new_messages.format(count=messages)
