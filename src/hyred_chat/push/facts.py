"""What is known of a notification that is due, when it is looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hyred_chat.preferences.quiet_hours import QuietHours


@dataclass(frozen=True, slots=True)
class Reader:
    """The person, and what they chose for notifications of this type."""

    id: str
    is_disabled: bool
    wants_push: bool
    wants_in_app: bool
    wants_preview: bool
    quiet_hours: QuietHours | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The room of a conversation's notification, as its member sees it.

    Attributes:
        read_seq: the member's position; None for somebody who is no member any more.
        untold_at: when the oldest message came that is neither read nor told of.
    """

    room_id: str
    room_title: str | None
    last_seq: int
    read_seq: int | None
    muted_until: datetime | None
    message_id: str
    message_type: str
    content: str
    sender_id: str
    sender_name: str | None
    untold_at: datetime | None

    @property
    def unread(self) -> int:
        """How many messages the member has not read. Sending reads up to one's own, so none of these are theirs."""
        return 0 if self.read_seq is None else max(0, self.last_seq - self.read_seq)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the host tells."""

    title: str
    body: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """A row of `notifications` that a worker has claimed, and all that decides what becomes of it.

    Attributes:
        lease: of this claim; what is settled under another one is void.
        now: the database's clock when it was claimed.
        looked_seq: the newest message that was taken into account before, by a look or by reading in the list.
        attempts: how often pushing failed so far; 0 when nothing is to be tried again.
        pushed_to: ids of devices that have the present push.
        shown_on: ids of devices that show one.
    """

    id: str
    lease: str
    type: str
    state: str
    now: datetime
    reader: Reader
    subject: Conversation | Notice
    looked_seq: int
    attempts: int
    expires_at: datetime | None
    pushed_to: tuple[str, ...]
    shown_on: tuple[str, ...]
    listed_at: datetime | None
    read_at: datetime | None
