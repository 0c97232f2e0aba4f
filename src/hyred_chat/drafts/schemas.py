"""Drafts on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.messages.schemas import ABSOLUTE_MAX_CHARS
from hyred_chat.rooms.schemas import MessageId, RoomId


def _check_storable(text: str) -> str:
    """It is kept as it is, with white space at its end: it is cleaned when it is sent."""
    if "\0" in text:
        raise ValueError("holds a null character, which cannot be stored")
    return text


class PutDraft(RequestModel):
    """`PUT /api/chat/rooms/{id}/draft`: what is written there by now; nothing of either ends the draft.

    `ageMs` is how long ago it was written, by whatever clock the client has: 0 when it is sent at once.
    """

    content: Annotated[str, Field(max_length=ABSOLUTE_MAX_CHARS), AfterValidator(_check_storable)]
    reply_to: MessageId | None = None
    age_ms: Annotated[int, Field(ge=0, le=2**53 - 1)] = 0


class SaveDraft(PutDraft):
    """`save_draft`: the same over a socket."""

    chat_room_id: RoomId


class Draft(WireModel):
    """What somebody has begun to write in a room. `content` is empty when that is nothing any more."""

    chat_room_id: str
    content: str
    reply_to: str | None
    updated_at: str
