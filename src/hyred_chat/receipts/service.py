"""The rules of receipts: positions rise, the others are told, the reader's own lists follow."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hyred_chat.backlog import Backlog
from hyred_chat.db.pool import Database
from hyred_chat.errors import AccessDeniedError, UnavailableError
from hyred_chat.messages.history import History
from hyred_chat.moments import now_on_the_wire, to_wire
from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.slices import LARGE_MEMBERS
from hyred_chat.receipts import repository
from hyred_chat.receipts.schemas import Reader
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.state import NO_ACCESS, Member, Rise, RoomState

# Positions that others are told of after one statement.
BATCH_RISES = 100


@dataclass(frozen=True, slots=True)
class Advance:
    """A position that rose.

    Attributes:
        read: whether it is what the member has read, or what they have received.
        last_read_seq: how far they have read now.
        last_delivered_seq: how far they have received now.
        covered: the messages of others that this is about, as (seq, id).
    """

    user_id: str
    read: bool
    last_read_seq: int
    last_delivered_seq: int
    covered: Sequence[tuple[int, str]]


class Receipts:
    """Read positions: written to the database, then to the room in memory, then told.

    Args:
        on_risen: called with (user id, room id) when somebody has read, or received, more of a room.
        on_doubt: called with a room's id when it is not known whether a position was written.
        on_read_again: awaited with (user id, room id) of somebody who reads a room that they have marked as unread, as
            far as they had read it.

    Attributes:
        on_advance: called with a room and the position of a member that has risen in it by what was done here.
    """

    def __init__(
        self,
        database: Database,
        rooms: Rooms,
        history: History,
        hub: Hub,
        announcements: Announcements,
        *,
        on_risen: Callable[[str, str], None],
        on_doubt: Callable[[str], None],
        on_read_again: Callable[[str, str], Awaitable[object]],
    ) -> None:
        self.on_advance: list[Callable[[RoomState, Advance], None]] = []
        self._database = database
        self._rooms = rooms
        self._history = history
        self._hub = hub
        self._announcements = announcements
        self._on_risen = on_risen
        self._on_doubt = on_doubt
        self._on_read_again = on_read_again
        self._ahead = Backlog[tuple[str, str, bool], Rise](
            self._tell_of, complaint="Members could not be told of receipts", batch_size=BATCH_RISES, merge=_span
        )

    async def mark_message_read(self, user_id: str, message_id: str) -> str:
        """Read the room up to a message; returns the message's status now. One's own message moves nothing.

        Raises:
            NotFoundError: there is no such message that the caller may see.
        """
        record, state = await self._history.get_for_member(message_id, user_id)
        is_marked = state.members[user_id].is_marked_unread
        if record.sender_id != user_id or is_marked:
            await self._advance(state, user_id, record.seq, read=True)
        return state.status_for_others(record.seq, record.sender_id)

    async def mark(self, user_id: str, room_id: str, seq: int, *, read: bool) -> Member:
        """Read (or receive) a room up to `seq`; past the end is the end. Returns the member's positions.

        Raises:
            AccessDeniedError: the caller is not a member.
        """
        state = await self._rooms.get_for_member(room_id, user_id)
        await self._advance(state, user_id, seq, read=read)
        if (member := state.members.get(user_id)) is None:
            raise AccessDeniedError(NO_ACCESS)
        return member

    async def list_readers(self, user_id: str, message_id: str) -> list[Reader]:
        """Who has read a message of one's own, the latest first.

        Raises:
            AccessDeniedError: it is somebody else's.
            NotFoundError: there is no such message that the caller may see.
        """
        record, state = await self._history.get_for_member(message_id, user_id)
        if record.sender_id != user_id:
            raise AccessDeniedError("Only the sender of a message sees who has read it.")
        if state.is_barred:
            others = [member for member in state.members.values() if member.user_id != user_id]
            return [
                Reader(user_id=other.user_id, read_at=None)
                for other in others
                if other.shown_positions[0] >= record.seq
            ]
        async with self._database.connection() as connection:
            readers = await repository.list_readers(connection, state.id, record.seq)
        return [Reader(user_id=each, read_at=None if at is None else to_wire(at)) for each, at in readers]

    async def unread_counts(self, user_id: str) -> tuple[int, dict[str, int]]:
        """See `Rooms.unread_counts`."""
        return await self._rooms.unread_counts(user_id)

    def on_ahead(self, state: RoomState, rises: Sequence[Rise]) -> None:
        """Members turned out to have read or received more than was known here: have the others told."""
        for rise in rises:
            key = (state.id, rise.user_id, rise.is_read)
            self._ahead.add(key, rise)

    def hear(self, state: RoomState, advance: Advance) -> None:
        """A position has risen by what was done at another node, which has seen to the notifications.

        A room that was read after that knows the position, and others here may not have been told of it.
        """
        if (member := state.members.get(advance.user_id)) is None:
            return
        known_seq = member.told_read_seq if advance.read else member.told_delivered_seq
        member.learn(advance.last_read_seq, advance.last_delivered_seq)
        member.note_told(advance.last_read_seq if advance.read else advance.last_delivered_seq, read=advance.read)
        if advance.read and advance.last_read_seq > known_seq:
            self._announcements.announce_to(state, advance.user_id)
        covered = [each for each in advance.covered if each[0] > known_seq]
        self._tell_others(state, advance.user_id, covered, read=advance.read)

    async def run(self) -> None:
        """Tell of positions that were further than known, until cancelled. Bounded by the members in memory."""
        await self._ahead.run()

    async def _advance(self, state: RoomState, user_id: str, seq: int, *, read: bool) -> None:
        # Compared with the position alone: the database may know of messages that were not handed out here yet.
        known_seq = _position(state.members[user_id], read=read)
        if seq <= known_seq:
            if read and seq == known_seq and state.members[user_id].is_marked_unread:
                await self._on_read_again(user_id, state.id)
            return
        try:
            async with self._database.connection(writes=f"room {state.id}") as connection:
                found = await repository.advance(connection, state.id, user_id, seq, read=read, known_seq=known_seq)
        except UnavailableError:
            self._on_doubt(state.id)  # it may have been committed all the same
            raise
        # The room may have been read again meanwhile, with members of its own.
        if found is None or (member := state.members.get(user_id)) is None:
            return
        known_seq = _position(member, read=read)
        rises = member.learn(found.last_read_seq, found.last_delivered_seq)
        self._note(state, [rise for rise in rises if rise.is_read is read])
        covered = [each for each in found.covered if each[0] > known_seq]
        self._tell_others(state, user_id, covered, read=read)
        advance = Advance(user_id, read, found.last_read_seq, found.last_delivered_seq, covered)
        for listener in self.on_advance:
            listener(state, advance)
        self.on_ahead(state, [rise for rise in rises if rise.is_read is not read])

    async def _tell_of(self, batch: Mapping[tuple[str, str, bool], Rise]) -> None:
        """Tell of positions in rooms in memory; one statement."""
        rises = [(room_id, rise) for (room_id, _, _), rise in batch.items()]
        async with self._database.connection() as connection:
            covered = await repository.list_covered(connection, rises)
        for (room_id, rise), messages in zip(rises, covered, strict=True):
            if (state := self._rooms.find(room_id)) is not None and rise.user_id in state.members:
                self._note(state, [rise])
                self._tell_others(state, rise.user_id, messages, read=rise.is_read)

    def _note(self, state: RoomState, rises: Sequence[Rise]) -> None:
        """Have the member's own lists and notifications follow."""
        for rise in rises:
            self._on_risen(rise.user_id, state.id)
            if rise.is_read:
                self._announcements.announce_to(state, rise.user_id)

    def _tell_others(self, state: RoomState, user_id: str, covered: Sequence[tuple[int, str]], *, read: bool) -> None:
        if not covered or state.is_barred:
            return
        event, moment = ("message_read", "readAt") if read else ("message_delivered", "deliveredAt")
        receipt: dict[str, Any] = {"chatRoomId": state.id, "userId": user_id, moment: now_on_the_wire()}
        newest_seq, newest_id = covered[-1]
        newest = receipt | {
            "messageId": newest_id,
            "seq": newest_seq,
            "messageIds": [message_id for _, message_id in covered],
        }
        sockets = [socket for other in _concerned(state, user_id) for socket in self._hub.sockets_of(other)]
        legacy = [socket for socket in sockets if read and connection_of(socket).is_legacy]
        self._hub.emit_to(list(set(sockets).difference(legacy)), event, newest)
        # Clients of the first design tick only the one message that they are told of.
        for seq, message_id in covered:
            one = receipt | {"messageId": message_id, "seq": seq, "messageIds": [message_id]}
            self._hub.emit_to(legacy, event, one)


def _concerned(state: RoomState, user_id: str) -> list[str]:
    """Whom somebody's position concerns: the other members, of a large room those who have messages to be read there.

    A message to a thousand people is read a thousand times. If all of them were told each time, it would be a million
    events, and nobody else would get a turn meanwhile.
    """
    is_large = len(state.members) > LARGE_MEMBERS
    others = (member for member in state.members.values() if member.user_id != user_id)
    return [member.user_id for member in others if member.has_written or not is_large]


def _span(before: Rise, later: Rise) -> Rise:
    """Both rises of one position in one."""
    return replace(later, after=min(before.after, later.after))


def _position(member: Member, *, read: bool) -> int:
    return member.last_read_seq if read else member.last_delivered_seq
