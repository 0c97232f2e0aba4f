"""`/api/admin`: people and rooms as moderators see them, with an API key or as an admin."""

from typing import TYPE_CHECKING, Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.administration.authentication import get_administration
from hyred_chat.administration.fields import UserId
from hyred_chat.administration.schemas import PatchUser, ProvisionedUser, RoomWithPeople, ServerHealth
from hyred_chat.administration.service import Administration
from hyred_chat.audit.authentication import Moderator, ModeratorRoute
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.validation import MAX_ID_CHARS, Id

if TYPE_CHECKING:
    from hyred_chat.administration.health import Health
    from hyred_chat.http.health import Readiness

router = APIRouter(prefix="/api/admin", tags=["moderation"], route_class=ModeratorRoute)

Service = Annotated[Administration, Depends(get_administration)]


@router.get("/users", response_model=Success[list[ProvisionedUser]])
async def list_users(
    moderator: Moderator,
    administration: Service,
    query: str = "",
    disabled: Annotated[bool, Query()] = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """People by their id, their e-mail address, or the beginnings of words of their names; or who is disabled.

    Names find people who are not disabled, ids and addresses everybody. What is found by a query is one page. With
    `disabled=true` and without a query: everybody who is disabled, the newest first.
    """
    users, next_cursor = await administration.directory.list_page(
        moderator, query=query, disabled=disabled, limit=limit, cursor=cursor
    )
    return respond(users, page=Page(next_cursor=next_cursor))


# The host's ids may hold slashes: the rest of the path is the id.
@router.get("/users/{user_id:path}", response_model=Success[ProvisionedUser])
async def get_user(moderator: Moderator, user_id: UserId, administration: Service) -> Response:
    """Somebody, with e-mail address, disabled or not."""
    return respond(await administration.directory.get(moderator, user_id))


@router.patch("/users/{user_id:path}", response_model=Success[ProvisionedUser])
async def patch_user(moderator: Moderator, user_id: UserId, body: PatchUser, administration: Service) -> Response:
    """Keep somebody out of the chat, or let them back."""
    return respond(await administration.users.set_disabled(moderator, user_id, disabled=body.disabled))


@router.get("/rooms", response_model=Success[list[RoomWithPeople]])
async def list_rooms(
    moderator: Moderator,
    administration: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=MAX_ID_CHARS * 2)] = None,
    member_id: Annotated[UserId | None, Query(alias="memberId")] = None,
) -> Response:
    """Rooms in the order of their ids, of one member or of all."""
    rooms, next_cursor = await administration.directory.list_rooms(
        moderator, limit=limit, cursor=cursor, member_id=member_id
    )
    return respond(rooms, page=Page(next_cursor=next_cursor))


@router.get("/rooms/{room_id}", response_model=Success[RoomWithPeople])
async def get_room(moderator: Moderator, room_id: Id, administration: Service) -> Response:
    """A room with up to 200 of its people."""
    return respond(await administration.directory.get_room(moderator, room_id))


@router.get("/health", response_model=Success[ServerHealth])
async def get_health(_: Moderator, request: Request) -> Response:
    """How the process that answers is doing, and what waits in the database. Always 200."""
    health = cast("Health", request.app.state.server_health)
    return respond(await health.report(cast("Readiness", request.app.state.readiness)))
