"""A Socket.IO client over WebSocket that costs next to nothing, so that the load generator is never what is measured.

It knows just enough of Engine.IO 4 and Socket.IO 5 for the main namespace: opening, CONNECT with auth, pings, events
and acknowledgements. Packets are told apart by their first bytes, and parsed only where a measure needs what is inside.
"""

import asyncio
from typing import Any

import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

TEXT = WSMsgType.TEXT
ANSWER_TIMEOUT_SECONDS = 15.0


class RefusedError(Exception):
    """The server answered, and the answer was no."""


class Client(WSListener):
    """One connection. Measures subclass it and override `on_event` and `on_acknowledgement`."""

    def __init__(self, token: str | None = None) -> None:
        self._connect_packet = b"40" + (b"" if token is None else orjson.dumps({"token": token}))
        self._answer: asyncio.Future[bytes] | None = None
        self._closing = False
        self.transport: WSTransport

    async def connect(self, port: int, *, from_address: str | None = None) -> None:
        """Opens the WebSocket and connects to the main namespace. Raises RefusedError, TimeoutError or OSError.

        Args:
            from_address: an address of this machine; None: any.
        """
        self._answer = asyncio.get_running_loop().create_future()
        url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        transport, _ = await ws_connect(
            lambda: self,
            url,
            websocket_handshake_timeout=ANSWER_TIMEOUT_SECONDS,
            local_addr=None if from_address is None else (from_address, 0),
        )
        if transport.is_disconnected:  # before the handshake was answered, which picows says nothing of
            self._fail(ConnectionError("the server closed the connection"))
        await asyncio.wait_for(self._answer, ANSWER_TIMEOUT_SECONDS)

    async def call(self, event: str, *args: Any) -> Any:
        """Sends an event and returns the first argument of its acknowledgement. One call at a time."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.send(TEXT, b"420" + orjson.dumps([event, *args]))
        payload = await asyncio.wait_for(self._answer, ANSWER_TIMEOUT_SECONDS)
        return orjson.loads(payload[payload.index(b"[") :])[0]

    async def join(self, room_id: str) -> int:
        """Joins a room of the chat and returns the `seq` of its newest message. Raises RefusedError."""
        envelope = await self.call("join_chat", {"chatRoomId": room_id})
        if not envelope["success"]:
            raise RefusedError(f"join_chat: {envelope}")
        return int(envelope["data"]["room"]["lastSeq"])

    async def close(self) -> None:
        """Closes the connection and waits until it is closed."""
        self._closing = True
        self.transport.disconnect()
        await asyncio.wait_for(self.transport.wait_disconnected(), ANSWER_TIMEOUT_SECONDS)

    def on_event(self, payload: bytes) -> None:
        """An event came: `42["name", ...]`."""

    def on_acknowledgement(self, payload: bytes) -> None:
        """An acknowledgement came: `43<id>[...]`."""
        self._settle(payload)

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Keeps the transport."""
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Sorts the packets by how often they come: acknowledgements and events before all else."""
        payload = frame.get_payload_as_bytes()
        kind = payload[:2]
        if kind == b"42":
            self.on_event(payload)
        elif kind == b"43":
            self.on_acknowledgement(payload)
        elif payload == b"2":
            transport.send(TEXT, b"3")
        # A close frame begins with a status of 1000 or more, which is none of the prefixes above.
        elif frame.msg_type == WSMsgType.CLOSE:
            self._fail(ConnectionError(f"the server closed the connection: {frame.get_close_code()}"))
            transport.disconnect()
        elif kind == b"40":
            self._settle(payload)
        elif kind[:1] == b"0":
            transport.send(TEXT, self._connect_packet)
        else:
            self._fail(RefusedError(payload.decode()))

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002 - the listener's signature
        """Fails whoever still waits. A connection that ends by itself in the middle of a measure is a finding."""
        self._fail(ConnectionError("the server closed the connection"))

    @property
    def lost(self) -> bool:
        """Whether the connection ended although nobody here closed it."""
        return self.transport.is_disconnected and not self._closing

    def _settle(self, payload: bytes) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(payload)

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


async def close_all(clients: list[Client]) -> None:
    """Closes many connections at once."""
    await asyncio.gather(*(client.close() for client in clients))
