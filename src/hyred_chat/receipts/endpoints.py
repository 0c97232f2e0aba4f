"""HTTP: reading, and what is unread."""

from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.http.envelope import Success, respond
from hyred_chat.pages import take_page
from hyred_chat.receipts.schemas import Reader, ReadMessage, UnreadCount
from hyred_chat.receipts.service import Receipts
from hyred_chat.rooms.schemas import MessageId

router = APIRouter(prefix="/api/chat", tags=["receipts"], route_class=PersonRoute)


async def receipts_of(request: Request) -> Receipts:
    """The application's receipts."""
    return cast("Receipts", request.app.state.receipts)


ReceiptsService = Annotated[Receipts, Depends(receipts_of)]


@router.put("/messages/{message_id}/read", response_model=Success[ReadMessage])
async def read_message(caller: Caller, receipts: ReceiptsService, message_id: MessageId) -> Response:
    """Read the room up to a message; the others are told."""
    status = await receipts.mark_message_read(caller.id, message_id)
    return respond({"messageId": message_id, "status": status})


@router.get("/messages/{message_id}/readers", response_model=Success[list[Reader]])
async def list_readers(caller: Caller, receipts: ReceiptsService, message_id: MessageId) -> Response:
    """Who has read a message of one's own, and when, the latest first. The list ends at 256 KB."""
    readers = await receipts.list_readers(caller.id, message_id)
    page = take_page(reader.model_dump_json(by_alias=True).encode() for reader in readers)
    return respond([orjson.Fragment(reader) for reader in page])


@router.get("/unread-count", response_model=Success[UnreadCount])
async def get_unread_count(caller: Caller, receipts: ReceiptsService) -> Response:
    """How much is unread, in all and in each room; of more than 2,000 rooms, in the latest."""
    count, rooms = await receipts.unread_counts(caller.id)
    return respond(UnreadCount(count=count, rooms=rooms))
