"""What becomes of a message that somebody wants to change: the rules, without any I/O.

A change says what is to be, and not what is to be done. Where it is so already nothing changes, which is no error: so
every change may be repeated, whatever became of it the first time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeAlias

from hyred_chat.errors import (
    AccessDeniedError,
    ChatError,
    LimitReachedError,
    MessageDeletedError,
    NotFoundError,
    RoomBlockedError,
    TooLateError,
)
from hyred_chat.messages.additions import DELETED_CONTENT, NAMED_REACTORS, Additions, Reaction, digest_of
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.sends import Changed, ChangedSince, Refused, Unchanged
from hyred_chat.pages import PAGE_BYTES

MAX_EMOJI = 20
MAX_EMOJI_PER_PERSON = 3
MAX_PINNED = 50
# All that a message said before is one answer, and one row once it is deleted.
MAX_FORMER_BYTES = PAGE_BYTES
# Of each version, for its time and the names of its fields.
VERSION_BYTES = 80

NO_MESSAGE = "There is no such message."
BLOCKED = "This conversation is closed: nothing can be changed here."
DELETED = "This message was deleted."


@dataclass(frozen=True, slots=True)
class Edit:
    """Another content. `mentions` as they are when None. `if_change`: the newest change that its author knew."""

    kind: ClassVar = "edit"

    content: str
    mentions: tuple[str, ...] | None = None
    if_change: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """No content any more, for good."""

    kind: ClassVar = "deletion"


@dataclass(frozen=True, slots=True)
class React:
    """An emoji (`text.emoji`) of one person, or not any more."""

    kind: ClassVar = "reaction"

    emoji: str
    on: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """Pinned in its room, or not any more. `room_id`: the room in which it is looked for, if that was said."""

    kind: ClassVar = "pin"

    on: bool
    room_id: str | None = None


Wanted: TypeAlias = Edit | Delete | React | Pin


ChangeOutcome: TypeAlias = Changed | Unchanged | ChangedSince | Refused


@dataclass(slots=True, eq=False)
class PendingChange:
    """A change that was accepted and is not yet stored.

    Attributes:
        id: for the log.
        room_id: the room of the message.
        sender_id: who wants it.
        is_admin: whether they are one by role.
        message_id: of the message; None: it is the one that they sent as `client_message_id`.
        settle: called once with what became of it.
        deadline: by `time.monotonic`.
    """

    id: str
    room_id: str
    sender_id: str
    is_admin: bool
    message_id: str | None
    client_message_id: str | None
    wanted: Wanted
    rules: "ChangeRules"
    settle: Callable[[MessageRecord | ChangedSince | ChatError], None]
    deadline: float


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """The rules that are settings. `edit_seconds`: 0 for never. `keeps_versions`: whether earlier contents are kept."""

    edit_seconds: int
    delete_seconds: int
    keeps_versions: bool


@dataclass(slots=True)
class Room:
    """A room while its messages are changed.

    Attributes:
        last_change: as it is by now.
        roles: those of its members who want to change something, by their ids.
        read_change: `last_change` as it was read.
    """

    id: str
    is_group: bool
    is_blocked: bool
    last_change: int
    pinned_count: int
    roles: dict[str, str] = field(default_factory=dict)
    read_change: int = field(init=False)

    def __post_init__(self) -> None:
        self.read_change = self.last_change

    @property
    def is_changed(self) -> bool:
        """Whether something in it was changed."""
        return self.last_change != self.read_change


@dataclass(slots=True)
class Version:
    """What a message said before the change of this number, and since when."""

    change: int
    content: str
    created_at: str


@dataclass(slots=True)
class Subject:
    """A message while it is changed.

    Attributes:
        record: as it is by now.
        stored: as it was read.
        age_seconds: since it was sent.
        now: the database's clock, as on the wire.
        reactors: by emoji, who reacted and by which change, in that order.
        versions: what it said before, of this time.
        former_bytes: all that it said before this time.
        removed: as it was when it was deleted, if that was now.
    """

    record: MessageRecord
    age_seconds: float
    now: str
    reactors: dict[str, dict[str, int]]
    stored: MessageRecord = field(init=False)
    stored_reactors: dict[str, dict[str, int]] = field(init=False)
    versions: list[Version] = field(default_factory=list)
    former_bytes: int = 0
    removed: MessageRecord | None = None

    def __post_init__(self) -> None:
        self.stored = self.record
        self.stored_reactors = {emoji: dict(people) for emoji, people in self.reactors.items()}
        if self.record.additions is not None:
            self.record = replace(self.record, additions=replace(self.record.additions, reactions=self._summary()))

    @property
    def additions(self) -> Additions:
        """Those of the record."""
        return self.record.additions or Additions()

    def advance(self, room: Room, *, content: str | None = None, **fields: object) -> Changed:
        """Give it the room's next change, with these fields of its additions."""
        room.last_change += 1
        additions = replace(self.additions, **fields, change=room.last_change)  # type: ignore[arg-type]
        content = self.record.content if content is None else content
        self.record = replace(self.record, content=content, additions=additions)
        return Changed(self.record)

    def advance_reactions(self, room: Room) -> Changed:
        """Likewise, after `reactors` has changed."""
        return self.advance(room, reactions=self._summary())

    def _summary(self) -> list[Reaction]:
        summary = []
        for emoji, people in self.reactors.items():
            user_ids = list(people)
            others = frozenset(user_ids[NAMED_REACTORS:])
            summary.append(Reaction(emoji, len(user_ids), user_ids[:NAMED_REACTORS], others))
        return summary


def decide(change: PendingChange, subject: Subject | None, room: Room) -> ChangeOutcome:
    """Change the message, as far as it may be.

    Args:
        subject: the message; None where there is none.
        room: the one of the change.
    """
    try:
        if subject is None or subject.record.room_id != room.id:
            raise NotFoundError(NO_MESSAGE)
        wanted = change.wanted
        if isinstance(wanted, Delete):
            return _delete(change, subject, room)
        if change.sender_id not in room.roles:
            raise NotFoundError(NO_MESSAGE)
        if isinstance(wanted, Edit):
            return _edit(change, wanted, subject, room)
        if isinstance(wanted, React):
            return _react(change, wanted, subject, room)
        return _pin(change, wanted, subject, room)
    except ChatError as error:
        return Refused(error)


def _edit(change: PendingChange, edit: Edit, subject: Subject, room: Room) -> ChangeOutcome:
    record = subject.record
    if record.sender_id != change.sender_id or record.type == "system":
        raise AccessDeniedError("Only who has sent a message may edit it.")
    _check_present(subject)
    if record.content == edit.content:
        return Unchanged(record)
    _check_open(change, room)
    if subject.age_seconds > change.rules.edit_seconds or not change.rules.edit_seconds:
        raise TooLateError("This message can not be edited any more.")
    if edit.if_change is not None and record.change > edit.if_change:
        return ChangedSince(record)
    additions = subject.additions
    if change.rules.keeps_versions:
        _keep_version(subject, Version(room.last_change + 1, record.content, additions.edited_at or record.created_at))
    digest = additions.sent_digest or digest_of(record.content)
    mentions = additions.mentions if edit.mentions is None else list(edit.mentions)
    return subject.advance(room, content=edit.content, edited_at=subject.now, mentions=mentions, sent_digest=digest)


def _keep_version(subject: Subject, version: Version) -> None:
    """Have what it says now among what it said before. The first version is kept however long it is."""
    before = subject.former_bytes
    subject.former_bytes += len(version.content.encode()) + VERSION_BYTES
    if before and subject.former_bytes > MAX_FORMER_BYTES:
        subject.former_bytes = before
        sentence = "This message has been edited so much that it can not be edited any more."
        raise LimitReachedError(sentence, limit=MAX_FORMER_BYTES)
    subject.versions.append(version)


def _delete(change: PendingChange, subject: Subject, room: Room) -> ChangeOutcome:
    record, role = subject.record, room.roles.get(change.sender_id)
    if role is None and not change.is_admin:
        raise NotFoundError(NO_MESSAGE)
    is_moderator = change.is_admin or (room.is_group and role in {"owner", "admin"})
    is_own = record.sender_id == change.sender_id and record.type != "system"
    if not is_own and not is_moderator:
        raise AccessDeniedError("Only who has sent a message may delete it.")
    if record.deleted_at is not None:
        return Unchanged(record)
    if not is_moderator and subject.age_seconds > change.rules.delete_seconds:
        raise TooLateError("This message can not be deleted any more.")
    subject.removed = record
    room.pinned_count -= subject.additions.pinned_at is not None
    subject.reactors = {}
    subject.record = replace(record, type="text", metadata=None, additions=Additions(edited_at=None))
    return subject.advance(room, content=DELETED_CONTENT, deleted_at=subject.now, deleted_by=change.sender_id)


def _react(change: PendingChange, react: React, subject: Subject, room: Room) -> ChangeOutcome:
    _check_present(subject)
    people = subject.reactors.get(react.emoji, {})
    if (change.sender_id in people) == react.on:
        return Unchanged(subject.record)
    _check_open(change, room)
    if react.on:
        if not people and len(subject.reactors) >= MAX_EMOJI:
            raise LimitReachedError(f"A message has {MAX_EMOJI} different reactions at most.", limit=MAX_EMOJI)
        if sum(change.sender_id in others for others in subject.reactors.values()) >= MAX_EMOJI_PER_PERSON:
            sentence = f"One person may react to a message with {MAX_EMOJI_PER_PERSON} emoji."
            raise LimitReachedError(sentence, limit=MAX_EMOJI_PER_PERSON)
        subject.reactors.setdefault(react.emoji, people)[change.sender_id] = room.last_change + 1
    else:
        del people[change.sender_id]
        if not people:
            del subject.reactors[react.emoji]
    return subject.advance_reactions(room)


def _pin(change: PendingChange, pin: Pin, subject: Subject, room: Room) -> ChangeOutcome:
    if pin.room_id is not None and pin.room_id != room.id:
        raise NotFoundError(NO_MESSAGE)
    if room.is_group and not change.is_admin and room.roles[change.sender_id] not in {"owner", "admin"}:
        raise AccessDeniedError("Only admins of a group may pin messages.")
    _check_present(subject)
    if (subject.additions.pinned_at is not None) == pin.on:
        return Unchanged(subject.record)
    _check_open(change, room)
    if pin.on and room.pinned_count >= MAX_PINNED:
        raise LimitReachedError(f"A conversation has {MAX_PINNED} pinned messages at most.", limit=MAX_PINNED)
    room.pinned_count += 1 if pin.on else -1
    return subject.advance(room, pinned_at=subject.now if pin.on else None)


def _check_present(subject: Subject) -> None:
    if subject.record.deleted_at is not None:
        raise MessageDeletedError(DELETED)


def _check_open(change: PendingChange, room: Room) -> None:
    if room.is_blocked and not change.is_admin:
        raise RoomBlockedError(BLOCKED)
