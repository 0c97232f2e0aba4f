"""A send on its way through a lane, and how it can come out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hyred_chat.errors import ChatError
from hyred_chat.messages.records import MessageRecord
from hyred_chat.text.cleaning import clean


@dataclass(slots=True)
class Stored:
    """Committed now, and to be delivered."""

    record: MessageRecord


@dataclass(slots=True)
class Repeat:
    """The message was stored before, by another send of it; nothing new was."""

    record: MessageRecord


@dataclass(slots=True)
class Refused:
    """Nothing was stored."""

    error: ChatError


Outcome: TypeAlias = Stored | Repeat | Refused
Door: TypeAlias = Literal["socket", "rest"]
# Called once, in the order of the room, with the Message as its sender sees it, in JSON, or with the refusal.
Settle: TypeAlias = Callable[[bytes | ChatError], None]


@dataclass(slots=True)
class Arrival:
    """How a send came, and when its first byte did (`time.monotonic`)."""

    door: Door
    at: float


@dataclass(slots=True, eq=False)
class PendingSend:
    """A message that was accepted and is not yet stored. `sender` is the sender's `User` as JSON.

    `arrival` is None unless the send may be a copy of another one, or have one (`messages/backups.py`).
    """

    id: str
    room_id: str
    sender_id: str
    sender: bytes
    client_message_id: str | None
    content: str
    type: str
    metadata: str | None
    settle: Settle
    deadline: float
    arrival: Arrival | None = None
    # Sends of the same message that came while this one was under way: they get its answer.
    followers: list["PendingSend"] = field(default_factory=list)

    def as_record(self, seq: int, created_at: str) -> MessageRecord:
        """The row that this send became."""
        return MessageRecord(
            self.room_id,
            seq,
            self.id,
            self.client_message_id,
            self.sender_id,
            self.content,
            self.type,
            self.metadata,
            created_at,
        )

    def says_the_same_as(self, other: "MessageRecord | PendingSend") -> bool:
        """Whether `other` is what this send meant; if not, its `clientMessageId` was used for two things."""
        if (self.room_id, self.type) != (other.room_id, other.type):
            return False
        # What earlier versions stored was not cleaned as this send is.
        return self.content == other.content or self.content == clean(other.content)
