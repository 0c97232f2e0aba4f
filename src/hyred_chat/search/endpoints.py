"""HTTP: finding messages."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.accounts.large_answers import LARGE_ANSWER
from hyred_chat.errors import BadRequestError
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.moments import from_wire
from hyred_chat.rooms.schemas import RoomId, UserId
from hyred_chat.search.cursors import MAX_CURSOR_CHARS
from hyred_chat.search.folded import Has
from hyred_chat.search.schemas import MAX_FOUND, MAX_QUERY_CHARS, FoundMessage, Order, SearchRequest
from hyred_chat.search.service import Search

router = APIRouter(prefix="/api/chat/search", tags=["search"], route_class=PersonRoute)

MAX_TIME_CHARS = 64


async def search_of(request: Request) -> Search:
    """The application's search."""
    return cast("Search", request.app.state.search)


@router.get("", response_model=Success[list[FoundMessage]], dependencies=[LARGE_ANSWER])
async def search_messages(
    caller: Caller,
    search: Annotated[Search, Depends(search_of)],
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY_CHARS)],
    room_id: Annotated[RoomId | None, Query(alias="roomId")] = None,
    sender_id: Annotated[UserId | None, Query(alias="senderId")] = None,
    has: Has | None = None,
    since: Annotated[str | None, Query(alias="from", max_length=MAX_TIME_CHARS)] = None,
    until: Annotated[str | None, Query(max_length=MAX_TIME_CHARS)] = None,
    order: Order = "newest",
    limit: Annotated[int, Query(ge=1, le=MAX_FOUND)] = 20,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
) -> Response:
    """What was said in the rooms that the caller is in, by the beginnings of its words, `"a phrase"`, `-without`.

    A page may hold fewer messages than `limit`, or none, and still have a `nextCursor`. Of one person, two searches may
    be under way; one more is `rate_limited`.
    """
    request = SearchRequest(
        q=q,
        room_id=room_id,
        sender_id=sender_id,
        has=has,
        since=_parse_time("from", since),
        until=_parse_time("until", until),
        order=order,
        limit=limit,
        cursor=cursor,
    )
    page = await search.search(caller, request)
    return respond(page.found, page=Page(next_cursor=page.next_cursor))


def _parse_time(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return from_wire(text)
    except ValueError:
        raise BadRequestError(f"{name}: must be a time such as 2026-03-01T09:30:00.123Z.") from None
