"""Reports on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from hyred_chat.accounts.schemas import User
from hyred_chat.audit.schemas import AuditActor
from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.messages.schemas import Message, Version
from hyred_chat.rooms.schemas import MessageId, UserId
from hyred_chat.text.cleaning import clean

Reason = Literal["spam", "fraud", "harassment", "off_platform", "other"]
State = Literal["open", "resolved", "dismissed"]
MAX_NOTE_CHARS = 2000
# As it comes in: cleaning makes it shorter.
_MAX_UNCLEANED_CHARS = 10_000


def _clean_note(note: str) -> str | None:
    """What shows nothing is no note."""
    if len(cleaned := clean(note)) > MAX_NOTE_CHARS:
        raise ValueError(f"must have at most {MAX_NOTE_CHARS} characters")
    return cleaned or None


Note = Annotated[str, Field(max_length=_MAX_UNCLEANED_CHARS), AfterValidator(_clean_note)]


class PostReport(RequestModel):
    """`POST /api/chat/reports`: of a message, or of a person. With both, the person must have sent the message."""

    message_id: MessageId | None = None
    user_id: UserId | None = None
    reason: Reason
    note: Note | None = None

    @model_validator(mode="after")
    def _check_subject(self) -> "PostReport":
        if self.message_id is None and self.user_id is None:
            raise ValueError("messageId or userId is required")
        return self


class PostedReport(WireModel):
    """The answer to it: `existing` when the caller had reported the same before."""

    report_id: str
    existing: bool


class PatchReport(RequestModel):
    """`PATCH /api/admin/reports/{id}`: what was decided. A note that is left out stays as it is; null removes it."""

    state: State
    note: Note | None = None


class Report(WireModel):
    """A report as moderators see it.

    `note` is the reporter's, `moderatorNote` the moderators'. `messageId` and `roomId` are null where a person was
    reported who has no direct room with the reporter.
    """

    id: str
    state: State
    reason: Reason
    note: str | None
    reporter: User
    user: User
    message_id: str | None
    room_id: str | None
    created_at: str
    moderator_note: str | None
    decided_at: str | None
    decided_by: AuditActor | None


class MessageDossier(WireModel):
    """A message, what it said before, and up to 20 messages around it."""

    message: Message | None
    versions: list[Version]
    around: list[Message]


class Profile(WireModel):
    """How somebody showed themselves."""

    name: str
    avatar: str | None


class Evidence(MessageDossier):
    """All that as it was when it was reported. `profile` is the reported person's then; null after its erasure.

    `heldFiles` are the ids of the files in it that admins can open now, `heldUntil` is when that ends at the latest.
    """

    profile: Profile | None
    held_files: list[str]
    held_until: str | None


class ReportWithEvidence(Report):
    """`GET /api/admin/reports/{id}`."""

    evidence: Evidence


class OpenedFile(WireModel):
    """`POST /api/admin/reports/{id}/files/{fileId}`: addresses for the admin who asked, until `expiresAt`."""

    file_id: str
    url: str
    preview_url: str | None
    large_preview_url: str | None
    expires_at: str
