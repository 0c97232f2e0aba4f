"""Preferences on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.moments import from_wire
from hyred_chat.preferences.quiet_hours import check_time_zone, parse_clock

MAX_TYPES = 50
# Those of the contract, shown to everybody; a host may have others.
KNOWN_TYPES = ("chat_message", "job_match", "proposal_response")

NotificationType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


def _check_clock(text: str) -> str:
    parse_clock(text)
    return text


def _parse_moment(value: object) -> object:
    """The moment that a text names. Null stays null: whether it may be is the field's business."""
    try:
        return value if value is None else from_wire(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be a time such as 2026-03-01T09:30:00Z") from None


Clock = Annotated[str, AfterValidator(_check_clock)]
TimeZone = Annotated[str, Field(max_length=64), AfterValidator(check_time_zone)]
Moment = Annotated[datetime, BeforeValidator(_parse_moment)]


class DailyHours(RequestModel):
    """From one time of day until another, on the person's own clock: `22:00` to `07:00` is a night."""

    begin: Annotated[Clock, Field(alias="from")]
    until: Clock

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        if self.begin == self.until:
            raise ValueError("from and until must differ")
        return self


class Quiet(DailyHours):
    """From when until when nothing buzzes."""


class TypeChoice(RequestModel):
    """Whether notifications of a type are pushed, and whether they are shown in the chat. What is left out stays."""

    push: bool | None = None
    in_app: bool | None = None


class PutPreferences(RequestModel):
    """`PUT /api/notifications/preferences`: what is left out stays; null ends quiet hours, or forgets the zone.

    Without a time zone of one's own choice, that of the device seen last counts.
    """

    types: Annotated[dict[NotificationType, TypeChoice], Field(max_length=MAX_TYPES)] | None = None
    quiet_hours: Quiet | None = None
    time_zone: TimeZone | None = None
    preview: bool | None = None


class ShownQuiet(WireModel):
    """Quiet hours in an answer."""

    begin: Annotated[str, Field(alias="from")]
    until: str


class ShownChoice(WireModel):
    """A choice in an answer."""

    push: bool
    in_app: bool


class Preferences(WireModel):
    """What a person has chosen; `mutedRooms` says until when, by room."""

    types: dict[str, ShownChoice]
    quiet_hours: ShownQuiet | None
    time_zone: str | None
    preview: bool
    muted_rooms: dict[str, str]


class MuteRoom(RequestModel):
    """`PUT /api/chat/rooms/{id}/mute`: until when; null ends it."""

    until: Moment | None


class MutedRoom(WireModel):
    """The answer: until when the room is muted for the caller, or null."""

    room_id: str
    muted_until: str | None
