"""The live `notification` and `notification_withdrawn` events, to the sockets of this process."""

import asyncio
from collections.abc import Collection, Sequence
from functools import partial

import orjson

from hyred_chat.db.pool import Database
from hyred_chat.messages.attached import in_short
from hyred_chat.messages.records import MessageRecord
from hyred_chat.notifications import repository
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.previews import preview_of, title_of
from hyred_chat.notifications.schemas import Notification
from hyred_chat.notifications.signals import Hint
from hyred_chat.notifications.texts import ENGLISH
from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.slices import LARGE_MEMBERS, Slices
from hyred_chat.rooms.state import RoomState
from hyred_chat.socketio import Socket


class LiveNotifications:
    """Tells people of what they are not looking at.

    Attributes:
        silenced: who does not want to see notifications of conversations in the chat.
    """

    def __init__(self, hub: Hub, slices: Slices, database: Database) -> None:
        self._hub = hub
        self._slices = slices
        self._database = database
        self.silenced: set[str] = set()

    def notify_of_message(self, state: RoomState, record: MessageRecord) -> None:
        """One notification for each member but the sender, on those of their sockets that do not look at the room.

        The system's messages make none. In a large room, the newest message stands for all that come in a while.
        """
        if record.type == "system":
            return
        if len(state.members) > LARGE_MEMBERS:
            self._slices.put(
                ("notification", state.id),
                at=state.notified_at + state.interval_seconds,
                people=partial(_begin, state),
                tell=partial(self._notify, state, record, _Texts(state, record)),
            )
            return
        texts = None
        for user_id in state.members:
            if user_id != record.sender_id and not self._is_looking(user_id, state.id):
                texts = texts or _Texts(state, record)
                self._notify(state, record, texts, user_id)

    def _is_looking(self, user_id: str, room_id: str) -> bool:
        """Whether no socket of somebody's has not joined a room: there is none to notify."""
        return self._hub.sockets_of(user_id) <= self._hub.sockets_in(room_id)

    def _notify(self, state: RoomState, record: MessageRecord, texts: "_Texts", user_id: str) -> None:
        if user_id == record.sender_id or user_id in self.silenced or user_id not in state.members:
            return
        if sockets := self._sockets_elsewhere(user_id, state.id):
            read_seq = state.members[user_id].last_read_seq
            unread = max(0, record.seq - read_seq - state.count_uncounted(read_seq, record.seq))
            self._hub.emit_to(sockets, "notification", texts.encode_for(user_id, unread))

    def _sockets_elsewhere(self, user_id: str, room_id: str) -> list[Socket]:
        """Those that have not joined. A page of the first design has two, of which one joins for both."""
        sockets, joined = self._hub.sockets_of(user_id), self._hub.sockets_in(room_id)
        elsewhere = [socket for socket in sockets if socket not in joined]
        if 0 < len(elsewhere) < len(sockets):
            is_covered = any(connection_of(socket).is_legacy for socket in sockets if socket in joined)
            return [socket for socket in elsewhere if not (is_covered and connection_of(socket).is_legacy)]
        return elsewhere

    async def show(self, hints: Sequence[Hint]) -> None:
        """Show notifications to those of their people who are here. At most one statement."""
        here = [hint.notification_id for hint in hints if self._hub.is_here(hint.user_id)]
        if not here:
            return
        async with self._database.connection() as connection:
            notifications = await repository.list_by_ids(connection, here)
        for user_id, notification in notifications:
            self._hub.emit_to_users([user_id], "notification", notification.model_dump(by_alias=True))

    async def withdraw(self, hints: Sequence[Hint]) -> None:
        """Tell people's sockets which notifications they need not show any more: of a conversation, up to which seq."""
        by_user: dict[str, dict[str, int | None]] = {}
        for user_id, notification_id, seq in hints:
            by_user.setdefault(user_id, {})[notification_id] = seq
        for user_id, withdrawn in by_user.items():
            seqs = {notification_id: seq for notification_id, seq in withdrawn.items() if seq is not None}
            self._hub.emit_to_users([user_id], "notification_withdrawn", {"ids": list(withdrawn), "seqs": seqs})

    async def on_preferences(self, hints: Sequence[Hint]) -> None:
        """Some people have chosen what to see; one statement about them."""
        people = {hint.user_id for hint in hints}
        async with self._database.connection() as connection:
            silenced = await repository.list_silenced(connection, "chat_message", people)
        self.silenced -= people
        self.silenced |= silenced

    async def refresh_silenced(self) -> None:
        """Read anew who does not want to see what; one statement, whenever something may have been missed."""
        async with self._database.connection() as connection:
            self.silenced = await repository.list_silenced(connection, "chat_message")


def _begin(state: RoomState) -> Collection[str]:
    state.notified_at = asyncio.get_running_loop().time()
    return state.members


class _Texts:
    """The notification of one message, put into words once for all who have as many unread."""

    def __init__(self, state: RoomState, record: MessageRecord) -> None:
        self._state = state
        self._record = record
        self._by_unread: dict[int, bytes] = {}

    def encode_for(self, user_id: str, unread: int) -> orjson.Fragment:
        """The payload, whose id is this member's own."""
        if (rest := self._by_unread.get(unread)) is None:
            rest = self._by_unread[unread] = self._encode(unread)
        id_ = chat_notification_id(self._record.room_id, user_id).encode()
        return orjson.Fragment(b'{"id":"' + id_ + b'",' + rest)

    def _encode(self, unread: int) -> bytes:
        """Without its beginning."""
        record = self._record
        sender = self._state.members.get(record.sender_id)
        files = in_short(record.content, record.attachments)
        notification = Notification(
            id="",
            title=title_of(None if sender is None else sender.name, self._state.title),
            body=preview_of(record.type, record.content, ENGLISH, files),
            type="chat_message",
            data={
                "chatRoomId": record.room_id,
                "messageId": record.id,
                "senderId": record.sender_id,
                "seq": record.seq,
                "messageType": record.type,
                "unreadCount": unread,
                **(files.as_fields() if files.number else {}),
            },
            created_at=record.created_at,
            read=False,
        )
        return orjson.dumps(notification.model_dump(by_alias=True, exclude={"id"}))[1:]
