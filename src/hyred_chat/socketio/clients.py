"""One session's sockets: takes the session's messages apart and gives each to the socket it is for."""

import asyncio
import logging
import secrets
from typing import Protocol

from hyred_chat.socketio import packets, reasons
from hyred_chat.socketio.attachments import put_back
from hyred_chat.socketio.errors import ConnectionRefused, PacketError
from hyred_chat.socketio.events import Event
from hyred_chat.socketio.handshakes import Handshake
from hyred_chat.socketio.json import Bounds
from hyred_chat.socketio.namespaces import Namespace
from hyred_chat.socketio.pace import Pace
from hyred_chat.socketio.packets import MAIN, Packet
from hyred_chat.socketio.session import Session
from hyred_chat.socketio.settings import ServerSettings
from hyred_chat.socketio.sockets import Socket
from hyred_chat.socketio.tasks import Tasks

logger = logging.getLogger(__name__)

_SID_BYTES = 15


class Surroundings(Protocol):
    """What a client needs of its server."""

    settings: ServerSettings
    json_bounds: Bounds
    namespaces: dict[str, Namespace]
    tasks: Tasks

    @property
    def pace(self) -> Pace:
        """How many handshakes are let in."""

    def watch_attachments(self, sid: str) -> None:
        """Look after a while whether a session's announced attachments have come."""

    def expect_connect(self, session: Session) -> None:
        """Give a session that is in no namespace little to say, and little time, until it is in one."""


class _Partial:
    """A binary packet whose attachments have not all come."""

    __slots__ = ("attachments", "packet", "size", "started_at")

    def __init__(self, packet: Packet) -> None:
        self.packet = packet
        self.attachments: list[bytes] = []
        self.size = 0
        self.started_at = asyncio.get_running_loop().time()


class Client:
    """The receiver of one session (see `session.Receiver`)."""

    __slots__ = (
        "_connecting",
        "_main",
        "_others",
        "_partial",
        "_passed",
        "_passed_in",
        "_refusal_count",
        "_server",
        "_session",
    )

    def __init__(self, server: Surroundings, session: Session) -> None:
        self._server = server
        self._session = session
        self._main: Socket | None = None  # in the main namespace; most clients are in no other and need no dict
        self._others: dict[str, Socket] | None = None
        self._connecting: dict[str, asyncio.Task[None]] | None = None
        self._partial: _Partial | None = None
        self._passed_in = server.pace.window
        self._passed = True  # the handshake of the session did, and is good for the first socket that is let in
        self._refusal_count = 0  # since it was last let into a namespace

    @property
    def waits_for_attachments_since(self) -> float | None:
        """Loop time at which a packet came whose attachments have not."""
        return None if self._partial is None else self._partial.started_at

    # --- what the session calls

    def text_received(self, packet: bytes) -> None:
        """A text message came."""
        if self._partial is not None:
            raise PacketError("text where an attachment is due")
        server = self._server
        decoded = packets.decode(packet, server.json_bounds, max_attachments=server.settings.max_attachments)
        if decoded.attachment_count is None:
            self._take(decoded)
        elif decoded.attachment_count:
            self._partial = _Partial(decoded)
            self._server.watch_attachments(self._session.sid)
        else:
            self._take_whole(decoded, [])

    def binary_received(self, message: bytes) -> None:
        """A binary message came."""
        partial = self._partial
        if partial is None:
            raise PacketError("attachment that no packet announced")
        partial.attachments.append(message)
        partial.size += len(message)
        if partial.size > self._server.settings.max_payload_bytes:
            raise PacketError("attachments are too large")
        if len(partial.attachments) == partial.packet.attachment_count:
            self._partial = None
            self._take_whole(partial.packet, partial.attachments)

    def session_closed(self, reason: str) -> None:
        """The session is over."""
        for task in list((self._connecting or {}).values()):
            task.cancel()
        if self._passed:
            self._server.pace.give_back(self._session.request.address, self._passed_in)
        sockets = self._sockets()
        self._partial = self._main = self._others = None
        for socket in sockets:
            socket.end(reason)

    # --- sockets

    def _find(self, namespace: str) -> Socket | None:
        if namespace == MAIN:
            return self._main
        return self._others.get(namespace) if self._others else None

    def _set(self, namespace: str, socket: Socket | None) -> None:
        if namespace == MAIN:
            self._main = socket
            return
        others = {} if self._others is None else self._others
        if socket is None:
            others.pop(namespace, None)
        else:
            others[namespace] = socket
        self._others = others or None

    def _sockets(self) -> list[Socket]:
        others = list(self._others.values()) if self._others else []
        return others if self._main is None else [self._main, *others]

    # --- packets

    def _take_whole(self, packet: Packet, attachments: list[bytes]) -> None:
        packet.data = put_back(packet.data, attachments)
        self._take(packet)

    def _take(self, packet: Packet) -> None:
        socket = self._main if packet.namespace == MAIN else self._find(packet.namespace)
        if packet.kind == packets.EVENT and socket is not None and socket.connected:
            name = packet.data.pop(0)
            self._server.namespaces[packet.namespace].dispatch(Event(socket, name, packet.data, packet.id))
        elif packet.kind == packets.CONNECT:
            self._connect(packet, socket)
        elif socket is None or (socket.is_pending and packet.kind != packets.DISCONNECT):
            raise PacketError("packet for a namespace that is not connected")
        elif packet.kind == packets.ACK:
            socket.answered(int(packet.id), packet.data)
        elif packet.kind == packets.DISCONNECT:
            self._disconnect(socket)
        # What is left is an event for a socket that we have just disconnected, and the client did not know yet.

    def _disconnect(self, socket: Socket) -> None:
        name = socket.namespace.name
        self._set(name, None)
        if self._connecting and name in self._connecting:
            self._connecting[name].cancel()
        socket.end(reasons.CLIENT_DISCONNECT)
        if self._session.allowance is None and all(other.is_pending for other in self._sockets()):
            self._server.expect_connect(self._session)

    # --- connecting

    def _connect(self, packet: Packet, present: Socket | None) -> None:
        if present is not None and present.is_pending:
            return  # the official client asks twice when a page calls connect() on a socket that connects by itself
        if present is not None and present.connected:
            raise PacketError("connected already")
        if not self._passed and not self._server.pace.take(self._session.request.address):
            self._session.end(reasons.TOO_BUSY)
            return
        if not self._passed:
            self._passed, self._passed_in = True, self._server.pace.window
        namespace = self._server.namespaces.get(packet.namespace)
        if namespace is None:
            refusal = {"message": "Invalid namespace"}
            self._session.send(packets.encode(packets.CONNECT_ERROR, packet.namespace, refusal))
            self._count_refusal()
            return
        request = self._session.request
        handshake = Handshake(
            auth=packet.data,
            headers=request.headers,
            query=request.query,
            address=request.address,
            issued_at=request.received_at,
        )
        socket = Socket(secrets.token_urlsafe(_SID_BYTES), namespace, self._session)
        self._set(namespace.name, socket)
        if self._connecting is None:
            self._connecting = {}
        self._connecting[namespace.name] = self._server.tasks.start(self._decide(namespace, socket, handshake))

    async def _decide(self, namespace: Namespace, socket: Socket, handshake: Handshake) -> None:
        self._server.pace.under_way += 1
        try:
            await namespace.decide(socket, handshake)
        except ConnectionRefused as refused:
            self._refuse(socket, refused)
        except Exception:
            logger.exception("connect handler failed")
            self._refuse(socket, ConnectionRefused("Internal server error"))
        else:
            namespace.socket_connected(socket)
            self._refusal_count = 0
            self._session.allowance = None
            self._passed = False
            socket.accept()
        finally:
            self._server.pace.under_way -= 1
            if socket.is_pending:
                socket.abandon()
            if self._connecting is not None and self._connecting.get(namespace.name) is asyncio.current_task():
                del self._connecting[namespace.name]
                self._connecting = self._connecting or None

    def _refuse(self, socket: Socket, refused: ConnectionRefused) -> None:
        if self._find(socket.namespace.name) is socket:
            self._set(socket.namespace.name, None)
        socket.refuse(refused.message, refused.data)
        self._count_refusal()

    def _count_refusal(self) -> None:
        self._refusal_count += 1
        if self._refusal_count > self._server.settings.max_refusals:
            self._session.end(reasons.TOO_MANY_PACKETS)
