"""Receipts on the wire."""

from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.messages.schemas import MessageStatus
from hyred_chat.rooms.schemas import MessageId, RoomId, Seq


class MarkMessageRead(RequestModel):
    """The payload of `mark_message_read`."""

    message_id: MessageId


class MarkPosition(RequestModel):
    """The payload of `mark_read` and `mark_delivered`."""

    chat_room_id: RoomId
    seq: Seq


class ReadMessage(WireModel):
    """The answer to `PUT /api/chat/messages/{id}/read`."""

    message_id: str
    status: MessageStatus


class Reader(WireModel):
    """Somebody who has read a message; `readAt` is null where it is not known when."""

    user_id: str
    read_at: str | None


class UnreadCount(WireModel):
    """The answer to `GET /api/chat/unread-count`: all unread messages, and those of each room that has any."""

    count: int
    rooms: dict[str, int]
