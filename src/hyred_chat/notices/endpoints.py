"""`/api/admin/notifications`: a host back end tells people something, and moderators see what became of it."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.administration.authentication import HostRoute, describe_keys
from hyred_chat.audit.authentication import Moderator, ModeratorRoute
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.notices.schemas import CancelledNotice, ListedNotice, Notice, PostedNotice, PostNotice
from hyred_chat.notices.service import Notices
from hyred_chat.validation import Id

router = APIRouter(
    prefix="/api/admin/notifications",
    tags=["administration"],
    dependencies=[Depends(describe_keys)],
    route_class=HostRoute,
)
moderators_router = APIRouter(prefix=router.prefix, tags=["moderation"], route_class=ModeratorRoute)


async def notices_of(request: Request) -> Notices:
    """The application's notices."""
    return cast("Notices", request.app.state.notices)


Service = Annotated[Notices, Depends(notices_of)]


@router.post("", response_model=Success[PostedNotice])
async def post_notice(body: PostNotice, notices: Service) -> Response:
    """Tell up to 10,000 people, now or later. Unknown people are named, and the others still told."""
    return respond(await notices.post(body))


@moderators_router.get("", response_model=Success[list[ListedNotice]])
async def list_notices(
    moderator: Moderator,
    notices: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Notices in the order of the times at which they are sent, the last first."""
    page, next_cursor = await notices.list_page(moderator, limit=limit, cursor=cursor)
    return respond(page, page=Page(next_cursor=next_cursor))


@moderators_router.get("/{notice_id}", response_model=Success[Notice])
async def get_notice(
    moderator: Moderator,
    notices: Service,
    notice_id: Id,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What became of it for everybody: how many are in which state, and a page of the deliveries."""
    notice, next_cursor = await notices.get(moderator, notice_id, limit=limit, cursor=cursor)
    return respond(notice, page=Page(next_cursor=next_cursor))


@moderators_router.delete("/{notice_id}", response_model=Success[CancelledNotice])
async def cancel_notice(moderator: Moderator, notices: Service, notice_id: Id) -> Response:
    """Take back what was not sent yet."""
    return respond(await notices.cancel(moderator, notice_id))
