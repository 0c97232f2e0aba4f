"""HTTP: who is here."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.errors import BadRequestError
from hyred_chat.http.envelope import Success, respond
from hyred_chat.presence.schemas import Presence
from hyred_chat.presence.service import PresenceService
from hyred_chat.validation import check_printable

MAX_USERS = 100

router = APIRouter(prefix="/api/chat", tags=["presence"], route_class=PersonRoute)


async def presence_of(request: Request) -> PresenceService:
    """The application's presence."""
    return cast("PresenceService", request.app.state.presence)


@router.get("/presence", response_model=Success[list[Presence]])
async def list_presence(
    caller: Caller,
    presence: Annotated[PresenceService, Depends(presence_of)],
    user_ids: Annotated[
        list[Annotated[str, AfterValidator(check_printable)]], Query(alias="userIds", max_length=MAX_USERS)
    ],
) -> Response:
    """The presence of up to 100 people, comma-separated or repeated; those one shares no room with are left out."""
    wanted = list(dict.fromkeys(user_id for group in user_ids for user_id in group.split(",") if user_id))
    if len(wanted) > MAX_USERS:
        raise BadRequestError(f"userIds: must name at most {MAX_USERS} people.")
    return respond(await presence.list_for(caller.id, wanted))
