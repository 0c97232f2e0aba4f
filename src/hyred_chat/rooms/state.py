"""A room in memory: what this node knows of it, and how each member sees it.

`RoomState.last_seq` has a second meaning that the whole of delivery rests on: it is the newest message that this node
has handed to the room's sockets. Whoever joins gets history up to it, and everything after it live, in one step of
the event loop; that is why nothing falls between the two and nothing comes twice. `RoomState.last_change` is the same
of the changes of messages.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from hyred_chat.accounts.schemas import former_member
from hyred_chat.files.attachments import GroupPicture
from hyred_chat.messages.attached import in_short
from hyred_chat.messages.records import MessageRecord
from hyred_chat.moments import now_on_the_wire
from hyred_chat.pages import PAGE_BYTES, take_page
from hyred_chat.rooms.schemas import MemberRole
from hyred_chat.rooms.system_events import people_of, put_into_words

# A room that changes many times a second is announced this often. The first change is announced at once. The larger a
# room, the rarer: a thousand members hear of it every five seconds.
INTERVAL_SECONDS = 0.25
SECONDS_A_MEMBER = 0.005

# What a room and a member take in memory besides texts of any length, the cache's own entries included.
ROOM_BYTES = 1200
MEMBER_BYTES = 550
NUMBER_BYTES = 40
# How many messages that count for nobody are remembered: the newest. More of them unread would count.
MAX_UNCOUNTED = 10_000

# Of a group. Everybody else is an ordinary member.
MANAGING_ROLES = ("owner", "admin")

# What most members make of a room for themselves alone.
NOTHING_OF_THEIR_OWN = (False, None, None, None)

# The one sentence for a room of others and for a room that does not exist.
NO_ACCESS = "You are not a member of this conversation."


@dataclass(frozen=True, slots=True)
class Rise:
    """A member's position that was further than this node knew: what has been read, or received, since."""

    user_id: str
    is_read: bool
    after: int
    until: int


@dataclass(slots=True)
class Member:
    """A member with their read position.

    Attributes:
        person: their `User` as JSON.
        shown: what others see of the positions (read, delivered) while they are kept apart; None: the positions.
        has_written: whether they have written in this room.
        is_hidden: whether the room is not listed for them while it is empty: somebody else opened it.
        told_read_seq: how far others here have been told that this member has read, since the room is in memory.
        told_delivered_seq: the same of what they have received.
        has_blocked: whether they have blocked the other member of a room of two.
        role: `owner`, `admin` or `member`.
        archived_seq: the newest message when they archived the room (`db/archive.py`).
        marked_unread_seq: their position when they marked the room as unread. It is so until they read any further.
        muted_until: until when they have muted the room, or had.
    """

    user_id: str
    name: str
    person: bytes
    last_read_seq: int
    last_delivered_seq: int
    shown: tuple[int, int] | None = None
    has_written: bool = False
    is_hidden: bool = False
    told_read_seq: int = 0
    told_delivered_seq: int = 0
    has_blocked: bool = False
    role: MemberRole = "member"
    archived_seq: int | None = None
    marked_unread_seq: int | None = None
    muted_until: str | None = None

    @property
    def is_marked_unread(self) -> bool:
        """Whether they have marked the room as unread."""
        return self.marked_unread_seq == self.last_read_seq

    @property
    def muted(self) -> str | None:
        """Until when they have muted the room; None: they have not, or it is over."""
        return self.muted_until if self.muted_until is not None and self.muted_until > now_on_the_wire() else None

    @property
    def own_looks(self) -> tuple[object, ...]:
        """What they alone are shown of the room, to tell whether it has changed."""
        return self.has_blocked, self.archived_seq, self.marked_unread_seq, self.muted_until

    @property
    def shown_positions(self) -> tuple[int, int]:
        """How far others see that this member has read and received."""
        return self.shown or (self.last_read_seq, self.last_delivered_seq)

    def rise_to(self, read_seq: int, delivered_seq: int) -> None:
        """Move the positions up to these, if they are further; reading implies having received."""
        self.last_read_seq = max(self.last_read_seq, read_seq)
        self.last_delivered_seq = max(self.last_delivered_seq, delivered_seq, self.last_read_seq)

    def learn(self, read_seq: int, delivered_seq: int) -> list[Rise]:
        """Move the positions up to what the database says, and say what others have not been told of yet.

        The caller has them told.
        """
        read_before, delivered_before = self.last_read_seq, self.last_delivered_seq
        self.rise_to(read_seq, delivered_seq)
        rises = [
            Rise(self.user_id, is_read=True, after=read_before, until=self.last_read_seq),
            # That what has been read has been received goes without saying.
            Rise(
                self.user_id,
                is_read=False,
                after=max(delivered_before, self.last_read_seq),
                until=self.last_delivered_seq,
            ),
        ]
        rises = [rise for rise in rises if rise.until > rise.after]
        for rise in rises:
            self.note_told(rise.until, read=rise.is_read)
        return rises

    def note_told(self, seq: int, *, read: bool) -> None:
        """Others here are told that this member has read, or received, up to a message."""
        if read:
            self.told_read_seq = max(self.told_read_seq, seq)
        else:
            self.told_delivered_seq = max(self.told_delivered_seq, seq)


@dataclass(slots=True)
class RoomState:
    """A room, its members by user id in the order they joined, and its newest message."""

    id: str
    type: str
    status: str
    title: str | None
    avatar: str | None
    created_at: str
    last_message_at: str | None
    last_seq: int
    last_message: MessageRecord | None
    members: dict[str, Member]
    # By one of the two whom it is for, and not by the host.
    is_opened_by_member: bool = False
    # Its two people are kept apart (`rooms/apart.py`).
    is_barred: bool = False
    # Of a group without an `avatar`.
    picture: GroupPicture | None = None
    last_change: int = 0
    # The newest message that somebody wrote, and when.
    written_seq: int = 0
    written_at: str | None = None
    # The seqs of messages that nobody has to read, as far as one of the members has not read up to them; ascending.
    uncounted: list[int] = field(default_factory=list)
    # When each pinned message was pinned, as on the wire, by its seq.
    pins: dict[int, str] = field(default_factory=dict)
    # People who wrote here and are members no more, as JSON by id; read when their messages are.
    former_members: dict[str, bytes] = field(default_factory=dict)
    # The newest message that the room was read with: of those up to it, none was handed out here.
    read_seq: int = field(default=0, init=False)
    # Likewise the newest change.
    read_change: int = field(default=0, init=False)
    # When members were last told of the room, and of a message (event loop time), so that a busy room floods nobody.
    announced_at: float = 0.0
    notified_at: float = 0.0
    # All members as a JSON array, until one of them changes: every member is sent every member.
    _encoded_members: bytes | None = field(default=None, init=False, repr=False)
    _people_bytes: int | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.read_seq, self.read_change = self.last_seq, self.last_change

    def advance(self, message: MessageRecord) -> None:
        """Record `message` as the newest. Unless it is the system's, its sender has read and received up to it."""
        self.last_seq = message.seq
        self.last_message_at = message.created_at
        self.last_message = message
        is_system = message.type == "system"
        if is_system or (message.additions is not None and message.deleted_at is not None):
            self.uncount(message.seq)
        if is_system:
            return
        self.written_seq, self.written_at = message.seq, message.created_at
        self.status = "active"
        if (sender := self.members.get(message.sender_id)) is not None:
            sender.rise_to(message.seq, message.seq)
            sender.has_written = True

    def advance_change(self, message: MessageRecord) -> None:
        """Record what has become of a message by the newest change."""
        self.last_change = message.change
        if message.seq == self.last_seq:
            self.last_message = message
        if message.deleted_at is not None:
            self.uncount(message.seq)
        pinned_at = None if message.additions is None else message.additions.pinned_at
        if pinned_at is None:
            self.pins.pop(message.seq, None)
        else:
            self.pins[message.seq] = pinned_at

    def uncount(self, seq: int) -> None:
        """A message that nobody has to read, or not any more."""
        place = bisect_right(self.uncounted, seq)
        if not (place and self.uncounted[place - 1] == seq):
            insort(self.uncounted, seq)
            del self.uncounted[:-MAX_UNCOUNTED]

    def take_over(self, fresh: "RoomState") -> list[Rise]:
        """Take what `fresh` says, except of messages: those this node knows by having delivered them.

        Returns:
            The members' positions that were further in the database.
        """
        self.type, self.status, self.title = fresh.type, fresh.status, fresh.title
        self.avatar, self.picture = fresh.avatar, fresh.picture
        self.is_opened_by_member, self.is_barred = fresh.is_opened_by_member, fresh.is_barred
        rises: list[Rise] = []
        for user_id, member in fresh.members.items():
            # A position may have risen here since the reading began. They never fall.
            if (known := self.members.get(user_id)) is not None:
                rises += known.learn(member.last_read_seq, member.last_delivered_seq)
                member.rise_to(known.last_read_seq, known.last_delivered_seq)
                member.has_written = member.has_written or known.has_written
                member.note_told(known.told_read_seq, read=True)
                member.note_told(known.told_delivered_seq, read=False)
        gone = self.members.keys() - fresh.members
        self.former_members |= {user_id: self.members[user_id].person for user_id in gone} | fresh.former_members
        self.members = fresh.members
        self._encoded_members = self._people_bytes = None
        return rises

    def skip_to(self, fresh: "RoomState") -> None:
        """Take the messages and changes of `fresh` for known, though none was handed out: nobody here has joined."""
        # Neither goes back: one of the two may have advanced since `fresh` was read.
        if fresh.last_seq >= self.last_seq:
            self.last_seq = self.read_seq = fresh.last_seq
            self.last_message_at, self.last_message = fresh.last_message_at, fresh.last_message
            self.written_seq, self.written_at = fresh.written_seq, fresh.written_at
            self.former_members.update(fresh.former_members)
        if fresh.last_change >= self.last_change:
            self.last_change = self.read_change = fresh.last_change
            self.uncounted, self.pins = fresh.uncounted, fresh.pins

    @property
    def pinned(self) -> list[int]:
        """The seqs of pinned messages, first the one that was pinned first."""
        return sorted(self.pins, key=lambda seq: (self.pins[seq], seq))

    @property
    def positions_total(self) -> int:
        """The sum of all positions: they only rise, so a larger one says that somebody has read or received more."""
        return sum(member.last_read_seq + member.last_delivered_seq for member in self.members.values())

    def looks(self) -> tuple[object, ...]:
        """All that members are shown of the room itself and whose lists it is in, to tell whether it has changed."""
        people = [(member.person, member.role, self.is_listed_for(user_id)) for user_id, member in self.members.items()]
        return self.type, self.status, self.is_barred, self.title, self.avatar, self.picture, people

    def own_looks(self) -> dict[str, tuple[object, ...]]:
        """What single members are shown that the others are not, by their ids, likewise."""
        return {
            member.user_id: own for member in self.members.values() if (own := member.own_looks) != NOTHING_OF_THEIR_OWN
        }

    def is_archived_for(self, user_id: str) -> bool:
        """Whether a member has archived it, and nobody has written since but while they had muted it."""
        member = self.members[user_id]
        if member.archived_seq is None:
            return False
        is_muted = member.muted_until is not None and (self.written_at or "") < member.muted_until
        return self.written_seq <= member.archived_seq or is_muted

    def remove_member(self, user_id: str) -> None:
        """Somebody was put out. What they wrote still has their name."""
        self.former_members[user_id] = self.members.pop(user_id).person
        self._encoded_members = self._people_bytes = None

    def status_for_others(self, seq: int, sender_id: str) -> str:
        """`sent`, `delivered` or `read`: the lowest that holds for all members but the sender of message `seq`."""
        others = [member for member in self.members.values() if member.user_id != sender_id]
        if not others:
            return "sent"
        if all(member.shown_positions[0] >= seq for member in others):
            return "read"
        return "delivered" if all(member.shown_positions[1] >= seq for member in others) else "sent"

    @property
    def pair(self) -> tuple[str, str] | None:
        """The ids of its two members; None of a room of more, or of fewer."""
        match list(self.members):
            case [first_id, second_id]:
                return first_id, second_id
        return None

    @property
    def weight_bytes(self) -> int:
        """About what the room takes in memory, by what there is of it."""
        if self._people_bytes is None:
            self._people_bytes = sum(MEMBER_BYTES + len(member.person) for member in self.members.values())
            self._people_bytes += len(self._encoded_members or b"")
        content = 0 if self.last_message is None else len(self.last_message.content)
        # Of most rooms there is nothing else: no call is made for them.
        former = MEMBER_BYTES * len(self.former_members) if self.former_members else 0
        numbers = NUMBER_BYTES * (len(self.uncounted) + len(self.pins)) if self.uncounted or self.pins else 0
        return ROOM_BYTES + self._people_bytes + content + former + numbers

    @property
    def interval_seconds(self) -> float:
        """How often its members are told of it at most."""
        return max(INTERVAL_SECONDS, SECONDS_A_MEMBER * len(self.members))

    @property
    def shows_presence(self) -> bool:
        """Whether members see here that others are here and write: the rule of `db/acquaintances.py`."""
        if self.type == "group":
            return True
        if self.is_barred or self.status == "blocked":
            return False
        return not self.is_opened_by_member or all(member.has_written for member in self.members.values())

    def is_listed_for(self, user_id: str) -> bool:
        """Whether it is in a member's list."""
        return self.last_seq > 0 or not self.members[user_id].is_hidden

    def person_of(self, user_id: str) -> bytes:
        """A member, or somebody who was one, as JSON."""
        if (member := self.members.get(user_id)) is not None:
            return member.person
        return self.former_members.get(user_id) or former_member(user_id).as_json()

    def name_of(self, user_id: str) -> str:
        """The name of a member, or of somebody who was one."""
        if (member := self.members.get(user_id)) is not None:
            return member.name
        name: str = orjson.loads(self.person_of(user_id))["name"]
        return name

    def put_into_words(self, record: MessageRecord) -> MessageRecord:
        """A message as it is shown: what the system stored as an event is a sentence, with the names of now.

        As long as it names somebody who is not known here, it says what it said where it was stored.
        """
        if record.type != "system":
            return record
        is_told = bool(record.content) and not people_of(record) <= self.members.keys() | self.former_members.keys()
        return record if is_told else put_into_words(record, self.name_of)

    def unread_count_for(self, user_id: str) -> int:
        """How many messages `user_id` has not read. Sending reads up to one's own, so none of these are their own."""
        read_seq = self.members[user_id].last_read_seq
        if read_seq >= self.last_seq:
            return 0
        return max(0, self.last_seq - read_seq - self.count_uncounted(read_seq, self.last_seq))

    def count_uncounted(self, after: int, until: int) -> int:
        """How many of the messages with `after` < seq <= `until` nobody has to read."""
        uncounted = self.uncounted
        return bisect_right(uncounted, until) - bisect_right(uncounted, after) if uncounted else 0

    def encode_for(self, user_id: str, *, members_bytes: int = PAGE_BYTES) -> bytes:
        """The contract's Room as `user_id` sees it, in JSON.

        Args:
            members_bytes: how long the list of members may be. Those who joined last are left out past it.
        """
        member, last = self.members[user_id], self.last_message
        if last is not None and last.type == "system":
            last = self.put_into_words(last)
        room = {
            "id": self.id,
            "type": self.type,
            "status": "blocked" if self.is_barred else self.status,
            "blockedBy": "me" if member.has_blocked else None,
            "title": self.title,
            "createdAt": self.created_at,
            "lastMessageAt": self.last_message_at,
            "lastSeq": self.last_seq,
            "lastChange": self.last_change,
            "lastReadSeq": min(member.last_read_seq, self.last_seq),
            "unreadCount": self.unread_count_for(user_id),
            # Of most members nothing of it is so: no call is made for them.
            "markedUnread": member.marked_unread_seq == member.last_read_seq,
            "archived": member.archived_seq is not None and self.is_archived_for(user_id),
            "muted": member.muted_until and member.muted,
            "myRole": member.role if self.type == "group" else "member",
            "pinned": self.pinned,
            "otherParticipant": self._other_participant(user_id),
            "members": self._encode_members(members_bytes),
            "lastMessage": None
            if last is None
            else {
                "id": last.id,
                "seq": last.seq,
                "content": last.content,
                "type": last.type,
                "metadata": orjson.Fragment(last.metadata) if last.type == "system" and last.metadata else None,
                "senderId": last.sender_id,
                "senderName": self.name_of(last.sender_id),
                "createdAt": last.created_at,
                "deletedAt": last.deleted_at,
                **in_short(last.content, last.attachments).as_fields(),
                "isOwn": last.sender_id == user_id,
            },
        }
        return orjson.dumps(room)

    def encode_reference(self, user_id: str) -> bytes:
        """The contract's RoomReference as `user_id` sees it, in JSON: what a message's place is called by."""
        other = self._other_participant(user_id)
        return orjson.dumps({"id": self.id, "title": self.title, "otherParticipant": other})

    def _encode_members(self, max_bytes: int) -> orjson.Fragment:
        if not max_bytes:
            return orjson.Fragment(b"[]")
        if self._encoded_members is None:
            self._encoded_members = _encode_people(self._list_people())
            self._people_bytes = None
        if len(self._encoded_members) > max_bytes:
            return orjson.Fragment(_encode_people(take_page(self._list_people(), max_bytes)))
        return orjson.Fragment(self._encoded_members)

    def _list_people(self) -> Iterable[bytes]:
        """The members as JSON; in a group, with their roles in it."""
        if self.type != "group":
            return (member.person for member in self.members.values())
        return (b'%b,"memberRole":"%b"}' % (each.person[:-1], each.role.encode()) for each in self.members.values())

    def _other_participant(self, user_id: str) -> object:
        if self.type == "group":
            avatar = self.avatar if self.picture is None else self.picture.address_for(user_id)
            return {"id": self.id, "name": self.title or "Group", "avatar": avatar, "role": "group"}
        others = [member for member in self.members.values() if member.user_id != user_id]
        return orjson.Fragment(others[0].person) if len(others) == 1 else None


def _encode_people(people: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(people) + b"]"


def positions(members: Iterable[Member], viewer_id: str) -> dict[str, dict[str, int]]:
    """The `cursors` of the `sync` answer, as a member sees them: `{userId: {lastReadSeq, lastDeliveredSeq}}`."""
    cursors = {}
    for member in members:
        own = member.last_read_seq, member.last_delivered_seq
        read, delivered = own if member.user_id == viewer_id else member.shown_positions
        cursors[member.user_id] = {"lastReadSeq": read, "lastDeliveredSeq": delivered}
    return cursors
