"""Sockets entering and leaving rooms, and what the others there see of it."""

from collections.abc import Callable
from typing import TypeAlias

from hyred_chat.moments import now_on_the_wire
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import Socket

OnLeave: TypeAlias = Callable[[Socket, str], None]


class Membership:
    """Who looks at a room. Several sockets of one person are one person.

    Args:
        is_barred: whether a room's people are kept apart: then they learn nothing of one another.

    Attributes:
        on_leave: called with a socket that goes on, and the id of the room that it has left.
    """

    def __init__(self, hub: Hub, is_barred: Callable[[str], bool]) -> None:
        self.on_leave: list[OnLeave] = []
        self._hub = hub
        self._is_barred = is_barred

    def join(self, connection: Connection, room_id: str) -> None:
        """The socket gets the room's live events from now on; others learn of the user's first socket there."""
        user = connection.user
        is_first = not self._hub.is_in(user.id, room_id)
        connection.socket.join(room_id)
        if is_first and not self._is_barred(room_id):
            joined = {"chatRoomId": room_id, "userId": user.id, "name": user.name, "joinedAt": now_on_the_wire()}
            self._hub.emit_to_others_in(room_id, user.id, "user_joined", joined)

    def put_out(self, connection: Connection, room_id: str) -> None:
        """The socket's user is no member any more; they are told as the others are."""
        self.leave(connection, room_id)
        connection.socket.emit("user_left", _left(connection, room_id))

    def leave(self, connection: Connection, room_id: str) -> None:
        """The socket gets them no more; others learn when it was the user's last there."""
        if room_id in connection.socket.rooms:
            connection.socket.leave(room_id)
        if connection.socket.connected:  # else it has ended in all rooms at once already
            for listener in self.on_leave:
                listener(connection.socket, room_id)
        user = connection.user
        if not self._hub.is_in(user.id, room_id, besides=connection.socket) and not self._is_barred(room_id):
            self._hub.emit_to_others_in(room_id, user.id, "user_left", _left(connection, room_id))


def _left(connection: Connection, room_id: str) -> dict[str, str]:
    user = connection.user
    return {"chatRoomId": room_id, "userId": user.id, "name": user.name, "leftAt": now_on_the_wire()}
