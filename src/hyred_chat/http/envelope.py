"""The envelope of every answer: `{success: true, data, page?}`."""

from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.types import Receive, Scope, Send

from hyred_chat.pages import Place, encode_cursor, take_page

T = TypeVar("T")

# What any server takes for a connection without waiting for its client.
SMALL_BYTES = 65_536


class Page(BaseModel):
    """Where a list goes on: `nextCursor` is null on the last page."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    next_cursor: str | None


class Success(BaseModel, Generic[T]):
    """The envelope as OpenAPI shows it; answers are written by `respond`."""

    success: Literal[True]
    data: T
    page: Page | None = None


class Failure(BaseModel):
    """The envelope of a refusal as OpenAPI shows it; `errors.ChatError.envelope` writes it."""

    success: Literal[False]
    error: str
    code: str
    details: dict[str, Any] | None = None


def _encode_model(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(type(value).__name__)


def encode(value: object) -> bytes:
    """JSON of plain values, models (camelCase) and `orjson.Fragment`s."""
    return orjson.dumps(value, default=_encode_model)


def cut_page(entries: Sequence[T], places: Sequence[Place]) -> tuple[list[T], str | None]:
    """The entries that fit into an answer, and the cursor of the next page.

    Args:
        entries: the first of what was found, as many as a page may have.
        places: times and ids of all that was found, at least one more than that if there is more.
    """
    page = list(entries[: len(take_page(map(encode, entries)))])
    return page, None if len(page) == len(places) else encode_cursor(places[len(page) - 1])


class _Taken(Response):
    """An answer that is done when the client has taken nearly all of it, and not when it is on its way."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it. Servers wait before a further part of a body while too much of what went before is not taken."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def respond(data: object, *, page: Page | None = None, status: int = 200) -> Response:
    """A success: `data` may hold models and `orjson.Fragment`s; `page` is given by the endpoints that have pages."""
    body: dict[str, object] = {"success": True, "data": data}
    if page is not None:
        body["page"] = page
    content = encode(body)
    kind = _Taken if len(content) > SMALL_BYTES else Response
    return kind(content, status_code=status, media_type="application/json")


def refuse(envelope: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
    """A failure envelope with its HTTP status."""
    return Response(orjson.dumps(envelope), status_code=status, headers=headers, media_type="application/json")
