"""What all shapes of the wire have in common."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class WireModel(BaseModel):
    """A shape of the contract: camelCase on the wire, snake_case here, where it is made by its fields' names.

    Types are strict (`"1"` is no number, `1` is no truth value), unknown fields are ignored, and what has been read
    does not change any more.
    """

    model_config = ConfigDict(strict=True, alias_generator=to_camel, validate_by_name=True, extra="ignore", frozen=True)


class RequestModel(WireModel):
    """A shape that clients send, made of nothing else: `chatRoomId` is a field of theirs, `chat_room_id` is none."""

    model_config = ConfigDict(validate_by_name=False)
