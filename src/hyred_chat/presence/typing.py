"""Who is writing: told to the others in the room, and over by itself."""

import asyncio

from hyred_chat.realtime.hub import Hub

TIMEOUT_SECONDS = 6.0


class TypingIndicators:
    """People who are typing, by (room, user). Each ends when refreshed no more, on sending, leaving and disconnect."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._typing: dict[tuple[str, str], asyncio.TimerHandle] = {}

    def start(self, room_id: str, user_id: str) -> None:
        """Somebody is typing, or still is."""
        known = self._typing.pop((room_id, user_id), None)
        loop = asyncio.get_running_loop()
        self._typing[room_id, user_id] = loop.call_later(TIMEOUT_SECONDS, self.stop, room_id, user_id)
        if known is None:
            self._tell(room_id, user_id, is_typing=True)
        else:
            known.cancel()

    def stop(self, room_id: str, user_id: str) -> None:
        """Somebody stopped; told once."""
        if (known := self._typing.pop((room_id, user_id), None)) is not None:
            known.cancel()
            self._tell(room_id, user_id, is_typing=False)

    def stop_all(self, user_id: str) -> None:
        """Somebody is gone."""
        for room_id, typist in [key for key in self._typing if key[1] == user_id]:
            self.stop(room_id, typist)

    def close(self) -> None:
        """Forget everybody."""
        for handle in self._typing.values():
            handle.cancel()
        self._typing.clear()

    def _tell(self, room_id: str, user_id: str, *, is_typing: bool) -> None:
        self._hub.emit_to_others_in(
            room_id, user_id, "user_typing", {"chatRoomId": room_id, "userId": user_id, "isTyping": is_typing}
        )
