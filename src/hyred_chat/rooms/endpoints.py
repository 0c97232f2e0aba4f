"""HTTP: a member's rooms."""

from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.accounts.large_answers import LARGE_ANSWER
from hyred_chat.groups.schemas import CreateGroup, NewRoom
from hyred_chat.groups.service import Groups
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.pages import PAGE_BYTES
from hyred_chat.rooms.schemas import ArchiveRoom, CreatedRoom, MarkUnread, Room, RoomFilter, RoomId
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.standing import Standing

# Clients of the first design ask for their rooms without a limit, expect to see them all, and know of no next page.
MAX_ROOMS = 500
MAX_BYTES = 4 * PAGE_BYTES
MAX_PAGE = 100

router = APIRouter(prefix="/api/chat/rooms", tags=["rooms"], route_class=PersonRoute)


async def rooms_of(request: Request) -> Rooms:
    """The application's rooms."""
    return cast("Rooms", request.app.state.rooms)


async def groups_of(request: Request) -> Groups:
    """The application's groups."""
    return cast("Groups", request.app.state.groups)


async def standing_of(request: Request) -> Standing:
    """What members have made of their rooms for themselves."""
    return cast("Standing", request.app.state.standing)


RoomsService = Annotated[Rooms, Depends(rooms_of)]
StandingService = Annotated[Standing, Depends(standing_of)]


@router.get("", response_model=Success[list[Room]], dependencies=[LARGE_ANSWER])
async def list_rooms(
    caller: Caller,
    rooms: RoomsService,
    limit: Annotated[int | None, Query(ge=1, le=MAX_PAGE)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    only: Annotated[RoomFilter | None, Query(alias="filter")] = None,
) -> Response:
    """The caller's rooms, latest activity first, empty rooms last. Without `limit`, up to 500.

    With `filter`, those that the caller has archived (`archived`), or of the others all, those that are unread, or
    groups.
    """
    max_bytes = PAGE_BYTES if limit else MAX_BYTES
    page = await rooms.list_for_member(
        caller.id, limit=limit or MAX_ROOMS, cursor=cursor, only=only, max_bytes=max_bytes
    )
    return respond(page.rooms, page=Page(next_cursor=page.next_cursor))


@router.post("", response_model=Success[CreatedRoom])
async def create_room(
    caller: Caller, rooms: RoomsService, groups: Annotated[Groups, Depends(groups_of)], request: NewRoom
) -> Response:
    """The one room of the caller and another, made if there is none, whoever asks first; or a new group."""
    if isinstance(request, CreateGroup):
        room_id, existing = await groups.create(caller, request)
    else:
        room_id, existing = await rooms.create_pair(caller, request)
    return respond(CreatedRoom(room_id=room_id, existing=existing))


@router.get("/{room_id}", response_model=Success[Room])
async def get_room(caller: Caller, rooms: RoomsService, room_id: RoomId) -> Response:
    """One of the caller's rooms."""
    state = await rooms.get_for_member(room_id, caller.id)
    return respond(orjson.Fragment(state.encode_for(caller.id)))


@router.put("/{room_id}/archive", response_model=Success[Room])
async def archive_room(caller: Caller, standing: StandingService, room_id: RoomId, request: ArchiveRoom) -> Response:
    """Archive a room for the caller alone, or bring it back."""
    state = await standing.archive(caller.id, room_id, archived=request.archived, seq=request.seq)
    return respond(orjson.Fragment(state.encode_for(caller.id)))


@router.put("/{room_id}/unread", response_model=Success[Room])
async def mark_unread(caller: Caller, standing: StandingService, room_id: RoomId, request: MarkUnread) -> Response:
    """Mark a room as unread for the caller alone, until they read or write there. No position moves."""
    state = await standing.mark_unread(caller.id, room_id, unread=request.unread)
    return respond(orjson.Fragment(state.encode_for(caller.id)))
