"""From a stored message to the people of its room: live to who joined it, a notification to who did not."""

from collections.abc import Callable

from hyred_chat.messages.records import EncodedMessage, MessageRecord
from hyred_chat.notifications.live import LiveNotifications
from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.state import Member, RoomState


class Delivery:
    """Hands messages out, each once, in the order of their room.

    Args:
        on_delivered: called with (room id, sender id) after each message: its sender is not typing any more.
        on_read: called with (user id, room id) of a sender who had not read the room: by writing they have.
        on_acquainted: called with the ids of two people once both have written in a room that one of them has opened.

    Attributes:
        sent: how many `new_message` events were sent to sockets.
    """

    def __init__(
        self,
        hub: Hub,
        announcements: Announcements,
        notifications: LiveNotifications,
        *,
        on_delivered: Callable[[str, str], None],
        on_read: Callable[[str, str], None],
        on_acquainted: Callable[[str, str], None],
    ) -> None:
        self.sent = 0
        self._hub = hub
        self._encode = hub.namespace.encoder("new_message")
        self._announcements = announcements
        self._notifications = notifications
        self._on_delivered = on_delivered
        self._on_read = on_read
        self._on_acquainted = on_acquainted

    def deliver(self, state: RoomState, record: MessageRecord, encoded: EncodedMessage | None) -> None:
        """Hand out the message that follows `state.last_seq`.

        A room that was loaded after the message was committed knows it already, and whoever joined since has it from
        history: then only those who have not joined are told, and it need not be encoded.
        """
        is_system = record.type == "system"  # it says what was done, and nobody has written or read by that
        sender = None if is_system else state.members.get(record.sender_id)
        if sender is not None:
            if sender.last_read_seq < record.seq - 1:
                self._on_read(record.sender_id, record.room_id)
            if not sender.has_written:
                self._note_first_words(state, sender)
        if encoded is not None and record.seq > state.last_seq:
            self._send_to_joined(record, encoded)
            state.advance(record)
        if not is_system:
            self._on_delivered(record.room_id, record.sender_id)
        self._notifications.notify_of_message(state, record)
        self._announcements.announce(state)

    def _note_first_words(self, state: RoomState, sender: Member) -> None:
        sender.has_written = True
        if state.is_opened_by_member and state.shows_presence and (pair := state.pair) is not None:
            self._on_acquainted(*pair)

    def _send_to_joined(self, record: MessageRecord, encoded: EncodedMessage) -> None:
        if record.additions is not None and record.attachments:
            self._send_to_each(record, encoded)
            return
        own = others = None
        sockets, own_sockets = self._hub.sockets_in(record.room_id), self._hub.sockets_of(record.sender_id)
        self.sent += len(sockets)
        for socket in sockets:
            if socket in own_sockets:
                own = own or self._encode(encoded.own)
                socket.send(own)
            else:
                others = others or self._encode(encoded.others)
                socket.send(others)

    def _send_to_each(self, record: MessageRecord, encoded: EncodedMessage) -> None:
        """Files have addresses of each reader's own."""
        sockets = self._hub.sockets_in(record.room_id)
        self.sent += len(sockets)
        for socket in sockets:
            message = encoded.for_user(connection_of(socket).user.id, record.sender_id)
            socket.send(self._encode(message))
