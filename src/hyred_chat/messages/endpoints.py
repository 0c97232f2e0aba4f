"""HTTP: reading, sending and catching up."""

from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.accounts.large_answers import LARGE_ANSWER
from hyred_chat.errors import BadRequestError
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.limits import RateLimit
from hyred_chat.messages.history import History
from hyred_chat.messages.schemas import Message, PostMessage, SendMessage, Sync, Synced
from hyred_chat.messages.service import Messages
from hyred_chat.rooms.schemas import RoomId

router = APIRouter(prefix="/api/chat", tags=["messages"], route_class=PersonRoute)


async def messages_of(request: Request) -> Messages:
    """The application's messages."""
    return cast("Messages", request.app.state.messages)


async def history_of(request: Request) -> History:
    """The application's history."""
    return cast("History", request.app.state.history)


async def message_rate_of(request: Request) -> RateLimit:
    """The rate of messages: one for both doors."""
    return cast("RateLimit", request.app.state.message_rate)


async def arrival_of(request: Request) -> float:
    """When the request came (`time.monotonic`)."""
    return cast("float", request.state.arrived_at)


HistoryService = Annotated[History, Depends(history_of)]


@router.get("/rooms/{room_id}/messages", response_model=Success[list[Message]], dependencies=[LARGE_ANSWER])
async def list_messages(
    caller: Caller,
    history: HistoryService,
    room_id: RoomId,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    before: Annotated[str | None, Query(max_length=64)] = None,
    after: Annotated[int | None, Query(ge=0, le=2**53 - 1)] = None,
    around: Annotated[int | None, Query(ge=0, le=2**53 - 1)] = None,
) -> Response:
    """A page of messages, oldest first: the newest, those before a seq or a createdAt, after a seq, or around one."""
    if sum(each is not None for each in (before, after, around)) > 1:
        raise BadRequestError("before, after and around: give one of them.")
    if around is not None:
        page = await history.page_around(room_id, caller.id, around=around, limit=limit)
    elif after is None:
        page = await history.page_before(room_id, caller.id, before=before, limit=limit)
    else:
        page = await history.page_after(room_id, caller.id, after=after, limit=limit)
    return respond(page.messages, page=Page(next_cursor=page.next_cursor))


@router.post("/rooms/{room_id}/messages", response_model=Success[Message])
async def post_message(
    caller: Caller,
    messages: Annotated[Messages, Depends(messages_of)],
    rate: Annotated[RateLimit, Depends(message_rate_of)],
    arrived_at: Annotated[float, Depends(arrival_of)],
    room_id: RoomId,
    request: PostMessage,
) -> Response:
    """Send a message: the same path as `send_message`, live events and notifications included."""
    rate.take(caller.id)
    draft = SendMessage.model_construct(chat_room_id=room_id, **dict(request))
    message = await messages.send_and_wait(caller.id, caller.as_json(), draft, "rest", arrived_at)
    return respond(orjson.Fragment(message))


@router.post("/sync", response_model=Success[Synced], dependencies=[LARGE_ANSWER])
async def sync(caller: Caller, history: HistoryService, request: Sync) -> Response:
    """All that the client missed; the same as the `sync` event."""
    return respond(await history.sync(caller.id, request.known()))
