"""Sockets entering and leaving rooms, and what the others there see of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hyred_chat.accounts.schemas import User
from hyred_chat.moments import now_on_the_wire
from hyred_chat.realtime.connections import Connection, connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import Socket

SocketListener: TypeAlias = Callable[[Socket, str], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody has entered a room with their first socket, or left it with their last: what the others there see."""

    room_id: str
    user_id: str
    event: str
    payload: dict[str, str]


class Membership:
    """Who looks at a room. Several sockets of one person are one person.

    Args:
        is_barred: whether a room's people are kept apart: then they learn nothing of one another.

    Attributes:
        on_join: called with a socket and the id of the room that it has joined.
        on_leave: called with a socket that goes on, and the id of the room that it has left.
        on_change: called with what the others in a room are told.
    """

    def __init__(self, hub: Hub, is_barred: Callable[[str], bool]) -> None:
        self.on_join: list[SocketListener] = []
        self.on_leave: list[SocketListener] = []
        self.on_change: list[Callable[[Entry], None]] = []
        self._hub = hub
        self._is_barred = is_barred

    def join(self, connection: Connection, room_id: str) -> None:
        """The socket gets the room's live events from now on; others learn of the user's first socket there."""
        is_first = not self._hub.is_in(connection.user.id, room_id)
        connection.socket.join(room_id)
        if is_first and not self._is_barred(room_id):
            self._tell(_joined(connection.user, room_id))
        for listener in self.on_join:
            listener(connection.socket, room_id)

    def put_out(self, connection: Connection, room_id: str) -> None:
        """The socket's user is no member any more; they are told as the others are."""
        self.leave(connection, room_id)
        connection.socket.emit("user_left", _left(connection.user, room_id).payload)

    def leave(self, connection: Connection, room_id: str) -> None:
        """The socket gets them no more; others learn when it was the user's last there."""
        if room_id in connection.socket.rooms:
            connection.socket.leave(room_id)
        if connection.socket.connected:  # else it has ended in all rooms at once already
            for listener in self.on_leave:
                listener(connection.socket, room_id)
        user = connection.user
        if not self._hub.is_in(user.id, room_id, besides=connection.socket) and not self._is_barred(room_id):
            self._tell(_left(user, room_id))

    def announce_again(self, room_id: str, user_id: str) -> None:
        """Say that somebody is in a room, if they are: it was said elsewhere that they left."""
        socket = next((socket for socket in self._hub.sockets_of(user_id) if room_id in socket.rooms), None)
        if socket is not None and not self._is_barred(room_id):
            self._tell(_joined(connection_of(socket).user, room_id))

    def _tell(self, entry: Entry) -> None:
        self._hub.emit_to_others_in(entry.room_id, entry.user_id, entry.event, entry.payload)
        for listener in self.on_change:
            listener(entry)


def _joined(user: User, room_id: str) -> Entry:
    payload = {"chatRoomId": room_id, "userId": user.id, "name": user.name, "joinedAt": now_on_the_wire()}
    return Entry(room_id, user.id, "user_joined", payload)


def _left(user: User, room_id: str) -> Entry:
    payload = {"chatRoomId": room_id, "userId": user.id, "name": user.name, "leftAt": now_on_the_wire()}
    return Entry(room_id, user.id, "user_left", payload)
