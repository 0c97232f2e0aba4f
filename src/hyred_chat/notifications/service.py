"""The live `notification` of a chat message, to the sockets that have not joined its room."""

from hyred_chat.ids import new_id
from hyred_chat.messages.records import MessageRecord
from hyred_chat.notifications.schemas import Notification
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.state import RoomState

PREVIEW_CHARS = 140


class Notifications:
    """Tells people of messages that they are not looking at."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def notify_of_message(self, state: RoomState, record: MessageRecord) -> None:
        """One notification for each member but the sender, on those of their sockets that have not joined the room."""
        for member in state.members.values():
            if member.user_id == record.sender_id:
                continue
            sockets = [socket for socket in self._hub.sockets_of(member.user_id) if record.room_id not in socket.rooms]
            if sockets:
                notification = _of_message(state, record)
                self._hub.emit_to(sockets, "notification", notification.model_dump(by_alias=True))


def _of_message(state: RoomState, record: MessageRecord) -> Notification:
    sender = state.members.get(record.sender_id)
    title = "Hyred Chat" if sender is None else sender.name
    body = {"image": "Sent a picture", "file": "Sent a file"}.get(record.type, record.content)
    return Notification(
        id=new_id(),
        title=f"{title} · {state.title}" if state.title else title,
        body=body if len(body) <= PREVIEW_CHARS else body[: PREVIEW_CHARS - 1].rstrip() + "…",
        type="chat_message",
        data={"chatRoomId": record.room_id, "messageId": record.id, "senderId": record.sender_id, "seq": record.seq},
        created_at=record.created_at,
        read=False,
    )
