"""Groups on the wire: what people may ask for."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator

from hyred_chat.administration.fields import Name, Picture
from hyred_chat.http.models import RequestModel
from hyred_chat.rooms.schemas import CreateRoom, MemberRole, UserId
from hyred_chat.validation import check_printable

# Far above any HYRED_MAX_GROUP_MEMBERS.
ABSOLUTE_MAX_MEMBERS = 10_000


def _check_https(address: str) -> str:
    if not address.lower().startswith("https://"):
        raise ValueError("must be an https address")
    return address


GroupPicture = Annotated[Picture, AfterValidator(_check_https)]


class CreateGroup(RequestModel):
    """`POST /api/chat/rooms` for a group.

    With a `clientRoomId`, the same request again finds the group that was made by the first one.
    """

    type: Literal["group"]
    title: Name
    member_ids: Annotated[list[UserId], Field(max_length=ABSOLUTE_MAX_MEMBERS)]
    avatar: GroupPicture | None = None
    client_room_id: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(check_printable)] | None = None


def _validate_new_room(body: Any) -> CreateRoom | CreateGroup:
    is_group = isinstance(body, dict) and body.get("type") == "group"
    return CreateGroup.model_validate(body) if is_group else CreateRoom.model_validate(body)


# A validator of our own, so that a refusal speaks of the one of the two that was meant.
NewRoom = Annotated[
    CreateRoom | CreateGroup, PlainValidator(_validate_new_room, json_schema_input_type=CreateRoom | CreateGroup)
]


class ChangeGroup(RequestModel):
    """`PATCH /api/chat/rooms/{id}`: what is left out stays. A picture that is null is removed."""

    title: Name | None = None
    avatar: GroupPicture | None = None


class PutMember(RequestModel):
    """`PUT /api/chat/rooms/{id}/members/{userId}`: a role, or whatever they have; a new member is an ordinary one."""

    role: MemberRole | None = None
