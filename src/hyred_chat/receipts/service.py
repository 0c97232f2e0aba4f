"""The rules of receipts: positions rise, the others are told, the reader's own lists follow."""

from collections.abc import Callable
from typing import Any

from hyred_chat.db.pool import Database
from hyred_chat.errors import AccessDeniedError
from hyred_chat.messages.history import History
from hyred_chat.moments import now_on_the_wire
from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.receipts import repository
from hyred_chat.receipts.repository import Advance
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.state import NO_ACCESS, Member, RoomState


class Receipts:
    """Read positions: written to the database, then to the room in memory, then told.

    Args:
        on_risen: called with (user id, room id) when somebody has read, or received, more of a room.
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
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._history = history
        self._hub = hub
        self._announcements = announcements
        self._on_risen = on_risen

    async def mark_message_read(self, user_id: str, message_id: str) -> str:
        """Read the room up to a message; returns the message's status now. One's own message moves nothing.

        Raises:
            NotFoundError: there is no such message that the caller may see.
        """
        record, state = await self._history.get_for_member(message_id, user_id)
        if record.sender_id != user_id:
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

    async def unread_counts(self, user_id: str) -> dict[str, int]:
        """Unread messages by room, rooms without any left out. One statement."""
        return await self._rooms.unread_counts(user_id)

    async def _advance(self, state: RoomState, user_id: str, seq: int, *, read: bool) -> None:
        member = state.members[user_id]
        # Compared with the position alone: the database may know of messages that were not handed out here yet.
        if seq <= (member.last_read_seq if read else member.last_delivered_seq):
            return
        async with self._database.connection() as connection:
            moved = await repository.advance(connection, state.id, user_id, seq, read=read)
        # The room may have been read again meanwhile, with members of its own.
        if moved is not None:
            self._on_risen(user_id, state.id)
        if moved is None or (member_now := state.members.get(user_id)) is None:
            return
        member_now.rise_to(moved.last_read_seq, moved.last_delivered_seq)
        if read:
            self._announcements.announce_to(state, user_id)
        if moved.message_ids:
            self._tell_others(state, user_id, moved, read=read)

    def _tell_others(self, state: RoomState, user_id: str, moved: Advance, *, read: bool) -> None:
        event, moment = ("message_read", "readAt") if read else ("message_delivered", "deliveredAt")
        receipt: dict[str, Any] = {"chatRoomId": state.id, "userId": user_id, moment: now_on_the_wire()}
        newest = receipt | {
            "messageId": moved.message_ids[-1],
            "seq": moved.message_seqs[-1],
            "messageIds": moved.message_ids,
        }
        sockets = [socket for other in state.members if other != user_id for socket in self._hub.sockets_of(other)]
        legacy = [socket for socket in sockets if read and connection_of(socket).is_legacy]
        self._hub.emit_to(list(set(sockets).difference(legacy)), event, newest)
        # Clients of the first design tick only the one message that they are told of.
        for message_id, seq in zip(moved.message_ids, moved.message_seqs, strict=True):
            one = receipt | {"messageId": message_id, "seq": seq, "messageIds": [message_id]}
            self._hub.emit_to(legacy, event, one)
