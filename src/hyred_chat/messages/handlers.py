"""Socket.IO: sending, and catching up."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from hyred_chat.errors import ChatError
from hyred_chat.limits import RateLimit
from hyred_chat.messages.history import History
from hyred_chat.messages.schemas import SendMessage, Sync
from hyred_chat.messages.service import Messages
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway, payload_of
from hyred_chat.socketio import Event
from hyred_chat.validation import validate


class MessageHandlers:
    """`send_message` and `sync`."""

    def __init__(self, messages: Messages, history: History, *, rate: RateLimit) -> None:
        self._messages = messages
        self._history = history
        self._rate = rate

    def register(self, gateway: Gateway) -> None:
        """Answer the events."""
        gateway.on_at_once("send_message", partial(self.send_message, gateway))
        gateway.on("sync", Sync, self.sync, is_new=True)

    def send_message(self, gateway: Gateway, event: Event, connection: Connection) -> None:
        """Store a message. It never waits for what its socket asked before, such as a join."""
        self._rate.take(connection.user.id)
        draft = validate(SendMessage, payload_of(event))
        self._messages.send(connection.user.id, connection.person, draft, "socket", _acknowledge(gateway, event))

    async def sync(self, connection: Connection, request: Sync) -> dict[str, Any]:
        """All that the client missed."""
        await connection.socket.drain()
        return await self._history.sync(connection.user.id, request.rooms)


def _acknowledge(gateway: Gateway, event: Event) -> Callable[[bytes | ChatError], None]:
    def settle(answer: bytes | ChatError) -> None:
        if isinstance(answer, ChatError):
            gateway.refuse(event, answer)
        else:
            event.acknowledge(orjson.Fragment(b'{"success":true,"data":' + answer + b"}"))

    return settle
