"""Messages on the wire, and what is accepted as one."""

import math
import re
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, Field

from hyred_chat.accounts.schemas import User
from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.rooms.schemas import MessageType, RoomId, Seq
from hyred_chat.text.cleaning import clean

SentType = Literal["text", "image", "file"]
MessageStatus = Literal["sent", "delivered", "read"]

# Far above any HYRED_MAX_MESSAGE_CHARS: it keeps the regular expressions below away from megabytes.
ABSOLUTE_MAX_CHARS = 100_000
MAX_NESTING = 32

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _check_characters(text: str) -> str:
    if _CONTROL_CHARACTER.search(text):
        raise ValueError("holds control characters")
    return text


def _clean_content(text: str) -> str:
    if not (cleaned := clean(text)):  # pydantic has refused lone surrogates before
        raise ValueError("must not be empty")
    return cleaned


def _check_json(value: object, depth: int = 1) -> None:
    """What the encoder would accept and change (NaN becomes null), or not survive (depth)."""
    if depth > MAX_NESTING:
        raise ValueError(f"is nested more than {MAX_NESTING} levels deep")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("holds a number that JSON does not have")
    if isinstance(value, str) and "\0" in value:
        raise ValueError("holds a null character, which cannot be stored")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_json(key, depth)
            _check_json(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_json(inner, depth + 1)


def _check_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    _check_json(metadata)
    try:
        orjson.dumps(metadata)
    except TypeError:
        raise ValueError("is not valid JSON") from None
    return metadata


class PostMessage(RequestModel):
    """The body of `POST /api/chat/rooms/{id}/messages`; the room is in the path.

    `content` comes out cleaned (`text.cleaning`). The bounds that are settings (characters, bytes of metadata) are kept
    by `Messages.send`.
    """

    content: Annotated[str, Field(max_length=ABSOLUTE_MAX_CHARS), AfterValidator(_clean_content)]
    type: SentType | None = None
    client_message_id: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_check_characters)] | None = (
        None
    )
    metadata: Annotated[dict[str, Any], AfterValidator(_check_metadata)] | None = None


class SendMessage(PostMessage):
    """The payload of `send_message`."""

    chat_room_id: RoomId


class Quote(WireModel):
    """The message that another one answers, as it is now; the first 200 code points of its content."""

    id: str
    seq: int
    sender_id: str
    sender_name: str
    content: str
    type: MessageType
    deleted_at: str | None


class Reaction(WireModel):
    """An emoji on a message, and the first 20 people who reacted with it."""

    emoji: str
    count: int
    user_ids: list[str]
    is_own: bool


class Attachment(WireModel):
    """A file that was sent with a message."""

    id: str
    name: str
    size: int
    content_type: str
    kind: Literal["image", "video", "audio", "voice", "pdf", "file"]
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: list[int] | None
    placeholder: str | None
    url: str
    preview_url: str | None


class Message(WireModel):
    """A message as a member sees it. `records.encode_message` writes it; this class describes it."""

    id: str
    room_id: str
    seq: int
    client_message_id: str | None
    sender_id: str
    sender: User
    content: str
    type: MessageType
    status: MessageStatus
    metadata: dict[str, Any] | None
    created_at: str
    change: int
    edited_at: str | None
    deleted_at: str | None
    deleted_by: str | None
    reply_to: Quote | None
    mentions: list[str]
    reactions: list[Reaction]
    attachments: list[Attachment]
    pinned_at: str | None
    is_own: bool


class Sync(RequestModel):
    """What a client has, by room: `{roomId: the seq it has everything up to}`."""

    rooms: Annotated[dict[RoomId, Seq], Field(max_length=1000)]


class Position(WireModel):
    """How far a member of a room has read and received."""

    last_read_seq: int
    last_delivered_seq: int


class SyncedRoom(WireModel):
    """What a client missed in one room; `reload` when it has more than the server ever stored."""

    room_id: str
    messages: list[Message]
    last_seq: int
    cursors: dict[str, Position]
    reload: bool


class Synced(WireModel):
    """The answer to `sync`; with `more`, ask again from the last message received in each room."""

    rooms: list[SyncedRoom]
    more: bool
