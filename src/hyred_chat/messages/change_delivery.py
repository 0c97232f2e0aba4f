"""From a stored change to the people of its room: `message_changed` to who joined it, `room_updated` to everybody."""

from typing import TYPE_CHECKING

import orjson

from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.state import RoomState

if TYPE_CHECKING:
    from hyred_chat.socketio import Encoded


class ChangeDelivery:
    """Hands changes out, each once, in the order of their room.

    Attributes:
        sent: how many `message_changed` events were sent to sockets.
    """

    def __init__(self, hub: Hub, announcements: Announcements) -> None:
        self.sent = 0
        self._hub = hub
        self._announcements = announcements

    def deliver(self, state: RoomState, record: MessageRecord) -> None:
        """Hand out a message as the change after `state.last_change` has left it.

        A room that was read after the change was committed knows it already: then its lists are told alone.
        """
        if record.change > state.last_change:
            state.advance_change(record)
            self._send_to_joined(state, record)
        self._announcements.announce(state)

    def _send_to_joined(self, state: RoomState, record: MessageRecord) -> None:
        sockets = self._hub.sockets_in(record.room_id)
        if not sockets:
            return
        status = state.status_for_others(record.seq, record.sender_id)
        encoded = encode_message(state.put_into_words(record), state.person_of(record.sender_id), status)
        frames: dict[bytes, Encoded] = {}
        for socket in sockets:
            message = encoded.for_user(connection_of(socket).user.id, record.sender_id)
            # There are few different ones, `isOwn` of the message and of its reactions, unless it has files.
            if (frame := frames.get(message)) is None:
                payload = payload_of_change(record, message)
                frame = frames[message] = self._hub.namespace.encode("message_changed", payload)
            socket.send(frame)
        self.sent += len(sockets)


def payload_of_change(record: MessageRecord, message: bytes) -> dict[str, object]:
    """The payload of `message_changed`; `message` is the Message in JSON."""
    return {"chatRoomId": record.room_id, "change": record.change, "message": orjson.Fragment(message)}
