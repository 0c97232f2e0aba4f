"""HTTP: the bytes of files, for whoever an address is for. An `<img>` sends no token."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from hyred_chat.errors import ChatError, NotFoundError, UnsatisfiableRangeError
from hyred_chat.files.attachments import Variant
from hyred_chat.files.endpoints import FileId
from hyred_chat.files.names import content_disposition
from hyred_chat.files.serving import Address, Reader, Served, Serving
from hyred_chat.http.answers import AnswerCutError
from hyred_chat.http.errors import refusal
from hyred_chat.http.requests import address_of
from hyred_chat.validation import Id

if TYPE_CHECKING:
    from hyred_chat.accounts.authentication import Rates

router = APIRouter(prefix="/api/chat/files", tags=["files"])
moderators_router = APIRouter(prefix="/api/admin/reports", tags=["moderation"])

# Nothing in a file may load, run or be framed by anything. Viewers of PDF do not work in a sandbox.
_POLICY: Final = "default-src 'none'; frame-ancestors 'self'"
_SANDBOX: Final = f"{_POLICY}; sandbox"
_RANGE: Final = re.compile(r"bytes=(\d{0,16})-(\d{0,16})")
_PARTIAL: Final = 206
_BYTES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The part of it that was asked for."},
    304: {"description": "The client has it already."},
}


async def serving_of(request: Request) -> Serving:
    """The application's serving of files."""
    return cast("Serving", request.app.state.file_serving)


ServingOfFiles = Annotated[Serving, Depends(serving_of)]
Until = Annotated[int, Query(ge=0, le=2**53 - 1)]
Signature = Annotated[str, Query(max_length=64)]


@router.get("/{file_id}/{variant}", response_class=StreamingResponse, responses=_BYTES)
async def get_file(
    request: Request,
    serving: ServingOfFiles,
    file_id: FileId,
    variant: Variant,
    user: Id,
    until: Until,
    signature: Signature,
) -> Response:
    """A file, or a preview of it, by an address that a message or a room had for its reader. Ranges are served."""
    return await _serve(request, serving, Address(file_id, variant, Reader(user), until, signature))


@moderators_router.get("/{report_id}/files/{file_id}/{variant}", response_class=StreamingResponse, responses=_BYTES)
async def get_reported_file(
    request: Request,
    serving: ServingOfFiles,
    report_id: Id,
    file_id: FileId,
    variant: Variant,
    user: Id,
    until: Until,
    signature: Signature,
) -> Response:
    """A file that an open report holds, or a preview of it, by an address that an admin was given for five minutes."""
    return await _serve(request, serving, Address(file_id, variant, Reader(user, report_id), until, signature))


async def _serve(request: Request, serving: Serving, address: Address) -> Response:
    try:
        served = await serving.open(address)
    except NotFoundError:
        cast("Rates", request.app.state.rates).refused_tokens.count(address_of(request))
        raise
    tag = f'"{served.file_id}-{served.object_name}"'
    headers = _headers_of(served) | {"ETag": tag}
    if _has_tag(request.headers.get("If-None-Match"), tag):
        return Response(status_code=304, headers=headers)
    start, end, status = _part_of(request, served.size, tag)
    if start >= end:
        refused = refusal(UnsatisfiableRangeError())
        refused.headers["Content-Range"] = f"bytes */{served.size}"
        return refused
    headers["Content-Length"] = str(end - start)
    if status == _PARTIAL:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
    if getattr(request.state, "is_head", False):
        return Response(status_code=status, headers=headers, media_type=served.content_type)
    parts = serving.read(served, start, end)
    return StreamingResponse(_reading(parts), status_code=status, headers=headers, media_type=served.content_type)


async def _reading(parts: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """What is read. Whatever keeps the rest from being read ends the connection: the answer has begun."""
    async with aclosing(parts):
        try:
            async for part in parts:
                yield part
        except (ChatError, FileNotFoundError) as error:
            raise AnswerCutError from error


def _headers_of(served: Served) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        # What a moderator has looked at is kept nowhere.
        "Cache-Control": "private, no-cache" if served.reader.report_id is None else "no-store",
        "Content-Disposition": content_disposition(served.name, inline=served.is_inline),
        "Content-Security-Policy": _POLICY if served.is_pdf else _SANDBOX,
        # Whoever has the address is who it is for, wherever their page comes from.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _has_tag(header: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names the tag (RFC 9110, section 13.1.2: compared weakly)."""
    if header is None:
        return False
    tags = [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag in tags or tags == ["*"]


def _part_of(request: Request, size: int, tag: str) -> tuple[int, int, int]:
    """From where to where is sent, and with which status (RFC 9110, section 14). An empty part: there is none."""
    header, condition = request.headers.get("Range"), request.headers.get("If-Range")
    asked = None if header is None or condition not in (None, tag) else _RANGE.fullmatch(header.strip())
    if asked is None or not any(asked.groups()):  # several ranges at once are not served: the whole is a good answer
        return 0, size, 200
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)) if int(last) else size, size, _PARTIAL
    if last and int(last) < int(first):
        return 0, size, 200
    return int(first), min(size, int(last) + 1) if last else size, _PARTIAL
