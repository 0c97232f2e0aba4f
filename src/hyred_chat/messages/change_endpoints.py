"""HTTP: changing messages. The same as the events."""

from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.errors import BadRequestError
from hyred_chat.http.envelope import Success, respond
from hyred_chat.messages.change_service import Changes
from hyred_chat.messages.schemas import EditMessage, Message, PatchMessage, Version
from hyred_chat.rooms.schemas import MessageId, RoomId
from hyred_chat.text.emoji import canonical_emoji

router = APIRouter(prefix="/api/chat", tags=["messages"], route_class=PersonRoute)


async def changes_of(request: Request) -> Changes:
    """The application's changes."""
    return cast("Changes", request.app.state.changes)


ChangesService = Annotated[Changes, Depends(changes_of)]


@router.patch("/messages/{message_id}", response_model=Success[Message])
async def edit_message(
    caller: Caller, changes: ChangesService, message_id: MessageId, request: PatchMessage
) -> Response:
    """Give one's own message another content."""
    edit = EditMessage.model_construct(**dict(request))
    return respond(orjson.Fragment(await changes.edit(caller, edit, message_id=message_id)))


@router.get("/messages/{message_id}/versions", response_model=Success[list[Version]])
async def list_versions(caller: Caller, changes: ChangesService, message_id: MessageId) -> Response:
    """What a message said before it was edited, oldest first."""
    return respond(await changes.versions(caller.id, message_id))


@router.delete("/messages/{message_id}", response_model=Success[Message])
async def delete_message(caller: Caller, changes: ChangesService, message_id: MessageId) -> Response:
    """Delete a message for everybody."""
    return respond(orjson.Fragment(await changes.delete(caller, message_id)))


@router.put("/messages/{message_id}/reactions/{emoji}", response_model=Success[Message])
async def set_reaction(caller: Caller, changes: ChangesService, message_id: MessageId, emoji: str) -> Response:
    """React to a message."""
    return respond(orjson.Fragment(await changes.react(caller, message_id, _emoji_of(emoji), on=True)))


@router.delete("/messages/{message_id}/reactions/{emoji}", response_model=Success[Message])
async def take_reaction_back(caller: Caller, changes: ChangesService, message_id: MessageId, emoji: str) -> Response:
    """Take a reaction back."""
    return respond(orjson.Fragment(await changes.react(caller, message_id, _emoji_of(emoji), on=False)))


@router.put("/rooms/{room_id}/pins/{message_id}", response_model=Success[Message])
async def pin_message(caller: Caller, changes: ChangesService, room_id: RoomId, message_id: MessageId) -> Response:
    """Pin a message in its room."""
    return respond(orjson.Fragment(await changes.pin(caller, message_id, on=True, room_id=room_id)))


@router.delete("/rooms/{room_id}/pins/{message_id}", response_model=Success[Message])
async def unpin_message(caller: Caller, changes: ChangesService, room_id: RoomId, message_id: MessageId) -> Response:
    """Take a pin out."""
    return respond(orjson.Fragment(await changes.pin(caller, message_id, on=False, room_id=room_id)))


def _emoji_of(text: str) -> str:
    if (emoji := canonical_emoji(text)) is None:
        raise BadRequestError("emoji: must be one emoji.")
    return emoji
