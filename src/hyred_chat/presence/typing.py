"""Who is writing: told to the others in the room, and over by itself."""

import asyncio
from collections.abc import Callable, Collection

from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import Socket

TIMEOUT_SECONDS = 6.0
# In larger rooms only those who have joined are told: a list of conversations has no place for a crowd.
MAX_LISTED_MEMBERS = 20


class TypingIndicators:
    """People who are typing, by (room, user), each with the socket they type on.

    It ends when refreshed no more, on sending, and when that socket leaves the room or is gone.

    Args:
        members_of: the ids of a room's members, as far as this node has them in memory.
    """

    def __init__(self, hub: Hub, members_of: Callable[[str], Collection[str]]) -> None:
        self._hub = hub
        self._members_of = members_of
        self._typing: dict[tuple[str, str], tuple[Socket, asyncio.TimerHandle]] = {}
        self._by_socket: dict[Socket, set[tuple[str, str]]] = {}

    def start(self, room_id: str, user_id: str, socket: Socket) -> None:
        """Somebody is typing, or still is."""
        was_typing = self._forget(room_id, user_id)
        timer = asyncio.get_running_loop().call_later(TIMEOUT_SECONDS, self.stop, room_id, user_id)
        self._typing[room_id, user_id] = (socket, timer)
        self._by_socket.setdefault(socket, set()).add((room_id, user_id))
        if not was_typing:
            self._tell(room_id, user_id, is_typing=True)

    def stop(self, room_id: str, user_id: str) -> None:
        """Somebody stopped; told once."""
        if self._forget(room_id, user_id):
            self._tell(room_id, user_id, is_typing=False)

    def stop_on(self, socket: Socket, room_id: str | None = None) -> None:
        """Nobody types on this socket any more, in a room or anywhere."""
        for room, user_id in list(self._by_socket.get(socket, ())):
            if room_id in {None, room}:
                self.stop(room, user_id)

    def close(self) -> None:
        """Forget everybody."""
        for _, timer in self._typing.values():
            timer.cancel()
        self._typing.clear()
        self._by_socket.clear()

    def _forget(self, room_id: str, user_id: str) -> bool:
        """Whether they were typing."""
        known = self._typing.pop((room_id, user_id), None)
        if known is None:
            return False
        socket, timer = known
        timer.cancel()
        typed_here = self._by_socket[socket]
        typed_here.discard((room_id, user_id))
        if not typed_here:
            del self._by_socket[socket]
        return True

    def _tell(self, room_id: str, user_id: str, *, is_typing: bool) -> None:
        self._hub.emit_to(
            [*self._hub.others_in(room_id, user_id), *self._listing(room_id, user_id)],
            "user_typing",
            {"chatRoomId": room_id, "userId": user_id, "isTyping": is_typing},
        )

    def _listing(self, room_id: str, user_id: str) -> list[Socket]:
        """The other members' sockets that have not joined, for their lists; first-design clients expect none there."""
        members = self._members_of(room_id)
        if len(members) > MAX_LISTED_MEMBERS:
            return []
        return [
            socket
            for member_id in members
            if member_id != user_id
            for socket in self._hub.sockets_of(member_id)
            if room_id not in socket.rooms and not connection_of(socket).is_legacy
        ]
