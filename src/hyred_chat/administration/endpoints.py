"""`/api/admin`: people and rooms, provisioned by a host back end with an API key."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from hyred_chat.administration.authentication import HostRoute, describe_keys, get_administration
from hyred_chat.administration.fields import UserId
from hyred_chat.administration.schemas import ProvisionedRoom, ProvisionedUser, RoomBody, UserBody
from hyred_chat.administration.service import Administration
from hyred_chat.http.envelope import Success, respond

router = APIRouter(
    prefix="/api/admin", tags=["administration"], dependencies=[Depends(describe_keys)], route_class=HostRoute
)

Service = Annotated[Administration, Depends(get_administration)]


# The host's ids may hold slashes: the rest of the path is the id.
@router.put("/users/{user_id:path}", response_model=Success[ProvisionedUser])
async def put_user(user_id: UserId, body: UserBody, administration: Service) -> Response:
    """Make somebody, or change them. What is left out stays as it is; null removes a name or a picture."""
    return respond(await administration.users.save(user_id, body))


@router.post("/rooms", response_model=Success[ProvisionedRoom])
async def post_room(body: RoomBody, administration: Service) -> Response:
    """Make a room, or change it: its members will be those of `memberIds`. A direct room is found by its pair."""
    return respond(await administration.rooms.save(body))
