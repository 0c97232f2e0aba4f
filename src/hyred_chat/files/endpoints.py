"""HTTP: announcing files, and what there is of them."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.accounts.large_answers import LARGE_ANSWER
from hyred_chat.files.schemas import CreatedFile, FileState, PostFile, RoomFile
from hyred_chat.files.service import Files
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.rooms.schemas import AttachmentKind, RoomId
from hyred_chat.validation import Id

router = APIRouter(prefix="/api/chat", tags=["files"], route_class=PersonRoute)

FileId = Id


async def files_of(request: Request) -> Files:
    """The application's files."""
    return cast("Files", request.app.state.files)


FilesService = Annotated[Files, Depends(files_of)]


@router.post("/rooms/{room_id}/files", response_model=Success[CreatedFile])
async def post_file(caller: Caller, files: FilesService, room_id: RoomId, body: PostFile) -> Response:
    """Announce a file. It is uploaded to `uploadUrl` by tus 1.0, and then sent with a message to this conversation."""
    return respond(await files.create(caller.id, room_id, body))


@router.get("/rooms/{room_id}/files", response_model=Success[list[RoomFile]], dependencies=[LARGE_ANSWER])
async def list_files(
    caller: Caller,
    files: FilesService,
    room_id: RoomId,
    kind: AttachmentKind | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What was attached to the messages of a conversation, the newest first."""
    page, next_cursor = await files.list_sent(caller.id, room_id, kind=kind, limit=limit, cursor=cursor)
    return respond(page, page=Page(next_cursor=next_cursor))


@router.get("/files/{file_id}/state", response_model=Success[FileState])
async def get_state(caller: Caller, files: FilesService, file_id: FileId) -> Response:
    """How far a file of the caller's is."""
    return respond(await files.get_state(caller.id, file_id))
