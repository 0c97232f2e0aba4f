"""`room_updated`: every member's lists, on every socket, joined or not, follow what happens in a room."""

import asyncio

import orjson

from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.state import RoomState

# A room that changes many times a second is announced this often. The first change is announced at once. Everybody is
# sent everybody, so the larger a room, the rarer: a thousand members hear of it every five seconds.
INTERVAL_SECONDS = 0.25
SECONDS_A_MEMBER = 0.005


class Announcements:
    """Tells the members of a room how it looks now, at most every so often."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._due: dict[str, asyncio.TimerHandle] = {}

    def announce(self, state: RoomState) -> None:
        """Tell all members soon."""
        if state.id in self._due:
            return
        loop = asyncio.get_running_loop()
        interval_seconds = max(INTERVAL_SECONDS, SECONDS_A_MEMBER * len(state.members))
        when = max(loop.time(), state.announced_at + interval_seconds)
        self._due[state.id] = loop.call_at(when, self._announce, state)

    def announce_to(self, state: RoomState, user_id: str) -> None:
        """Tell one member at once: something that only they see has changed."""
        sockets = self._hub.sockets_of(user_id)
        if sockets and user_id in state.members and state.is_listed_for(user_id):
            self._hub.emit_to(sockets, "room_updated", orjson.Fragment(state.encode_for(user_id)))

    def close(self) -> None:
        """Forget what was due."""
        for handle in self._due.values():
            handle.cancel()
        self._due.clear()

    def _announce(self, state: RoomState) -> None:
        del self._due[state.id]
        state.announced_at = asyncio.get_running_loop().time()
        for user_id in state.members:
            self.announce_to(state, user_id)
