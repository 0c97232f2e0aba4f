"""The audit log on the wire."""

from typing import Any, Literal, NamedTuple

from hyred_chat.http.models import WireModel

Action = Literal[
    "reports_listed",
    "report_viewed",
    "report_updated",
    "report_file_opened",
    "message_viewed",
    "data_exported",
    "data_erased",
    "users_listed",
    "user_viewed",
    "user_disabled",
    "user_enabled",
    "rooms_listed",
    "room_viewed",
    "notices_listed",
    "notice_viewed",
    "notice_cancelled",
]

SubjectKind = Literal["report", "message", "user", "room", "notice"]


class Actor(NamedTuple):
    """Who acts as a moderator.

    Attributes:
        kind: `key`, a back end of the host's; `person`, an admin.
        id: of the key its name in the log, of an admin their user id.
    """

    kind: Literal["key", "person"]
    id: str


class Subject(NamedTuple):
    """What was looked at or changed."""

    kind: SubjectKind
    id: str


class AuditActor(WireModel):
    """`Actor` on the wire."""

    kind: Literal["key", "person"]
    id: str


class AuditSubject(WireModel):
    """`Subject` on the wire."""

    kind: SubjectKind
    id: str


class AuditEntry(WireModel):
    """A look or an act. `details` says what of it, without any text of people."""

    id: str
    created_at: str
    actor: AuditActor
    action: Action
    subject: AuditSubject | None
    details: dict[str, Any]
