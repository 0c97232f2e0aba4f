"""What the chat keeps of one socket."""

import asyncio
import time
from dataclasses import dataclass, field
from weakref import ref

from hyred_chat.accounts.schemas import User
from hyred_chat.log_fields import as_id
from hyred_chat.socketio import Socket


@dataclass(slots=True, eq=False)
class Connection:
    """A signed-in socket: `socket.state` of every connected one.

    Attributes:
        user: who signed in.
        person: the user as JSON, as messages carry it.
        expires_at: when its token ends, in Unix seconds, or None.
        email: the address by which it was signed in; None when it was by something else.
        is_legacy: it has used no event that the first design did not have, and gets receipts as that design sent them.
        expiry: what ends the session with its token, or warns of that.
        since: when it signed in, by `time.monotonic()`.
    """

    # Weak, or the two would keep each other in memory after the end, until the garbage collector comes by.
    _socket: ref[Socket]
    user: User
    person: bytes
    expires_at: float | None = None
    email: str | None = None
    is_legacy: bool = True
    expiry: asyncio.TimerHandle | None = field(default=None, repr=False)
    since: float = field(default_factory=time.monotonic)

    @property
    def socket(self) -> Socket:
        """The socket. Whoever asks holds it already, by its event or as one that is here.

        Raises:
            ReferenceError: it is gone.
        """
        socket = self._socket()
        if socket is None:
            raise ReferenceError("the socket is gone")
        return socket

    def log_fields(self) -> dict[str, str]:
        """Whose it is, as the log may say."""
        return {"socket_id": self.socket.sid, "user_id": as_id(self.user.id)}


def connect(socket: Socket, user: User, expires_at: float | None, email: str | None) -> Connection:
    """Give `socket` its `Connection`."""
    connection = Connection(ref(socket), user, user.as_json(), expires_at, email)
    socket.state = connection
    return connection


def connection_of(socket: Socket) -> Connection:
    """The `Connection` of a socket that was let in."""
    connection: Connection = socket.state
    return connection
