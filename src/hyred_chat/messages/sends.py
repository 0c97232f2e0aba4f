"""A send on its way through a lane, and how it, or a change, can come out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hyred_chat.errors import ChatError
from hyred_chat.messages.additions import Additions, digest_of
from hyred_chat.messages.attached import SentFile, content_of
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


@dataclass(slots=True)
class Changed:
    """It was changed now, and is as `record` says."""

    record: MessageRecord


@dataclass(slots=True)
class Unchanged:
    """It was so already."""

    record: MessageRecord


@dataclass(slots=True)
class ChangedSince:
    """An edit was made from an older state than the present one, and nothing was changed."""

    record: MessageRecord


Outcome: TypeAlias = Stored | Repeat | Changed | Unchanged | ChangedSince | Refused
Door: TypeAlias = Literal["socket", "rest"]
# Called once, in the order of the room, with the Message as its sender sees it, in JSON, or with the refusal.
Settle: TypeAlias = Callable[[bytes | ChatError], None]


@dataclass(slots=True)
class Arrival:
    """How a send came, and when its first byte did (`time.monotonic`)."""

    door: Door
    at: float


@dataclass(frozen=True, slots=True)
class Referral:
    """What a send refers to: the id of the message that it answers, if it does, people, and files."""

    reply_to: str | None
    mentions: tuple[str, ...]
    attachments: tuple[SentFile, ...] = ()


@dataclass(slots=True, eq=False)
class PendingSend:
    """A message that was accepted and is not yet stored. `sender` is the sender's `User` as JSON.

    `arrival` is None unless the send may be a copy of another one, or have one (`messages/backups.py`). `referral` is
    None where it refers to nothing.
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
    referral: Referral | None = None
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
        if self.room_id != other.room_id:
            return False
        if isinstance(other, PendingSend):
            return self._meant == other._meant  # noqa: SLF001  # it is another one of these
        additions = other.additions
        if additions is None and self.referral is None:  # the way of most messages
            return self.type == other.type and self._says(other.content)
        additions = additions or Additions()
        if additions.deleted_at is not None:
            return True  # what it said is not here any more to be compared with
        if self._attached or additions.attachments:
            return self._says_the_same_with_files(other, additions)
        is_same = (
            self._says(other.content) if additions.sent_digest is None else self._has_digest(additions.sent_digest)
        )
        return is_same and (self.type, self._answered) == (other.type, _answered_by(other))

    def _says(self, content: str) -> bool:
        # What earlier versions stored was not cleaned as this send is.
        return self.content == content or self.content == clean(content)

    def _has_digest(self, digest: bytes) -> bool:
        return digest_of(self.content) == digest

    @property
    def _meant(self) -> tuple[object, ...]:
        return self.content, self.type, self._answered, self._attached

    def _says_the_same_with_files(self, other: MessageRecord, additions: Additions) -> bool:
        """Files decide the type of a message, and its content where it was sent with none."""
        content = self.content or content_of(additions.attachments)
        sent = digest_of(other.content) if additions.sent_digest is None else additions.sent_digest
        attached = tuple(SentFile(each.id, each.alt) for each in additions.attachments)
        return digest_of(content) == sent and (self._attached, self._answered) == (attached, _answered_by(other))

    @property
    def _attached(self) -> tuple[SentFile, ...]:
        return () if self.referral is None else self.referral.attachments

    @property
    def _answered(self) -> str | None:
        return None if self.referral is None else self.referral.reply_to


def _answered_by(sent: MessageRecord) -> str | None:
    """The id of the message that it answers."""
    quote = None if sent.additions is None else sent.additions.quote
    return None if quote is None else quote.id
