"""HTTP: changing groups. They are made as every room is (`rooms/endpoints.py`)."""

from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.groups.schemas import ChangeGroup, PutMember
from hyred_chat.groups.service import Groups
from hyred_chat.http.envelope import Success, respond
from hyred_chat.limits import RateLimit
from hyred_chat.rooms.schemas import Room, RoomId, UserId
from hyred_chat.rooms.state import RoomState

router = APIRouter(prefix="/api/chat/rooms", tags=["groups"], route_class=PersonRoute)


async def groups_of(request: Request) -> Groups:
    """The application's groups."""
    return cast("Groups", request.app.state.groups)


async def message_rate_of(request: Request) -> RateLimit:
    """The rate of messages."""
    return cast("RateLimit", request.app.state.message_rate)


async def take_from_rate(caller: Caller, rate: Annotated[RateLimit, Depends(message_rate_of)]) -> None:
    """Whatever changes a group is told in a message, and counts as one. Raises `RateLimitedError`."""
    rate.take(caller.id)


GroupsService = Annotated[Groups, Depends(groups_of)]
RATE = Depends(take_from_rate)


@router.patch("/{room_id}", response_model=Success[Room], dependencies=[RATE])
async def change_group(caller: Caller, groups: GroupsService, room_id: RoomId, request: ChangeGroup) -> Response:
    """Give a group another title or picture. What is left out stays; null removes the picture.

    A picture is an https address, or the `fileId` of one that the caller has uploaded in this room and not used yet.
    """
    return _respond(await groups.change(caller, room_id, request), caller.id)


# The host's ids may hold slashes: the rest of the path is the id.
@router.put("/{room_id}/members/{user_id:path}", response_model=Success[Room], dependencies=[RATE])
async def put_member(
    caller: Caller, groups: GroupsService, room_id: RoomId, user_id: UserId, request: PutMember | None = None
) -> Response:
    """Let somebody into a group, or give a member another role."""
    role = None if request is None else request.role
    return _respond(await groups.put_member(caller, room_id, user_id, role), caller.id)


@router.delete("/{room_id}/members/{user_id:path}", response_model=Success[Room | None], dependencies=[RATE])
async def remove_member(caller: Caller, groups: GroupsService, room_id: RoomId, user_id: UserId) -> Response:
    """Put somebody out of a group, or leave it: then there is no Room in the answer."""
    if user_id == caller.id:
        await groups.leave(caller, room_id)
        return respond(None)
    return _respond(await groups.remove_member(caller, room_id, user_id), caller.id)


def _respond(state: RoomState, user_id: str) -> Response:
    return respond(orjson.Fragment(state.encode_for(user_id)))
