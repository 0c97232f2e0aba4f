"""Rooms on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hyred_chat.accounts.schemas import User
from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.validation import Id

RoomType = Literal["direct", "support", "group"]
RoomStatus = Literal["active", "archived", "blocked"]
MemberRole = Literal["owner", "admin", "member"]
# Of a member's list: archived rooms, or of the others all, those that are unread, or groups.
RoomFilter = Literal["all", "unread", "groups", "archived"]
MessageType = Literal["text", "image", "file", "system"]
AttachmentKind = Literal["image", "video", "audio", "voice", "pdf", "file"]
RoomId = Id
UserId = Id
MessageId = Id
# A position in a room; JavaScript's largest exact integer is the largest that any client could name.
Seq = Annotated[int, Field(ge=0, le=2**53 - 1)]


class GroupParticipant(WireModel):
    """A group in the place where clients of the first design look for the other person."""

    id: str
    name: str
    avatar: str | None
    role: Literal["group"]


class RoomMember(User):
    """A member of a room; in a group, with the role that they have there."""

    member_role: MemberRole | None = None


class LastMessage(WireModel):
    """The newest message of a room, as lists show it.

    `attachments` is how many files it has, `attachmentKind` the kind of all of them, `file` where there are several.
    `hasCaption` is false where its content is nothing but their names.
    """

    id: str
    seq: int
    content: str
    type: MessageType
    # Of a message of the system, so that clients can say in any language what has happened.
    metadata: dict[str, Any] | None
    sender_id: str
    sender_name: str
    created_at: str
    deleted_at: str | None
    attachments: int
    attachment_kind: AttachmentKind | None
    has_caption: bool
    is_own: bool


class Room(WireModel):
    """A room as one member sees it. `RoomState.encode_for` writes it; this class describes it."""

    id: str
    type: RoomType
    status: RoomStatus
    # The caller has blocked the other person. Who was blocked is not told by whom.
    blocked_by: Literal["me"] | None
    title: str | None
    created_at: str
    last_message_at: str | None
    last_seq: int
    last_change: int
    last_read_seq: int
    unread_count: int
    marked_unread: bool
    archived: bool
    muted: str | None
    my_role: MemberRole
    pinned: list[int]
    other_participant: User | GroupParticipant | None
    members: list[RoomMember]
    last_message: LastMessage | None


class RoomReference(WireModel):
    """What the room of a message is called, as one member sees it. `RoomState.encode_reference` writes it."""

    id: str
    title: str | None
    other_participant: User | GroupParticipant | None


class CreateRoom(RequestModel):
    """`POST /api/chat/rooms`."""

    participant_id: UserId
    type: Literal["direct", "support"] | None = None


class CreatedRoom(WireModel):
    """The answer to `CreateRoom`: `existing` when somebody had asked for this pair before."""

    room_id: str
    existing: bool


class ArchiveRoom(RequestModel):
    """`PUT /api/chat/rooms/{id}/archive`. `seq`: the newest message that the caller knows of."""

    archived: bool
    seq: Seq | None = None


class MarkUnread(RequestModel):
    """`PUT /api/chat/rooms/{id}/unread`."""

    unread: bool


class JoinChat(RequestModel):
    """The payload of `join_chat`."""

    chat_room_id: RoomId
    after_seq: Seq | None = None
    after_change: Seq | None = None


class LeaveChat(RequestModel):
    """The payload of `leave_chat`."""

    chat_room_id: RoomId
