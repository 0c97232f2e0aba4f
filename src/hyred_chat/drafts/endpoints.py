"""HTTP: drafts."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.drafts.schemas import Draft, PutDraft
from hyred_chat.drafts.service import Drafts
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.rooms.schemas import RoomId

router = APIRouter(prefix="/api/chat", tags=["drafts"], route_class=PersonRoute)


async def drafts_of(request: Request) -> Drafts:
    """The application's drafts."""
    return cast("Drafts", request.app.state.drafts)


DraftsService = Annotated[Drafts, Depends(drafts_of)]


@router.get("/drafts", response_model=Success[list[Draft]])
async def list_drafts(
    caller: Caller,
    drafts: DraftsService,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What the caller has begun to write, in all of their rooms, the newest first."""
    page, next_cursor = await drafts.list_page(caller.id, limit=limit, cursor=cursor)
    return respond(page, page=Page(next_cursor=next_cursor))


@router.put("/rooms/{room_id}/draft", response_model=Success[Draft])
async def put_draft(caller: Caller, drafts: DraftsService, room_id: RoomId, body: PutDraft) -> Response:
    """Keep what the caller has written by now. The answer is the draft that there is then."""
    return respond(await drafts.save(caller.id, room_id, body))
