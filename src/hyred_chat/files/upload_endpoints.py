"""HTTP: tus 1.0, the resumable uploads that its clients speak.

Of the protocol (https://tus.io/protocols/resumable-upload, version 1.0.0): its core, and the extensions expiration,
checksum and termination. A file is created by `POST /api/chat/rooms/{id}/files`.
"""

from collections.abc import Callable
from email.utils import format_datetime
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.errors import BadRequestError, ChatError, UnsupportedTypeError, UnsupportedVersionError
from hyred_chat.files.endpoints import FileId
from hyred_chat.files.repository import FileRow
from hyred_chat.files.uploads import ALGORITHMS, Checksum, Uploads
from hyred_chat.http.errors import malformed, refusal
from hyred_chat.http.guards import Handler

VERSION: Final = "1.0.0"
CONTENT_TYPE: Final = "application/offset+octet-stream"
# What pages of other origins may read of the answers.
EXPOSED_HEADERS: Final = (
    "Tus-Resumable",
    "Tus-Version",
    "Tus-Extension",
    "Tus-Max-Size",
    "Tus-Checksum-Algorithm",
    "Upload-Offset",
    "Upload-Length",
    "Upload-Expires",
)
_MAX_DIGITS: Final = 16


class TusRoute(PersonRoute):
    """A route of the protocol: every answer says which version of it is spoken, refusals too."""

    def get_route_handler(self) -> Handler:
        """See `GuardedRoute`."""
        handle = super().get_route_handler()

        async def handle_tus(request: Request) -> Response:
            try:
                response = await handle(request)
            except (ChatError, RequestValidationError) as raised:
                error = raised if isinstance(raised, ChatError) else malformed(raised)
                request.app.state.refused[error.code] += 1
                response = refusal(error)
                if isinstance(error, UnsupportedVersionError):
                    response.headers["Tus-Version"] = VERSION
            response.headers["Tus-Resumable"] = VERSION
            return response

        return handle_tus


# Their description is the protocol's own: it has neither the envelope nor bodies in JSON.
router = APIRouter(prefix="/api/chat/files", route_class=TusRoute, include_in_schema=False)
# Whoever asks what is spoken here has not signed in yet.
open_router = APIRouter(prefix="/api/chat/files", include_in_schema=False)


async def uploads_of(request: Request) -> Uploads:
    """The application's uploads."""
    return cast("Uploads", request.app.state.uploads)


async def max_bytes_of(request: Request) -> int:
    """How large a file may be."""
    return cast("int", request.app.state.files.bounds.max_bytes)


UploadsService = Annotated[Uploads, Depends(uploads_of)]


async def check_version(request: Request) -> None:
    """Raises `UnsupportedVersionError` when the client speaks another version of the protocol."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UnsupportedVersionError(f"Tus-Resumable: must be {VERSION}.")


SPEAKS_TUS: Final = Depends(check_version)


@open_router.options("/{file_id}/upload", status_code=204)
async def describe_uploads(file_id: FileId, max_bytes: Annotated[int, Depends(max_bytes_of)]) -> Response:  # noqa: ARG001  # it is the same for all
    """Which version of tus is spoken, and what of it."""
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "expiration,checksum,termination",
        "Tus-Max-Size": str(max_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


# HEAD is GET without a body (http/conventions.py).
@router.get("/{file_id}/upload", response_class=Response, dependencies=[SPEAKS_TUS])
async def head_upload(caller: Caller, uploads: UploadsService, file_id: FileId) -> Response:
    """How much of an upload has come; clients ask by HEAD."""
    return Response(headers=_headers_of(await uploads.get(caller.id, file_id)) | {"Cache-Control": "no-store"})


@router.patch("/{file_id}/upload", status_code=204, dependencies=[SPEAKS_TUS])
async def patch_upload(request: Request, caller: Caller, uploads: UploadsService, file_id: FileId) -> Response:
    """Send the bytes of a file from `Upload-Offset` on. `Upload-Length`: of the file, as announced or less."""
    if request.headers.get("Content-Type") != CONTENT_TYPE:
        raise UnsupportedTypeError(f"Content-Type: must be {CONTENT_TYPE}.")
    length = request.headers.get("Content-Length")
    file = await uploads.append(
        caller.id,
        file_id,
        offset=_number_in(request, "Upload-Offset"),
        length=int(length) if length is not None and length.isdigit() else None,
        size=_number_in(request, "Upload-Length") if "Upload-Length" in request.headers else None,
        checksum=Checksum.parse(request.headers.get("Upload-Checksum")),
        parts=request.stream(),
    )
    return Response(status_code=204, headers=_headers_of(file))


@router.delete("/{file_id}/upload", status_code=204, dependencies=[SPEAKS_TUS])
async def delete_upload(caller: Caller, uploads: UploadsService, file_id: FileId) -> Response:
    """End an upload, and have nothing of it kept."""
    await uploads.end(caller.id, file_id)
    return Response(status_code=204)


_BY_METHOD: Final[dict[str, Callable[..., Any]]] = {"PATCH": patch_upload, "HEAD": head_upload, "DELETE": delete_upload}


@router.post("/{file_id}/upload", status_code=204, dependencies=[SPEAKS_TUS])
async def post_upload(request: Request, caller: Caller, uploads: UploadsService, file_id: FileId) -> Response:
    """The same by `X-HTTP-Method-Override`, where the way lets no other method through."""
    method = request.headers.get("X-HTTP-Method-Override", "").upper()
    if method not in _BY_METHOD:
        raise BadRequestError(f"X-HTTP-Method-Override: must be one of {', '.join(_BY_METHOD)}.")
    arguments = {"caller": caller, "uploads": uploads, "file_id": file_id}
    if method == "PATCH":
        arguments["request"] = request
    response: Response = await _BY_METHOD[method](**arguments)
    return response


def _headers_of(file: FileRow) -> dict[str, str]:
    headers = {"Upload-Offset": str(file.received), "Upload-Length": str(file.declared_size)}
    if file.expires_at is not None:
        headers["Upload-Expires"] = format_datetime(file.expires_at, usegmt=True)
    return headers


def _number_in(request: Request, name: str) -> int:
    header = request.headers.get(name)
    if header is None or not (header.isascii() and header.isdigit()) or len(header) > _MAX_DIGITS:
        raise BadRequestError(f"{name}: must be a whole number.")
    return int(header)
