"""A socket: one client in one namespace."""

import asyncio
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Any, Final, Protocol

from hyred_chat.socketio import packets, reasons
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.inboxes import Inbox
from hyred_chat.socketio.session import Session

# Sent by a connect handler, or to a room that it joined, before it returns. Past it, it has taken far too long.
MAX_HELD_MESSAGES: Final = 1000


class SocketNamespace(Protocol):
    """A socket's namespace, as sockets see it (`Namespace` is the only one there is)."""

    @property
    def name(self) -> str:
        """From its slash on."""

    def encode(self, event: str, *args: Any) -> Encoded:
        """Encode an event once, for many sockets."""

    def emit(self, event: str, *args: Any, room: str | None = None, exclude: "Collection[Socket]" = ()) -> None:
        """Send an event to the sockets of a room, or to all."""

    def sockets_in(self, room: str) -> "Collection[Socket]":
        """The sockets of a room."""

    def add_to_room(self, socket: "Socket", room: str) -> None:
        """Make a socket a member of a room."""

    def remove_from_room(self, socket: "Socket", room: str) -> None:
        """End a socket's membership."""

    def socket_ended(self, socket: "Socket", reason: str) -> None:
        """A connected socket is gone."""


class Socket:
    """One client in one namespace.

    Attributes:
        sid: its id. The client knows it, and it says nothing about the session's.
        namespace: where it is.
        state: the application's own.
        connected: whether the client was told that it is connected, and still is.
    """

    __slots__ = (
        "__weakref__",
        "_calls",
        "_held",
        "_inbox",
        "_last_call_id",
        "_rooms",
        "_session",
        "connected",
        "namespace",
        "sid",
        "state",
    )

    def __init__(self, sid: str, namespace: SocketNamespace, session: Session) -> None:
        self.sid = sid
        self.namespace = namespace
        self.state: Any = None
        self.connected = False
        self._session = session
        self._rooms: set[str] = set()
        self._held: list[Encoded] | None = []  # sent once the client knows that it is connected; None from then on
        self._inbox: Inbox | None = None
        self._calls: dict[int, asyncio.Future[list[Any]]] | None = None
        self._last_call_id = 0

    # --- for the application

    @property
    def rooms(self) -> AbstractSet[str]:
        """The rooms it is in."""
        return self._rooms

    @property
    def heard_at(self) -> float:
        """`time.monotonic()` of the last packet that came from the client, a pong or anything else."""
        return self._session.heard_at

    @property
    def address(self) -> str:
        """The client's address."""
        return self._session.request.address

    def emit(self, event: str, *args: Any) -> None:
        """Send an event; binary values may be anywhere in `args`. Nothing happens when the socket is gone.

        Raises:
            TypeError, ValueError: `args` cannot be sent.
        """
        self.send(self.namespace.encode(event, *args))

    def send(self, encoded: Encoded) -> None:
        """Send what `Namespace.encode` made."""
        if self.connected:
            session = self._session
            if session.is_open:  # as `Session.send`, without a call for each receiver
                session.transport.send(encoded)
        elif self._held is not None:
            self._held.append(encoded)
            if len(self._held) > MAX_HELD_MESSAGES:
                self._held.clear()
                self._session.end(reasons.SLOW_CLIENT)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent to it, or is gone: for who is about to send much."""
        await self._session.drain()

    async def call(self, event: str, *args: Any, timeout_seconds: float = 10.0) -> list[Any]:
        """Send an event and wait for the client's acknowledgement: its arguments.

        Raises:
            TimeoutError: it did not come in time.
            ConnectionError: the socket was gone first.
            TypeError, ValueError: `args` cannot be sent.
        """
        if not self.connected:
            raise ConnectionError("the socket is not connected")
        self._last_call_id += 1
        call_id = self._last_call_id
        encoded = packets.encode(packets.EVENT, self.namespace.name, [event, *args], b"%d" % call_id)
        if self._calls is None:
            self._calls = {}
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._calls[call_id] = answer
        self._session.send(encoded)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await answer
        finally:
            if self._calls is not None:
                self._calls.pop(call_id, None)

    def join(self, room: str) -> None:
        """Join a room; it is made when it has a first member."""
        if self.connected or self._held is not None:
            self._rooms.add(room)
            self.namespace.add_to_room(self, room)

    def leave(self, room: str) -> None:
        """Leave a room, which is gone when it has no member left."""
        if room in self._rooms:
            self._rooms.discard(room)
            self.namespace.remove_from_room(self, room)

    def disconnect(self, *, close: bool = False) -> None:
        """Disconnect it from its namespace; with `close`, end the whole session."""
        if self.connected:
            self._session.send(packets.encode_disconnect(self.namespace.name))
            self.end(reasons.SERVER_DISCONNECT)
        if close:
            self._session.end(reasons.FORCED_CLOSE)

    # --- for the server

    @property
    def is_pending(self) -> bool:
        """Whether its connect handler has not decided yet."""
        return self._held is not None

    @property
    def inbox(self) -> Inbox | None:
        """Its waiting events, if it ever had any."""
        return self._inbox

    @inbox.setter
    def inbox(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def accept(self) -> None:
        """Tell the client that it is connected, and send what was held back until then."""
        held, self._held = self._held or [], None
        self._session.send(packets.encode(packets.CONNECT, self.namespace.name, {"sid": self.sid}))
        self.connected = True
        for encoded in held:
            self._session.send(encoded)

    def refuse(self, message: str, data: Any = None) -> None:
        """Tell the client that it is not connected, and why."""
        payload = {"message": message} if data is None else {"message": message, "data": data}
        self._session.send(packets.encode(packets.CONNECT_ERROR, self.namespace.name, payload))
        self.abandon()

    def abandon(self) -> None:
        """Forget a socket that never was connected."""
        self._held = None
        self._leave_all()

    def answered(self, call_id: int, args: list[Any]) -> None:
        """The client acknowledged; nobody need be waiting (any more)."""
        answer = self._calls.pop(call_id, None) if self._calls else None
        if answer is not None and not answer.done():
            answer.set_result(args)

    def send_acknowledgement(self, id_: bytes, args: tuple[Any, ...]) -> None:
        """Acknowledge an event of the client's."""
        if self.connected:
            self._session.send(packets.encode(packets.ACK, self.namespace.name, args, id_))

    def send_encoded_acknowledgement(self, id_: bytes, argument: bytes) -> None:
        """Likewise with one argument that is JSON already."""
        if self.connected:
            self._session.send(packets.encode_json(packets.ACK, self.namespace.name, b"[" + argument + b"]", id_))

    def end(self, reason: str) -> None:
        """It is gone: the application is told while it still has its rooms, then they are left."""
        if not self.connected:
            return
        self.connected = False
        self.namespace.socket_ended(self, reason)
        self._leave_all()
        calls, self._calls = self._calls, None
        for answer in (calls or {}).values():
            if not answer.done():
                answer.set_exception(ConnectionError("the socket disconnected"))

    def _leave_all(self) -> None:
        for room in tuple(self._rooms):
            self.leave(room)
