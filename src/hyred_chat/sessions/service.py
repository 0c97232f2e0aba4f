"""A socket's life: let in by its token, kept no longer than that, gone with what it was signed in by."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts, Identity
from hyred_chat.db.emails import email_key
from hyred_chat.errors import (
    AccessDeniedError,
    ChatError,
    TokenExpiredError,
    UnauthenticatedError,
    UserNotFoundError,
)
from hyred_chat.limits import RateLimit, RefusalRate
from hyred_chat.moments import seconds_to_wire
from hyred_chat.presence.service import PresenceService
from hyred_chat.presence.typing import TypingIndicators
from hyred_chat.realtime.connections import Connection, connect, connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.membership import Membership
from hyred_chat.sessions.schemas import Authenticate
from hyred_chat.socketio import ConnectionRefused, Handshake, Socket, reasons

logger = logging.getLogger(__name__)

WARNING_SECONDS = 60.0
# How often the clock is looked at, and by how much it must have jumped for timers to be set anew.
CLOCK_CHECK_SECONDS = 0.5
CLOCK_JUMP_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class SessionRates:
    """How often people may sign in.

    Attributes:
        connects: of each person. Apart from their events, so that a device that floods keeps no other one out.
        refused_tokens: of each address. A good token passes whatever else came from its address.
    """

    connects: RateLimit
    refused_tokens: RefusalRate


class Sessions:
    """Sockets from CONNECT to disconnect.

    Args:
        clock: Unix seconds, as tokens have them.

    Attributes:
        connects: how many sockets asked to be let in, by the code of the refusal, or `ok`.
    """

    def __init__(
        self,
        accounts: Accounts,
        hub: Hub,
        presence: PresenceService,
        typing: TypingIndicators,
        membership: Membership,
        *,
        rates: SessionRates,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.connects: Counter[str] = Counter()
        self._rates = rates
        self._clock = clock
        self._accounts = accounts
        self._hub = hub
        self._presence = presence
        self._typing = typing
        self._membership = membership

    async def connect(self, socket: Socket, handshake: Handshake) -> None:
        """Let a socket in, or raise `ConnectionRefused` with the contract's message and `code`."""
        try:
            identity = await self._sign_in(_token_of(handshake.auth), handshake.address)
        except ChatError as error:
            self.connects[error.code] += 1
            details = {} if error.details is None else {"details": error.details}
            raise ConnectionRefused(_refusal_of(error, handshake.auth), {"code": error.code, **details}) from None
        connection = connect(socket, identity.user, identity.expires_at, identity.email)
        self._watch_expiry(connection)
        self.connects["ok"] += 1
        logger.debug("A socket signed in", extra=connection.log_fields())
        if self._hub.add(connection):
            self._presence.arrive(identity.user.id)

    def disconnect(self, socket: Socket, reason: str) -> None:
        """Forget a socket; others in its rooms learn of it when it was the user's last there.

        Nobody learns of those whom a server that stops sends elsewhere: they have not left.
        """
        connection = connection_of(socket)
        if connection.expiry is not None:
            connection.expiry.cancel()
        self._typing.stop_on(socket)
        logger.debug("A socket is gone: %s", reason, extra=connection.log_fields())
        rooms = list(socket.rooms)
        was_last = self._hub.remove(connection)
        if reason == reasons.SERVER_SHUTTING_DOWN:
            return
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
        identity = await self._authenticate(request.token, connection.socket.address)
        if identity.user.id != connection.user.id:
            raise AccessDeniedError("This token belongs to somebody else.")
        self._renew(connection, identity)
        expires_at = identity.expires_at
        return {"expiresAt": None if expires_at is None else seconds_to_wire(expires_at)}

    def on_user_change(self, change: UserChange) -> None:
        """Disconnect somebody who was disabled, and what was signed in by an address that the account has no more.

        All others show under their new name.
        """
        for socket in list(self._hub.sockets_of(change.user.id)):
            connection = connection_of(socket)
            if change.disabled:
                _end(socket, UserNotFoundError("This account is disabled."))
            elif connection.email is not None and email_key(connection.email) != email_key(change.email):
                _end(socket, UserNotFoundError("This account has another e-mail address now. Please sign in again."))
            else:
                _rename(connection, change.user)

    async def run(self) -> None:
        """See to it that tokens end by the clock, until cancelled.

        Timers run by a clock of their own, which stands still while the machine sleeps, and does not jump when somebody
        sets the time.
        """
        offset = self._clock() - time.monotonic()
        while True:
            await asyncio.sleep(CLOCK_CHECK_SECONDS)
            jumped_by = self._clock() - time.monotonic() - offset
            if abs(jumped_by) >= CLOCK_JUMP_SECONDS:
                offset += jumped_by
                for socket in list(self._hub.namespace.sockets.values()):
                    self._watch_expiry(connection_of(socket))

    async def _sign_in(self, token: str | None, address: str) -> Identity:
        identity = await self._authenticate(token, address)
        self._rates.connects.take(identity.user.id)
        return identity

    async def _authenticate(self, token: str | None, address: str) -> Identity:
        try:
            return await self._accounts.authenticate(token)
        except (UnauthenticatedError, UserNotFoundError):
            if token:
                self._rates.refused_tokens.count(address)
            raise

    def _renew(self, connection: Connection, identity: Identity) -> None:
        if not connection.socket.connected:  # it ended while the token was looked at
            return
        connection.expires_at = identity.expires_at
        connection.email = identity.email
        _rename(connection, identity.user)
        self._watch_expiry(connection)

    def _watch_expiry(self, connection: Connection) -> None:
        if connection.expiry is not None:
            connection.expiry.cancel()
            connection.expiry = None
        if connection.expires_at is not None:
            delay = max(0.0, connection.expires_at - self._clock() - WARNING_SECONDS)
            connection.expiry = asyncio.get_running_loop().call_later(delay, self._warn, connection)

    def _warn(self, connection: Connection) -> None:
        if connection.expires_at is None:
            return
        connection.socket.emit("auth_expiring", {"expiresAt": seconds_to_wire(connection.expires_at)})
        delay = max(0.0, connection.expires_at - self._clock())
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
