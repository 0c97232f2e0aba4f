"""Files on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hyred_chat.files.names import clean_name
from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.messages.schemas import Attachment, Message

State = Literal["uploading", "processing", "ready", "refused"]
# Why a file was refused: what it consists of cannot be read; it takes too much to look at; a virus was found in it; it
# could not be examined.
Reason = Literal["broken", "too_complex", "infected", "failed"]

MAX_RAW_NAME_CHARS = 1000
# Far above any HYRED_MAX_FILE_BYTES.
ABSOLUTE_MAX_BYTES = 2**53 - 1


class PostFile(RequestModel):
    """The body of `POST /api/chat/rooms/{id}/files`. `contentType` is taken and not believed."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_RAW_NAME_CHARS), AfterValidator(clean_name)]
    size: Annotated[int, Field(ge=1, le=ABSOLUTE_MAX_BYTES)]
    content_type: Annotated[str, Field(max_length=200)] | None = None
    voice: bool = False


class CreatedFile(WireModel):
    """Where a file is uploaded to, and until when it can be sent."""

    file_id: str
    upload_url: str
    expires_at: str


class FileState(WireModel):
    """How far a file is; the payload of `file_updated`, too."""

    file_id: str
    state: State
    reason: Reason | None


class RoomFile(WireModel):
    """A file of a conversation, and the message that it was sent with."""

    message: Message
    attachment: Attachment
