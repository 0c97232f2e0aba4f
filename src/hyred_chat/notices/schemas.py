"""Notices on the wire."""

import json
from typing import Annotated, Any, Self

import orjson
from pydantic import AfterValidator, Field, model_validator

from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.preferences.schemas import Moment, NotificationType
from hyred_chat.text.cleaning import clean, clean_line
from hyred_chat.validation import check_printable

MAX_PEOPLE = 10_000
# Of type, title, body and data together, as JSON: what fits into a push of any provider.
MAX_CONTENT_BYTES = 4096
MAX_SHOWN_EVENTS = 100


def _check_shows(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _check_data(data: dict[str, Any]) -> dict[str, Any]:
    try:
        encoded = json.dumps(data, allow_nan=False)
        orjson.dumps(data)
    except (ValueError, TypeError, RecursionError):
        raise ValueError("is not valid JSON") from None
    if r"\u0000" in encoded:
        raise ValueError("holds a null character, which cannot be stored")
    return data


UserId = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(check_printable)]
# With a bound, pydantic refuses halves of characters, which cannot be encoded.
Title = Annotated[str, Field(max_length=MAX_CONTENT_BYTES), AfterValidator(clean_line), AfterValidator(_check_shows)]
Body = Annotated[str, Field(max_length=MAX_CONTENT_BYTES), AfterValidator(clean), AfterValidator(_check_shows)]


class PostNotice(RequestModel):
    """`POST /api/admin/notifications`. Without `sendAt`, or with one that has passed, it is sent now.

    A request with an `idempotencyKey` that was used before gets the first one's answer.
    """

    user_ids: Annotated[list[UserId], Field(min_length=1, max_length=MAX_PEOPLE)]
    type: NotificationType
    title: Title
    body: Body
    data: Annotated[dict[str, Any], AfterValidator(_check_data)] = Field(default_factory=dict)
    send_at: Moment | None = None
    idempotency_key: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(check_printable)] | None = None

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if self.type == "chat_message":
            raise ValueError("type: chat_message is of conversations only")
        if len(self.content()) > MAX_CONTENT_BYTES:
            raise ValueError(f"type, title, body and data: must be at most {MAX_CONTENT_BYTES} bytes together")
        return self

    def content(self) -> bytes:
        """What is told, as JSON."""
        return orjson.dumps([self.type, self.title, self.body, self.data], option=orjson.OPT_SORT_KEYS)


class PostedNotice(WireModel):
    """The answer: whom it goes to, and whom nobody knows."""

    id: str
    send_at: str
    accepted: int
    unknown_user_ids: list[str]


class NoticeEvent(WireModel):
    """Something that happened to one person's; on one of their devices, or (null) as a whole."""

    at: str
    state: str
    device_id: str | None
    reason: str | None


class NoticeDelivery(WireModel):
    """What became of one person's, under the name that they have now."""

    user_id: str
    name: str
    notification_id: str
    state: str
    reason: str | None
    events: list[NoticeEvent]


class ListedNotice(WireModel):
    """What is told, and when."""

    id: str
    type: str
    title: str
    body: str
    data: dict[str, Any]
    send_at: str
    created_at: str


class Notice(ListedNotice):
    """What was told, and how many are in which state; the deliveries are a page of them."""

    unknown_user_ids: list[str]
    states: dict[str, int]
    deliveries: list[NoticeDelivery]


class CancelledNotice(WireModel):
    """The answer to cancelling: how many had not been sent, and never will be."""

    id: str
    cancelled: int
