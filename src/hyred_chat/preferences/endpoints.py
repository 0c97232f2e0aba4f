"""HTTP: what a person wants to be told of."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.http.envelope import Success, respond
from hyred_chat.preferences.schemas import MutedRoom, MuteRoom, Preferences, PutPreferences
from hyred_chat.preferences.service import PreferencesService
from hyred_chat.rooms.schemas import RoomId

router = APIRouter(tags=["notifications"], route_class=PersonRoute)


async def preferences_of(request: Request) -> PreferencesService:
    """The application's preferences."""
    return cast("PreferencesService", request.app.state.preferences)


Service = Annotated[PreferencesService, Depends(preferences_of)]


@router.get("/api/notifications/preferences", response_model=Success[Preferences])
async def get_preferences(caller: Caller, preferences: Service) -> Response:
    """What the caller has chosen, and the rooms that are muted."""
    return respond(await preferences.get(caller.id))


@router.put("/api/notifications/preferences", response_model=Success[Preferences])
async def put_preferences(caller: Caller, preferences: Service, body: PutPreferences) -> Response:
    """Change what is given; the rest stays."""
    return respond(await preferences.change(caller.id, body))


@router.put("/api/chat/rooms/{room_id}/mute", response_model=Success[MutedRoom])
async def mute_room(caller: Caller, preferences: Service, room_id: RoomId, body: MuteRoom) -> Response:
    """Have a room make no push for the caller until then; its messages are still listed."""
    return respond(await preferences.mute(caller.id, room_id, body.until))
