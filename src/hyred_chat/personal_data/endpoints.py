"""HTTP: what people may ask for by law."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from hyred_chat.administration.fields import UserId
from hyred_chat.audit.authentication import Moderator, ModeratorRoute
from hyred_chat.http.envelope import Success, respond
from hyred_chat.personal_data.exports import Exports
from hyred_chat.personal_data.schemas import Erasure
from hyred_chat.personal_data.service import Erasures

router = APIRouter(prefix="/api/admin/users", tags=["personal data"], route_class=ModeratorRoute)


async def erasures_of(request: Request) -> Erasures:
    """The application's erasures."""
    return cast("Erasures", request.app.state.erasures)


async def exports_of(request: Request) -> Exports:
    """The application's exports."""
    return cast("Exports", request.app.state.exports)


# The host's ids may hold slashes.
@router.get(
    "/{user_id:path}/data",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A ZIP archive of JSON files."}},
)
async def export_data(
    moderator: Moderator, exports: Annotated[Exports, Depends(exports_of)], user_id: UserId
) -> Response:
    """All that is kept of somebody, and all that they could see and wrote, without what was deleted."""
    parts = exports.stream(moderator, user_id)
    first = await anext(parts)  # by then everything was refused that can be
    return StreamingResponse(
        _after(first, parts),
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="export.zip"', "Cache-Control": "no-store"},
    )


async def _after(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part


@router.delete("/{user_id:path}/data", response_model=Success[Erasure])
async def erase_data(
    moderator: Moderator, erasures: Annotated[Erasures, Depends(erasures_of)], user_id: UserId
) -> Response:
    """Erase somebody for good: their messages keep their place and say nothing, and their name is “Deleted user”."""
    return respond(await erasures.erase(moderator, user_id))
