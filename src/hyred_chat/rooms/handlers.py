"""Socket.IO: entering and leaving rooms."""

from contextlib import suppress
from typing import Any

import orjson

from hyred_chat.errors import AccessDeniedError, BadRequestError, UnavailableError
from hyred_chat.messages.healing import Healing
from hyred_chat.messages.history import History
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.receipts.service import Receipts
from hyred_chat.rooms.membership import Membership
from hyred_chat.rooms.schemas import JoinChat, LeaveChat
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.state import NO_ACCESS


class RoomHandlers:
    """`join_chat` and `leave_chat`."""

    def __init__(
        self,
        rooms: Rooms,
        history: History,
        healing: Healing,
        membership: Membership,
        receipts: Receipts,
        *,
        max_rooms_per_socket: int,
        page_bytes: int,
    ) -> None:
        self._rooms = rooms
        self._history = history
        self._healing = healing
        self._membership = membership
        self._receipts = receipts
        self._max_rooms = max_rooms_per_socket
        self._page_bytes = page_bytes

    def register(self, gateway: Gateway) -> None:
        """Answer the events."""
        gateway.on("join_chat", JoinChat, self.join_chat)
        gateway.on("leave_chat", LeaveChat, self.leave_chat, is_new=True)

    async def join_chat(self, connection: Connection, request: JoinChat) -> dict[str, Any]:
        """History, then live events, with nothing between the two; what was sent counts as delivered."""
        socket, user_id = connection.socket, connection.user.id
        await socket.drain()  # many joins at once are not too much for a client that reads one after another
        if len(socket.rooms) >= self._max_rooms and request.chat_room_id not in socket.rooms:
            raise BadRequestError(f"chatRoomId: this socket is in {self._max_rooms} rooms already. Leave one first.")
        state = await self._rooms.get_for_member(request.chat_room_id, user_id)
        if request.after_seq is not None:  # what they have from elsewhere may not be here yet
            await self._healing.reach(state, request.after_seq, request.after_change or 0)
        caught_up = await self._history.up_to_now(state, user_id, request.after_seq, request.after_change)
        if user_id not in state.members or not socket.connected:  # put out, or gone, while we were reading
            raise AccessDeniedError(NO_ACCESS)
        if not self._rooms.is_current(state):
            raise UnavailableError
        # No await from here on: the history is complete at this very moment, and live events follow it.
        socket.emit("chat_history", caught_up.messages)
        for payload in caught_up.changed:
            socket.emit("message_changed", payload)
        self._membership.join(connection, state.id)
        with suppress(UnavailableError):  # the join is done; what it delivered is told with the next receipt
            await self._receipts.mark(user_id, state.id, state.last_seq, read=False)
        room = state.encode_for(user_id, members_bytes=self._page_bytes)
        return {"room": orjson.Fragment(room), "reload": caught_up.reload}

    async def leave_chat(self, connection: Connection, request: LeaveChat) -> None:
        """No more live events of the room on this socket."""
        if request.chat_room_id in connection.socket.rooms:
            self._membership.leave(connection, request.chat_room_id)
        else:
            await self._rooms.get_for_member(request.chat_room_id, connection.user.id)
