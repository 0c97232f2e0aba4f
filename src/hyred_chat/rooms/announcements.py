"""`room_updated`: every member's lists, on every socket, joined or not, follow what happens in a room."""

import asyncio
from collections.abc import Collection
from functools import partial

import orjson

from hyred_chat.pages import PAGE_BYTES
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.slices import LARGE_MEMBERS, Slices
from hyred_chat.rooms.state import RoomState


class Announcements:
    """Tells the members of a room how it looks now, at most every so often (`RoomState.interval_seconds`).

    Args:
        slices: hands out what is for many.
    """

    def __init__(self, hub: Hub, slices: Slices) -> None:
        self._hub = hub
        self._slices = slices
        self._due: dict[str, asyncio.TimerHandle] = {}

    def announce(self, state: RoomState) -> None:
        """Tell all members soon."""
        if state.id in self._due:
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time(), state.announced_at + state.interval_seconds)
        if len(state.members) > LARGE_MEMBERS:
            self._slices.put(
                ("room_updated", state.id),
                at=at,
                people=partial(self._begin, state),
                tell=partial(self._tell, state),
            )
        else:
            self._due[state.id] = loop.call_at(at, self._announce, state)

    def announce_to(self, state: RoomState, user_id: str) -> None:
        """Tell one member at once: something that only they see has changed."""
        self._tell(state, user_id)

    def close(self) -> None:
        """Forget what was due."""
        for handle in self._due.values():
            handle.cancel()
        self._due.clear()

    def _announce(self, state: RoomState) -> None:
        del self._due[state.id]
        for user_id in self._begin(state):
            self._tell(state, user_id)

    def _begin(self, state: RoomState) -> Collection[str]:
        state.announced_at = asyncio.get_running_loop().time()
        return state.members

    def _tell(self, state: RoomState, user_id: str) -> None:
        sockets = self._hub.sockets_of(user_id)
        if sockets and user_id in state.members and state.is_listed_for(user_id):
            # Members of a large room are left out: they are most of it, and rarely what has changed.
            members_bytes = 0 if len(state.members) > LARGE_MEMBERS else PAGE_BYTES
            room = state.encode_for(user_id, members_bytes=members_bytes)
            self._hub.emit_to(sockets, "room_updated", orjson.Fragment(room))
