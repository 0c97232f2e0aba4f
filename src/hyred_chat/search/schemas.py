"""The search on the wire."""

from datetime import datetime
from typing import Literal

from hyred_chat.http.models import WireModel
from hyred_chat.messages.schemas import Message
from hyred_chat.rooms.schemas import RoomReference
from hyred_chat.search.folded import Has

MAX_QUERY_CHARS = 200
MAX_FOUND = 50
Order = Literal["newest", "relevance"]


class FoundMessage(WireModel):
    """A message that was found. `highlights` are `[start, end)` in code points of its content."""

    message: Message
    room: RoomReference
    highlights: list[tuple[int, int]]


class SearchRequest(WireModel):
    """What is asked, checked."""

    q: str
    room_id: str | None
    sender_id: str | None
    has: Has | None
    since: datetime | None
    until: datetime | None
    order: Order
    limit: int
    cursor: str | None
