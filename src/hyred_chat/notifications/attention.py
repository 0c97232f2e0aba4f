"""Where people's attention is, as far as their sockets here tell."""

from enum import Enum
from typing import Protocol
from weakref import WeakKeyDictionary

from hyred_chat.realtime.connections import Connection, connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import Socket


class Attention(Enum):
    """What a person is looking at."""

    ROOM = "room"  # the very conversation
    CHAT = "chat"  # the chat, elsewhere in it; or nobody knows
    NOTHING = "nothing"


class Watch(Protocol):
    """What knows where people's attention is."""

    def attention_of(self, user_id: str, room_id: str | None) -> Attention:
        """Of one person, towards a room or (None) the chat as a whole."""


class Unwatched:
    """For a process without sockets: everybody may be in the chat."""

    def attention_of(self, _user_id: str, _room_id: str | None) -> Attention:
        """Nobody knows."""
        return Attention.CHAT


class SocketWatch:
    """What the sockets of this process say.

    A socket that joined a room looks at it while its page is visible. A client of the first design cannot say whether
    it is, and counts as looking. A newer client that never said so marks what it shows as read by itself: what it left
    unread for the time of the grace, nobody saw.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._visible: WeakKeyDictionary[Socket, bool] = WeakKeyDictionary()

    def set_visible(self, connection: Connection, is_visible: bool) -> None:
        """A client says whether its page can be seen."""
        self._visible[connection.socket] = is_visible

    def attention_of(self, user_id: str, room_id: str | None) -> Attention:
        """Of one person."""
        sockets = self._hub.sockets_of(user_id)
        if any(room_id in socket.rooms and self._is_looking(socket) for socket in sockets):
            return Attention.ROOM
        return Attention.CHAT if sockets else Attention.NOTHING

    def _is_looking(self, socket: Socket) -> bool:
        return self._visible.get(socket, connection_of(socket).is_legacy)
