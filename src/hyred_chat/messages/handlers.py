"""Socket.IO: sending, and catching up."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from hyred_chat.errors import ChatError
from hyred_chat.limits import RateLimit
from hyred_chat.messages.change_service import Changes
from hyred_chat.messages.history import History
from hyred_chat.messages.schemas import DeleteMessage, EditMessage, PinMessage, ReactToMessage, SendMessage, Sync
from hyred_chat.messages.service import Messages
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway, payload_of
from hyred_chat.socketio import Event
from hyred_chat.validation import validate


class MessageHandlers:
    """`send_message`, `sync`, and the events that change messages."""

    def __init__(self, messages: Messages, history: History, changes: Changes, *, rate: RateLimit) -> None:
        self._messages = messages
        self._history = history
        self._changes = changes
        self._rate = rate

    def register(self, gateway: Gateway) -> None:
        """Answer the events."""
        gateway.on_at_once("send_message", partial(self.send_message, gateway))
        gateway.on("sync", Sync, self.sync, is_new=True)
        gateway.on("edit_message", EditMessage, self.edit_message, is_new=True)
        gateway.on("delete_message", DeleteMessage, self.delete_message, is_new=True)
        gateway.on("react", ReactToMessage, self.react, is_new=True)
        gateway.on("pin_message", PinMessage, self.pin_message, is_new=True)

    def send_message(self, gateway: Gateway, event: Event, connection: Connection) -> None:
        """Store a message. It never waits for what its socket asked before, such as a join."""
        self._rate.take(connection.user.id)
        draft = validate(SendMessage, payload_of(event))
        self._messages.send(connection.user.id, connection.person, draft, "socket", _acknowledge(gateway, event))

    async def sync(self, connection: Connection, request: Sync) -> dict[str, Any]:
        """All that the client missed."""
        await connection.socket.drain()
        return await self._history.sync(connection.user.id, request.known())

    async def edit_message(self, connection: Connection, request: EditMessage) -> orjson.Fragment:
        """Give a message another content."""
        return orjson.Fragment(await self._changes.edit(connection.user, request, message_id=request.message_id))

    async def delete_message(self, connection: Connection, request: DeleteMessage) -> orjson.Fragment:
        """Delete a message for everybody."""
        return orjson.Fragment(await self._changes.delete(connection.user, request.message_id))

    async def react(self, connection: Connection, request: ReactToMessage) -> orjson.Fragment:
        """Set a reaction, or take it back."""
        message = await self._changes.react(connection.user, request.message_id, request.emoji, on=request.on)
        return orjson.Fragment(message)

    async def pin_message(self, connection: Connection, request: PinMessage) -> orjson.Fragment:
        """Pin a message, or not any more."""
        return orjson.Fragment(await self._changes.pin(connection.user, request.message_id, on=request.on))


def _acknowledge(gateway: Gateway, event: Event) -> Callable[[bytes | ChatError], None]:
    def settle(answer: bytes | ChatError) -> None:
        if isinstance(answer, ChatError):
            gateway.refuse(event, answer)
        else:
            event.acknowledge_encoded(b'{"success":true,"data":' + answer + b"}")

    return settle
