"""Socket.IO: connecting, going on with a fresh token, disconnecting."""

from typing import Any

from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.sessions.schemas import Authenticate
from hyred_chat.sessions.service import Sessions


class SessionHandlers:
    """Connections, disconnections and `authenticate`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def register(self, gateway: Gateway) -> None:
        """Answer them."""
        gateway.namespace.on_connect(self._sessions.connect)
        gateway.namespace.on_disconnect(self._sessions.disconnect)
        gateway.on("authenticate", Authenticate, self.authenticate, is_new=True)

    async def authenticate(self, connection: Connection, request: Authenticate) -> dict[str, Any]:
        """Go on with a fresh token."""
        return await self._sessions.authenticate(connection, request)
