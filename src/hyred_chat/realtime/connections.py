"""What the chat keeps of one socket."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

from hyred_chat.accounts.schemas import User
from hyred_chat.socketio import Socket


@dataclass(slots=True, eq=False)
class Connection:
    """A signed-in socket: `socket.state` of every connected one.

    Attributes:
        person: the user as JSON, as messages carry it.
        is_legacy: it has used no event that the first design did not have, and gets receipts as that design sent them.
        expires_at: when its token ends, in Unix seconds, or None.
    """

    socket: Socket
    user: User
    person: bytes
    expires_at: float | None = None
    is_legacy: bool = True
    expiry: asyncio.TimerHandle | None = field(default=None, repr=False)


def connect(socket: Socket, user: User, expires_at: float | None) -> Connection:
    """Give `socket` its `Connection`."""
    connection = Connection(socket, user, user.as_json(), expires_at)
    socket.state = connection
    return connection


def connection_of(socket: Socket) -> Connection:
    """The `Connection` of a socket that was let in."""
    return cast("Connection", socket.state)
