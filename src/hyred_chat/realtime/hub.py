"""Who is here: the sockets of this node by user, and by the room they joined."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet

from hyred_chat.realtime.connections import Connection, connection_of
from hyred_chat.socketio import Namespace, Socket

# As many are written to before everybody else gets a turn of the loop: about a millisecond.
SLICE_SOCKETS = 50
_NOBODY: frozenset[Socket] = frozenset()


class Hub:
    """The sockets of one namespace. Rooms of Socket.IO are rooms of the chat: a socket is in those it joined.

    Attributes:
        on_arrival: called with everybody's id before their first socket is counted in.
        on_departure: called with everybody's id after their last socket was counted out.
        sockets_in: returns all sockets that joined a room, by its id. Every message asks several times.
    """

    def __init__(self, namespace: Namespace) -> None:
        self.namespace = namespace
        self.on_arrival: list[Callable[[str], None]] = []
        self.on_departure: list[Callable[[str], None]] = []
        self.sockets_in: Callable[[str], AbstractSet[Socket]] = namespace.sockets_in
        self._by_user: dict[str, set[Socket]] = {}

    def add(self, connection: Connection) -> bool:
        """Count a socket in; true when it is the user's first."""
        user_id = connection.user.id
        if (sockets := self._by_user.get(user_id)) is None:
            for listener in self.on_arrival:
                listener(user_id)
            sockets = self._by_user[user_id] = set()
        sockets.add(connection.socket)
        return len(sockets) == 1

    def remove(self, connection: Connection) -> bool:
        """Count a socket out; true when it was the user's last."""
        sockets = self._by_user.get(connection.user.id)
        if sockets is None:
            return False
        sockets.discard(connection.socket)
        if sockets:
            return False
        del self._by_user[connection.user.id]
        for listener in self.on_departure:
            listener(connection.user.id)
        return True

    @property
    def user_count(self) -> int:
        """How many users have a socket."""
        return len(self._by_user)

    def is_here(self, user_id: str) -> bool:
        """Whether the user has a socket."""
        return user_id in self._by_user

    def is_anybody_here(self, user_ids: Iterable[str]) -> bool:
        """Whether one of these users has a socket."""
        return not self._by_user.keys().isdisjoint(user_ids)

    def list_users(self) -> list[str]:
        """The ids of all who have a socket."""
        return list(self._by_user)

    def sockets_of(self, user_id: str) -> AbstractSet[Socket]:
        """All sockets of a user."""
        return self._by_user.get(user_id, _NOBODY)

    def others_in(self, room_id: str, user_id: str) -> list[Socket]:
        """All sockets that joined a room and are not `user_id`'s."""
        return [socket for socket in self.sockets_in(room_id) if connection_of(socket).user.id != user_id]

    def is_in(self, user_id: str, room_id: str, *, besides: Socket | None = None) -> bool:
        """Whether a socket of the user, other than `besides`, joined the room."""
        return any(room_id in socket.rooms for socket in self.sockets_of(user_id) if socket is not besides)

    def emit_to_users(self, user_ids: Iterable[str], event: str, *args: object) -> None:
        """Send an event to all sockets of these users, encoded once."""
        sockets = [socket for user_id in user_ids for socket in self.sockets_of(user_id)]
        self.emit_to(sockets, event, *args)

    def emit_to_others_in(self, room_id: str, user_id: str, event: str, *args: object) -> None:
        """Send an event to the room's sockets that are not `user_id`'s, encoded once."""
        self.emit_to(self.others_in(room_id, user_id), event, *args)

    async def emit_to_many(self, user_ids: Iterable[str], event: str, *args: object) -> None:
        """`emit_to_users`, a slice at a time: others get their turns in between."""
        sockets = [socket for user_id in user_ids for socket in self.sockets_of(user_id)]
        if not sockets:
            return
        encoded = self.namespace.encode(event, *args)
        for number, socket in enumerate(sockets, start=1):
            socket.send(encoded)
            if number % SLICE_SOCKETS == 0:
                await asyncio.sleep(0)

    def emit_to(self, sockets: Collection[Socket], event: str, *args: object) -> None:
        """Send an event to `sockets`, encoded once."""
        if sockets:
            encoded = self.namespace.encode(event, *args)
            for socket in sockets:
                socket.send(encoded)
