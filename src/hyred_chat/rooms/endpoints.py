"""HTTP: a member's rooms."""

from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.accounts.large_answers import LARGE_ANSWER
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.pages import PAGE_BYTES
from hyred_chat.rooms.schemas import CreatedRoom, CreateRoom, Room, RoomId
from hyred_chat.rooms.service import Rooms

# Clients of the first design ask for their rooms without a limit, expect to see them all, and know of no next page.
MAX_ROOMS = 500
MAX_BYTES = 4 * PAGE_BYTES
MAX_PAGE = 100

router = APIRouter(prefix="/api/chat/rooms", tags=["rooms"], route_class=PersonRoute)


def rooms_of(request: Request) -> Rooms:
    """The application's rooms."""
    return cast("Rooms", request.app.state.rooms)


RoomsService = Annotated[Rooms, Depends(rooms_of)]


@router.get("", response_model=Success[list[Room]], dependencies=[LARGE_ANSWER])
async def list_rooms(
    caller: Caller,
    rooms: RoomsService,
    limit: Annotated[int | None, Query(ge=1, le=MAX_PAGE)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The caller's rooms, latest activity first, empty rooms last. Without `limit`, up to 500."""
    max_bytes = PAGE_BYTES if limit else MAX_BYTES
    page = await rooms.list_for_member(caller.id, limit=limit or MAX_ROOMS, cursor=cursor, max_bytes=max_bytes)
    return respond(page.rooms, page=Page(next_cursor=page.next_cursor))


@router.post("", response_model=Success[CreatedRoom])
async def create_room(caller: Caller, rooms: RoomsService, request: CreateRoom) -> Response:
    """The one room of the caller and another; made if there is none, whoever asks first."""
    room_id, existing = await rooms.create_pair(caller, request)
    return respond(CreatedRoom(room_id=room_id, existing=existing))


@router.get("/{room_id}", response_model=Success[Room])
async def get_room(caller: Caller, rooms: RoomsService, room_id: RoomId) -> Response:
    """One of the caller's rooms."""
    state = await rooms.get_for_member(room_id, caller.id)
    return respond(orjson.Fragment(state.encode_for(caller.id)))
