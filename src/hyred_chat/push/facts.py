"""What is known of a notification that is due, when it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hyred_chat.messages.attached import NO_FILES, FilesInShort
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
        last_seq: the newest message that somebody has to read.
        read_seq: the member's position; None for somebody who is no member any more.
        message_at: when the newest message came.
        untold_at: when the oldest message came that is neither read nor told of.
        uncounted: how many of those after the read position, up to that one, nobody has to read.
        files: what previews say of those of the newest message.
        is_mentioned: whether the member has muted the room, and is mentioned by one that they were not told of.
    """

    room_id: str
    room_title: str | None
    is_blocked: bool
    last_seq: int
    read_seq: int | None
    muted_until: datetime | None
    message_id: str
    message_type: str
    message_at: datetime
    content: str
    sender_id: str
    sender_name: str | None
    untold_at: datetime | None
    uncounted: int = 0
    is_mentioned: bool = False
    files: FilesInShort = NO_FILES

    @property
    def unread(self) -> int:
        """How many messages the member has not read. Sending reads up to one's own, so none of these are theirs."""
        return 0 if self.read_seq is None else max(0, self.last_seq - self.read_seq - self.uncounted)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the host tells."""

    title: str
    body: str
    data: dict[str, Any]
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when a device is sent nothing more of a notification.

    Attributes:
        until: it has just been pushed, and conversations rest; or its provider failed, or asked for time.
        tries: how often sending to it has failed in a row.
        owes: the device has not been sent what the notification says now, and will be.
    """

    until: datetime
    tries: int = 0
    owes: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A row of `notifications` that a worker has claimed, and all that decides what becomes of it.

    Attributes:
        lease: of this claim; what is settled under another one is void.
        now: the database's clock when it was claimed.
        looked_seq: the newest message that was taken into account before, by a look or by reading in the list.
        reason: why it is in its state.
        attempts: rounds of sending after which something was left to be sent; 0 when nothing is.
        expires_at: until when what is left is tried.
        pushed_to: ids of devices that have the present push.
        pauses: by the ids of devices.
        shown_on: ids of devices that show one.
        said: title and body in the list, as they were at the latest look that put one there.
    """

    id: str
    lease: str
    type: str
    state: str
    reason: str | None
    now: datetime
    reader: Reader
    subject: Conversation | Notice
    looked_seq: int
    attempts: int
    expires_at: datetime | None
    pushed_to: tuple[str, ...]
    pauses: Mapping[str, Pause]
    shown_on: tuple[str, ...]
    listed_at: datetime | None
    read_at: datetime | None
    said: tuple[str, str] | None = None

    @property
    def room_id(self) -> str | None:
        """The room of a conversation's."""
        return self.subject.room_id if isinstance(self.subject, Conversation) else None

    @property
    def last_seq(self) -> int:
        """The newest message of a conversation's; 0 of a notice's."""
        return self.subject.last_seq if isinstance(self.subject, Conversation) else 0

    @property
    def is_grown(self) -> bool:
        """Whether a conversation has messages that were not taken into account before."""
        return self.last_seq > self.looked_seq

    @property
    def was_told(self) -> bool:
        """Whether a device has what the notification says now, and what is left is another one's."""
        return not self.is_grown and self.state in {"sent", "delivered", "read"}

    @property
    def told_at(self) -> datetime:
        """The time of what it tells."""
        return self.subject.message_at if isinstance(self.subject, Conversation) else self.subject.send_at
