"""Receipts on the wire."""

from typing import Annotated

from pydantic import Field

from hyred_chat.http.models import WireModel
from hyred_chat.messages.schemas import MessageStatus
from hyred_chat.rooms.schemas import RoomId, Seq


class MarkMessageRead(WireModel):
    """The payload of `mark_message_read`."""

    message_id: Annotated[str, Field(min_length=1, max_length=128)]


class MarkPosition(WireModel):
    """The payload of `mark_read` and `mark_delivered`."""

    chat_room_id: RoomId
    seq: Seq


class ReadMessage(WireModel):
    """The answer to `PUT /api/chat/messages/{id}/read`."""

    message_id: str
    status: MessageStatus


class UnreadCount(WireModel):
    """The answer to `GET /api/chat/unread-count`: all unread messages, and those of each room that has any."""

    count: int
    rooms: dict[str, int]
