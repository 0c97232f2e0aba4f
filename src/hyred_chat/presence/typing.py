"""Who is writing: told to the others in the room, and over by itself."""

import asyncio

from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import Socket

TIMEOUT_SECONDS = 6.0


class TypingIndicators:
    """People who are typing, by (room, user), each with the socket they type on.

    It ends when refreshed no more, on sending, and when that socket leaves the room or is gone.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._typing: dict[tuple[str, str], tuple[Socket, asyncio.TimerHandle]] = {}

    def start(self, room_id: str, user_id: str, socket: Socket) -> None:
        """Somebody is typing, or still is."""
        known = self._typing.pop((room_id, user_id), None)
        timer = asyncio.get_running_loop().call_later(TIMEOUT_SECONDS, self.stop, room_id, user_id)
        self._typing[room_id, user_id] = (socket, timer)
        if known is None:
            self._tell(room_id, user_id, is_typing=True)
        else:
            known[1].cancel()

    def stop(self, room_id: str, user_id: str) -> None:
        """Somebody stopped; told once."""
        if (known := self._typing.pop((room_id, user_id), None)) is not None:
            known[1].cancel()
            self._tell(room_id, user_id, is_typing=False)

    def stop_on(self, socket: Socket, room_id: str | None = None) -> None:
        """Nobody types on this socket any more, in a room or anywhere."""
        for (room, user_id), (typed_on, _) in list(self._typing.items()):
            if typed_on is socket and room_id in {None, room}:
                self.stop(room, user_id)

    def close(self) -> None:
        """Forget everybody."""
        for _, timer in self._typing.values():
            timer.cancel()
        self._typing.clear()

    def _tell(self, room_id: str, user_id: str, *, is_typing: bool) -> None:
        self._hub.emit_to_others_in(
            room_id, user_id, "user_typing", {"chatRoomId": room_id, "userId": user_id, "isTyping": is_typing}
        )
