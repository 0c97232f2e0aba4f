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
    """People who are typing, by room, each with the socket they type on.

    It ends when refreshed no more, on sending, and when that socket leaves the room or is gone. Others are told of
    beginnings and ends, not of refreshes; a socket that joins later is told who is typing by then (`tell_joined`).

    Args:
        members_of: the ids of a room's members, as far as this node has them in memory.

    Attributes:
        on_change: called with (room id, user id, whether they type) whenever somebody types at this node, or stops.
    """

    def __init__(self, hub: Hub, members_of: Callable[[str], Collection[str]]) -> None:
        self._hub = hub
        self._members_of = members_of
        self.on_change: list[Callable[[str, str, bool], None]] = []
        # Without a socket: at another node.
        self._typing: dict[str, dict[str, tuple[Socket | None, asyncio.TimerHandle]]] = {}
        self._by_socket: dict[Socket, set[tuple[str, str]]] = {}

    def start(self, room_id: str, user_id: str, socket: Socket) -> None:
        """Somebody is typing, or still is."""
        self._start(room_id, user_id, socket)
        self._by_socket.setdefault(socket, set()).add((room_id, user_id))
        for listener in self.on_change:
            listener(room_id, user_id, True)

    def stop(self, room_id: str, user_id: str) -> None:
        """Somebody stopped; told once."""
        if room_id not in self._typing:  # as after most messages
            return
        if (known := self._forget(room_id, user_id)) is None:
            return
        self._tell(room_id, user_id, is_typing=False)
        if known[0] is not None:
            for listener in self.on_change:
                listener(room_id, user_id, False)

    def hear(self, room_id: str, user_id: str, *, is_typing: bool) -> None:
        """Somebody types at another node, or stopped."""
        socket, _ = self._typing.get(room_id, {}).get(user_id, (None, None))
        if socket is not None:  # they type here, too
            return
        if is_typing:
            self._start(room_id, user_id, None)
        else:
            self.stop(room_id, user_id)

    def tell_joined(self, socket: Socket, room_id: str) -> None:
        """A socket has joined a room: tell it who is typing there already."""
        me = connection_of(socket).user.id
        for user_id in self._typing.get(room_id, ()):
            if user_id != me:
                socket.emit("user_typing", _payload(room_id, user_id, is_typing=True))

    def stop_on(self, socket: Socket, room_id: str | None = None) -> None:
        """Nobody types on this socket any more, in a room or anywhere."""
        for room, user_id in list(self._by_socket.get(socket, ())):
            if room_id in {None, room}:
                self.stop(room, user_id)

    def close(self) -> None:
        """Forget everybody."""
        for typing in self._typing.values():
            for _, timer in typing.values():
                timer.cancel()
        self._typing.clear()
        self._by_socket.clear()

    def _start(self, room_id: str, user_id: str, socket: Socket | None) -> None:
        was_typing = self._forget(room_id, user_id) is not None
        timer = asyncio.get_running_loop().call_later(TIMEOUT_SECONDS, self.stop, room_id, user_id)
        self._typing.setdefault(room_id, {})[user_id] = (socket, timer)
        if not was_typing:
            self._tell(room_id, user_id, is_typing=True)

    def _forget(self, room_id: str, user_id: str) -> tuple[Socket | None, asyncio.TimerHandle] | None:
        """What was known of somebody's typing."""
        typing = self._typing.get(room_id, {})
        known = typing.pop(user_id, None)
        if known is None:
            return None
        if not typing:
            del self._typing[room_id]
        socket, timer = known
        timer.cancel()
        if socket is not None:
            typed_here = self._by_socket[socket]
            typed_here.discard((room_id, user_id))
            if not typed_here:
                del self._by_socket[socket]
        return known

    def _tell(self, room_id: str, user_id: str, *, is_typing: bool) -> None:
        self._hub.emit_to(
            [*self._hub.others_in(room_id, user_id), *self._listing(room_id, user_id)],
            "user_typing",
            _payload(room_id, user_id, is_typing=is_typing),
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


def _payload(room_id: str, user_id: str, *, is_typing: bool) -> dict[str, object]:
    return {"chatRoomId": room_id, "userId": user_id, "isTyping": is_typing}
