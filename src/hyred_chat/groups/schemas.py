"""Groups on the wire: what people may ask for."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator

from hyred_chat.administration.fields import Name, check_picture
from hyred_chat.http.models import RequestModel
from hyred_chat.rooms.schemas import CreateRoom, MemberRole, UserId
from hyred_chat.validation import MAX_ID_CHARS, check_printable

# Far above any HYRED_MAX_GROUP_MEMBERS.
ABSOLUTE_MAX_MEMBERS = 10_000
_FILE_ID = re.compile(rf"[0-9A-Za-z]{{1,{MAX_ID_CHARS}}}")


def _check_https(address: str) -> str:
    if not is_address(address):
        raise ValueError("must be an https address; a file can be the picture of a group that is there")
    return check_picture(address)


def _check_address_or_file(value: str) -> str:
    if is_address(value):
        return check_picture(value)
    if _FILE_ID.fullmatch(value) is None:
        raise ValueError("must be an https address, or the id of a file")
    return value


def is_address(picture: str) -> bool:
    """Whether a picture is given by its address, and not as a file."""
    return picture.lower().startswith("https://")


PictureAddress = Annotated[str, AfterValidator(_check_https)]
PictureAddressOrFile = Annotated[str, AfterValidator(_check_address_or_file)]


class CreateGroup(RequestModel):
    """`POST /api/chat/rooms` for a group.

    With a `clientRoomId`, the same request again finds the group that was made by the first one.
    """

    type: Literal["group"]
    title: Name
    member_ids: Annotated[list[UserId], Field(max_length=ABSOLUTE_MAX_MEMBERS)]
    avatar: PictureAddress | None = None
    client_room_id: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(check_printable)] | None = None


def _validate_new_room(body: Any) -> CreateRoom | CreateGroup:
    is_group = isinstance(body, dict) and body.get("type") == "group"
    return CreateGroup.model_validate(body) if is_group else CreateRoom.model_validate(body)


# A validator of our own, so that a refusal speaks of the one of the two that was meant.
NewRoom = Annotated[
    CreateRoom | CreateGroup, PlainValidator(_validate_new_room, json_schema_input_type=CreateRoom | CreateGroup)
]


class ChangeGroup(RequestModel):
    """`PATCH /api/chat/rooms/{id}`: what is left out stays. A picture that is null is removed.

    `avatar` is an https address, or the `fileId` of a picture that the caller has uploaded in this room and not used.
    """

    title: Name | None = None
    avatar: PictureAddressOrFile | None = None


class PutMember(RequestModel):
    """`PUT /api/chat/rooms/{id}/members/{userId}`: a role, or whatever they have; a new member is an ordinary one."""

    role: MemberRole | None = None
