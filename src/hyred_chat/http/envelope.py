"""The envelope of every answer: `{success: true, data, page?}`."""

from typing import Any, Generic, Literal, TypeVar

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

T = TypeVar("T")


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


def respond(data: object, *, page: Page | None = None, status: int = 200) -> Response:
    """A success: `data` may hold models and `orjson.Fragment`s; `page` is given by the endpoints that have pages."""
    body: dict[str, object] = {"success": True, "data": data}
    if page is not None:
        body["page"] = page
    return Response(encode(body), status_code=status, media_type="application/json")


def refuse(envelope: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> Response:
    """A failure envelope with its HTTP status."""
    return Response(orjson.dumps(envelope), status_code=status, headers=headers, media_type="application/json")
