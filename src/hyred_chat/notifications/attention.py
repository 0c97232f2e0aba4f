"""Where people's attention is, as far as their sockets here tell."""

import time
from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple, Protocol
from weakref import WeakKeyDictionary

from hyred_chat.realtime.connections import Connection, connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import Socket

# After a start those who were in the chat are on their way back: the official clients try every 5 s at least.
RECONNECT_SECONDS = 5.0


class Attention(Enum):
    """What a person is looking at."""

    ROOM = "room"  # the very conversation
    SILENT = "silent"  # the very conversation, as far as is known: nothing has come from there since the message
    CHAT = "chat"  # the chat, elsewhere in it
    NOTHING = "nothing"
    UNKNOWN = "unknown"  # nobody here can tell


class Asked(NamedTuple):
    """A person whose attention is asked for.

    Attributes:
        room_id: towards which room; None: the chat as a whole.
        age_seconds: of the newest message.
    """

    user_id: str
    room_id: str | None
    age_seconds: float


class Watch(Protocol):
    """What knows where people's attention is."""

    async def attentions_of(self, asked: Sequence[Asked]) -> list[Attention]:
        """Of each of these."""

    async def here_since(self, user_id: str) -> float | None:
        """Since when somebody has been told of new messages live, by `time.monotonic`; None of who is not."""


class Unwatched:
    """For a process without sockets: people may be in the chat, at another process."""

    async def attentions_of(self, asked: Sequence[Asked]) -> list[Attention]:
        """Nobody knows."""
        return [Attention.UNKNOWN] * len(asked)

    async def here_since(self, _user_id: str) -> float | None:
        """Nobody knows."""
        return None


class SocketWatch:
    """What the sockets of this process say.

    A socket that joined a room looks at it while its page is visible, if something has come from it since the newest
    message: an acknowledgement, a pong, whatever. Until then its connection may be dead, which shows when the next
    ping is not answered. A client of the first design cannot say whether its page is visible, and counts as looking. A
    newer client that never said so marks what it shows as read by itself: what it left unread for the time of the
    grace, nobody saw.

    Args:
        is_present: whether somebody counts as here though they have no socket: they reload the page, are in a tunnel.
    """

    def __init__(self, hub: Hub, is_present: Callable[[str], bool]) -> None:
        self._hub = hub
        self._is_present = is_present
        self._knows_at = time.monotonic() + RECONNECT_SECONDS
        self._visible: WeakKeyDictionary[Socket, bool] = WeakKeyDictionary()

    def set_visible(self, connection: Connection, is_visible: bool) -> None:
        """A client says whether its page can be seen."""
        self._visible[connection.socket] = is_visible

    async def attentions_of(self, asked: Sequence[Asked]) -> list[Attention]:
        """Of each of these, as far as the sockets of this process tell."""
        return [self.attention_of(*each) for each in asked]

    def attention_of(self, user_id: str, room_id: str | None, age_seconds: float) -> Attention:
        """Of one person."""
        sockets = self._hub.sockets_of(user_id)
        heard_at = max((socket.heard_at for socket in sockets if self._is_looking(socket, room_id)), default=None)
        if heard_at is not None:
            return Attention.ROOM if time.monotonic() - heard_at < age_seconds else Attention.SILENT
        if sockets or self._is_present(user_id):
            return Attention.CHAT
        return Attention.UNKNOWN if time.monotonic() < self._knows_at else Attention.NOTHING

    def connected_since(self, user_id: str) -> float | None:
        """Since when somebody has been told of new messages here, by `time.monotonic`; None of who has no socket."""
        return min((connection_of(socket).since for socket in self._hub.sockets_of(user_id)), default=None)

    async def here_since(self, user_id: str) -> float | None:
        """See `Watch`."""
        return self.connected_since(user_id)

    def _is_looking(self, socket: Socket, room_id: str | None) -> bool:
        return room_id in socket.rooms and self._visible.get(socket, connection_of(socket).is_legacy)
