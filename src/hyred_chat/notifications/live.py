"""The live `notification` and `notification_withdrawn` events, to the sockets of this process."""

from collections.abc import Sequence

from hyred_chat.db.pool import Database
from hyred_chat.messages.records import MessageRecord
from hyred_chat.notifications import repository
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.previews import preview_of, title_of
from hyred_chat.notifications.schemas import Notification
from hyred_chat.notifications.signals import Hint
from hyred_chat.notifications.texts import ENGLISH
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.state import Member, RoomState


class LiveNotifications:
    """Tells people of what they are not looking at.

    Attributes:
        silenced: who does not want to see notifications of conversations in the chat.
    """

    def __init__(self, hub: Hub, database: Database) -> None:
        self._hub = hub
        self._database = database
        self.silenced: set[str] = set()

    def notify_of_message(self, state: RoomState, record: MessageRecord) -> None:
        """One notification for each member but the sender, on those of their sockets that have not joined the room."""
        for member in state.members.values():
            if member.user_id == record.sender_id or member.user_id in self.silenced:
                continue
            sockets = [socket for socket in self._hub.sockets_of(member.user_id) if record.room_id not in socket.rooms]
            if sockets:
                notification = _of_message(state, record, member)
                self._hub.emit_to(sockets, "notification", notification.model_dump(by_alias=True))

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


def _of_message(state: RoomState, record: MessageRecord, member: Member) -> Notification:
    sender = state.members.get(record.sender_id)
    return Notification(
        id=chat_notification_id(record.room_id, member.user_id),
        title=title_of(None if sender is None else sender.name, state.title),
        body=preview_of(record.type, record.content, ENGLISH),
        type="chat_message",
        data={
            "chatRoomId": record.room_id,
            "messageId": record.id,
            "senderId": record.sender_id,
            "seq": record.seq,
            "unreadCount": max(0, record.seq - member.last_read_seq),
        },
        created_at=record.created_at,
        read=False,
    )
