"""Presence on the wire."""

from typing import Literal

from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.rooms.schemas import RoomId

Status = Literal["online", "away", "busy", "offline"]


class Typing(RequestModel):
    """The payload of `typing`."""

    chat_room_id: RoomId
    is_typing: bool


class UpdateStatus(RequestModel):
    """The payload of `update_status`; without a room, everybody who shares one is told."""

    status: Status
    chat_room_id: RoomId | None = None


class Presence(WireModel):
    """Somebody as those who share a room with them see them. `online` is false for who chose to be seen as offline."""

    user_id: str
    online: bool
    status: Status
    last_seen_at: str | None
