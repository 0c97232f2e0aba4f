"""Messages on the wire, and what is accepted as one."""

import math
import re
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BeforeValidator, Field

from hyred_chat.accounts.schemas import User
from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.rooms.schemas import AttachmentKind, MessageId, MessageType, RoomId, Seq, UserId
from hyred_chat.text.cleaning import clean, clean_line
from hyred_chat.text.emoji import canonical_emoji
from hyred_chat.validation import Id

SentType = Literal["text", "image", "file"]
MessageStatus = Literal["sent", "delivered", "read"]

# Far above any HYRED_MAX_MESSAGE_CHARS: it keeps the regular expressions below away from megabytes.
ABSOLUTE_MAX_CHARS = 100_000
MAX_NESTING = 32
# People whom one message mentions.
MAX_MENTIONS = 100
# Files that are sent with one.
MAX_ATTACHMENTS = 10
# Of what can be seen in a file.
MAX_ALT_CHARS = 500
EMPTY = "must not be empty"

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _check_characters(text: str) -> str:
    if not text.isprintable() and _CONTROL_CHARACTER.search(text):
        raise ValueError("holds control characters")
    return text


def _clean_content(text: str) -> str:
    if not (cleaned := clean(text)):  # pydantic has refused lone surrogates before
        raise ValueError(EMPTY)
    return cleaned


def _clean_alt(text: str) -> str:
    if not (cleaned := clean_line(text)):
        raise ValueError(EMPTY)
    return cleaned


def _as_sent_file(value: object) -> object:
    if isinstance(value, str):
        return {"id": value}
    if isinstance(value, dict):
        return value
    raise ValueError("must be an id or an object")


def _check_different(files: "list[AttachedFile]") -> "list[AttachedFile]":
    if len({each.id for each in files}) < len(files):
        raise ValueError("must not have a file twice")
    return files


def _check_emoji(text: str) -> str:
    if (emoji := canonical_emoji(text)) is None:
        raise ValueError("must be one emoji")
    return emoji


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


Content = Annotated[str, Field(max_length=ABSOLUTE_MAX_CHARS), AfterValidator(_clean_content)]
# Of a message that may have files. Whether it may be empty is known by `Messages.send`.
Caption = Annotated[str, Field(max_length=ABSOLUTE_MAX_CHARS), AfterValidator(clean)]
Alt = Annotated[str, Field(min_length=1, max_length=MAX_ALT_CHARS), AfterValidator(_clean_alt)]
ClientMessageId = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_check_characters)]
Mentions = Annotated[list[UserId], Field(max_length=MAX_MENTIONS)]
Change = Annotated[int, Field(ge=0, le=2**53 - 1)]
Emoji = Annotated[str, Field(min_length=1, max_length=ABSOLUTE_MAX_CHARS), AfterValidator(_check_emoji)]


class AttachedFile(RequestModel):
    """A file that is sent, and what can be seen or heard in it, for those who cannot. An id alone means the same."""

    id: Id
    alt: Alt | None = None


Attachments = Annotated[
    list[Annotated[AttachedFile, BeforeValidator(_as_sent_file, json_schema_input_type=Id | AttachedFile)]],
    Field(max_length=MAX_ATTACHMENTS),
    AfterValidator(_check_different),
]


class PostMessage(RequestModel):
    """The body of `POST /api/chat/rooms/{id}/messages`; the room is in the path.

    `content` comes out cleaned (`text.cleaning`). Only with `attachments` it may be empty; `Messages.send` checks that,
    and keeps the bounds that are settings (characters, bytes of metadata).
    """

    content: Caption = ""
    type: SentType | None = None
    client_message_id: ClientMessageId | None = None
    metadata: Annotated[dict[str, Any], AfterValidator(_check_metadata)] | None = None
    reply_to: MessageId | None = None
    mentions: Mentions | None = None
    attachments: Attachments | None = None


class SendMessage(PostMessage):
    """The payload of `send_message`."""

    chat_room_id: RoomId


class PatchMessage(RequestModel):
    """The body of `PATCH /api/chat/messages/{id}`; the message is in the path.

    `if_change`: the newest change of the message that the caller knows. Without `mentions` they stay as they are.
    """

    content: Content
    mentions: Mentions | None = None
    if_change: Change | None = None


class EditMessage(PatchMessage):
    """The payload of `edit_message`: one's own message, by its id or by the one that it was sent with."""

    message_id: MessageId | None = None
    client_message_id: ClientMessageId | None = None


class DeleteMessage(RequestModel):
    """The payload of `delete_message`."""

    message_id: MessageId


class ReactToMessage(RequestModel):
    """The payload of `react`: the emoji is set, or taken back."""

    message_id: MessageId
    emoji: Emoji
    on: bool


class PinMessage(RequestModel):
    """The payload of `pin_message`."""

    message_id: MessageId
    on: bool


class Version(WireModel):
    """What a message said before it was edited, and since when."""

    content: str
    created_at: str


class Quote(WireModel):
    """The message that another one answers, as it is now; the first 200 code points of its content.

    `attachments` is how many files it has, `attachmentKind` the kind of all of them, `file` where there are several.
    `hasCaption` is false where its content is nothing but their names.
    """

    id: str
    seq: int
    sender_id: str
    sender_name: str
    content: str
    type: MessageType
    deleted_at: str | None
    attachments: int
    attachment_kind: AttachmentKind | None
    has_caption: bool


class Reaction(WireModel):
    """An emoji on a message, and the first 20 people who reacted with it."""

    emoji: str
    count: int
    user_ids: list[str]
    is_own: bool


class Attachment(WireModel):
    """A file that was sent with a message. Its addresses are the reader's own, and good for an hour."""

    id: str
    name: str
    size: int
    content_type: str
    kind: AttachmentKind
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: list[int] | None
    placeholder: str | None
    alt: str | None
    url: str
    preview_url: str | None
    large_preview_url: str | None


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


class Known(RequestModel):
    """What a client has of a room: all messages up to a seq, and of these all changes up to a number."""

    seq: Seq
    change: Change | None = None


class Sync(RequestModel):
    """What a client has, by room: `{roomId: the seq it has everything up to}`, or that and the newest change."""

    rooms: Annotated[dict[RoomId, Seq | Known], Field(max_length=1000)]

    def known(self) -> dict[str, Known]:
        """The same in one form."""
        return {
            room_id: each if isinstance(each, Known) else Known.model_construct(seq=each, change=None)
            for room_id, each in self.rooms.items()
        }


class Position(WireModel):
    """How far a member of a room has read and received."""

    last_read_seq: int
    last_delivered_seq: int


class SyncedRoom(WireModel):
    """What a client missed in one room; `reload` when it has more than the server ever stored.

    Of a room for which it gave a `change`, also what has become of messages that it has, ordered by `change`.
    """

    room_id: str
    messages: list[Message]
    changed: list[Message] | None = None
    last_seq: int
    last_change: int | None = None
    cursors: dict[str, Position]
    reload: bool


class Synced(WireModel):
    """The answer to `sync`; with `more`, ask again from the last message received in each room."""

    rooms: list[SyncedRoom]
    more: bool
