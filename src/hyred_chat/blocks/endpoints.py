"""HTTP: blocking people, and who was blocked."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.blocks.schemas import Block, BlockedUser, BlockOf
from hyred_chat.blocks.service import Blocks
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.rooms.schemas import UserId

router = APIRouter(prefix="/api/users", tags=["users"], route_class=PersonRoute)


async def blocks_of(request: Request) -> Blocks:
    """The application's blocks."""
    return cast("Blocks", request.app.state.blocks)


BlocksService = Annotated[Blocks, Depends(blocks_of)]


@router.get("/blocked", response_model=Success[list[BlockedUser]])
async def list_blocked(
    caller: Caller,
    blocks: BlocksService,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Whom the caller has blocked, newest first."""
    people, next_cursor = await blocks.list_page(caller.id, limit=limit, cursor=cursor)
    return respond(people, page=Page(next_cursor=next_cursor))


# The host's ids may hold slashes.
@router.put("/{user_id:path}/block", response_model=Success[BlockOf])
async def save_block(caller: Caller, blocks: BlocksService, user_id: UserId, body: Block) -> Response:
    """Block somebody, or end it: in rooms of two, neither of the two writes to or sees the other."""
    await blocks.save(caller.id, user_id, blocked=body.blocked)
    return respond(BlockOf(user_id=user_id, blocked=body.blocked))
