"""A socket's life: let in by its token, kept no longer than that, gone when its user is disabled."""

import asyncio
import time
from typing import Any

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts, Identity
from hyred_chat.errors import (
    AccessDeniedError,
    ChatError,
    TokenExpiredError,
    UnauthenticatedError,
    UserNotFoundError,
)
from hyred_chat.moments import seconds_to_wire
from hyred_chat.presence.service import PresenceService
from hyred_chat.presence.typing import TypingIndicators
from hyred_chat.realtime.connections import Connection, connect, connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.membership import Membership
from hyred_chat.sessions.schemas import Authenticate
from hyred_chat.socketio import ConnectionRefused, Handshake, Socket

WARNING_SECONDS = 60.0


class Sessions:
    """Sockets from CONNECT to disconnect."""

    def __init__(
        self,
        accounts: Accounts,
        hub: Hub,
        presence: PresenceService,
        typing: TypingIndicators,
        membership: Membership,
    ) -> None:
        self._accounts = accounts
        self._hub = hub
        self._presence = presence
        self._typing = typing
        self._membership = membership

    async def connect(self, socket: Socket, handshake: Handshake) -> None:
        """Let a socket in, or raise `ConnectionRefused` with the contract's message and `code`."""
        try:
            identity = await self._accounts.authenticate(_token_of(handshake.auth))
        except ChatError as error:
            raise ConnectionRefused(_refusal_of(error, handshake.auth), {"code": error.code}) from None
        connection = connect(socket, identity.user, identity.expires_at)
        self._watch_expiry(connection)
        if self._hub.add(connection):
            self._presence.arrive(identity.user.id)

    def disconnect(self, socket: Socket, _reason: str) -> None:
        """Forget a socket; others in its rooms learn of it when it was the user's last there."""
        connection = connection_of(socket)
        if connection.expiry is not None:
            connection.expiry.cancel()
        self._typing.stop_on(socket)
        rooms = list(socket.rooms)
        was_last = self._hub.remove(connection)
        for room_id in rooms:
            self._membership.leave(connection, room_id)
        if was_last:
            self._presence.leave(connection.user.id)

    async def authenticate(self, connection: Connection, request: Authenticate) -> dict[str, Any]:
        """Go on with a fresh token.

        Raises:
            UnauthenticatedError, TokenExpiredError, UserNotFoundError: the token is no good.
            AccessDeniedError: it is somebody else's.
        """
        identity = await self._accounts.authenticate(request.token)
        if identity.user.id != connection.user.id:
            raise AccessDeniedError("This token belongs to somebody else.")
        self._renew(connection, identity)
        expires_at = identity.expires_at
        return {"expiresAt": None if expires_at is None else seconds_to_wire(expires_at)}

    def on_user_change(self, change: UserChange) -> None:
        """Disconnect somebody who was disabled; show others under their new name."""
        for socket in list(self._hub.sockets_of(change.user.id)):
            if change.disabled:
                _end(socket, UserNotFoundError("This account is disabled."))
            else:
                _rename(connection_of(socket), change.user)

    def _renew(self, connection: Connection, identity: Identity) -> None:
        connection.expires_at = identity.expires_at
        _rename(connection, identity.user)
        self._watch_expiry(connection)

    def _watch_expiry(self, connection: Connection) -> None:
        if connection.expiry is not None:
            connection.expiry.cancel()
            connection.expiry = None
        if connection.expires_at is not None:
            delay = max(0.0, connection.expires_at - time.time() - WARNING_SECONDS)
            connection.expiry = asyncio.get_running_loop().call_later(delay, self._warn, connection)

    def _warn(self, connection: Connection) -> None:
        if connection.expires_at is None:
            return
        connection.socket.emit("auth_expiring", {"expiresAt": seconds_to_wire(connection.expires_at)})
        delay = max(0.0, connection.expires_at - time.time())
        connection.expiry = asyncio.get_running_loop().call_later(
            delay, _end, connection.socket, TokenExpiredError("The session has ended. Please sign in again.")
        )


def _token_of(auth: object) -> str | None:
    token = auth.get("token") if isinstance(auth, dict) else None
    return token if isinstance(token, str) else None


def _refusal_of(error: ChatError, auth: object) -> str:
    """The message of the CONNECT_ERROR packet: one of three that clients compare with, or the error's own."""
    if isinstance(error, UserNotFoundError):
        return "User not found"
    if isinstance(error, UnauthenticatedError | TokenExpiredError):
        return "Authentication failed" if _token_of(auth) else "Authentication token required"
    return error.message


def _end(socket: Socket, error: ChatError) -> None:
    socket.emit("error", {"message": error.message, "code": error.code, "event": "connect"})
    socket.disconnect(close=True)


def _rename(connection: Connection, user: User) -> None:
    connection.user = user
    connection.person = user.as_json()
