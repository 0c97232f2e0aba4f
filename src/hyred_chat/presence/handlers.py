"""Socket.IO: typing and statuses."""

from hyred_chat.presence.schemas import Typing, UpdateStatus
from hyred_chat.presence.service import PresenceService
from hyred_chat.presence.typing import TypingIndicators
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.rooms.service import Rooms


class PresenceHandlers:
    """`typing` and `update_status`."""

    def __init__(self, presence: PresenceService, typing: TypingIndicators, rooms: Rooms) -> None:
        self._presence = presence
        self._typing = typing
        self._rooms = rooms

    def register(self, gateway: Gateway) -> None:
        """Answer the events."""
        gateway.on("typing", Typing, self.typing)
        gateway.on("update_status", UpdateStatus, self.update_status)

    async def typing(self, connection: Connection, request: Typing) -> None:
        """Somebody is typing, or stopped."""
        user_id = connection.user.id
        state = await self._rooms.get_for_member(request.chat_room_id, user_id)
        if request.is_typing and connection.socket.connected and state.shows_presence:
            self._typing.start(request.chat_room_id, user_id, connection.socket)
        else:
            self._typing.stop(request.chat_room_id, user_id)

    async def update_status(self, connection: Connection, request: UpdateStatus) -> dict[str, str]:
        """Show a status."""
        await self._presence.choose(connection.user.id, request.status, request.chat_room_id)
        return {"userId": connection.user.id, "status": request.status}
