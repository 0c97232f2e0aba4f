"""A namespace: its handlers, its sockets and their rooms."""

import inspect
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from hyred_chat.socketio import packets
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.events import Event
from hyred_chat.socketio.handshakes import Handshake
from hyred_chat.socketio.inboxes import Inbox
from hyred_chat.socketio.sockets import Socket
from hyred_chat.socketio.tasks import Tasks

logger = logging.getLogger(__name__)

ConnectHandler = Callable[[Socket, Handshake], Awaitable[None]]
EventHandler = Callable[[Event], Awaitable[None] | None]
DisconnectHandler = Callable[[Socket, str], None]

Connect = TypeVar("Connect", bound=ConnectHandler)
OnEvent = TypeVar("OnEvent", bound=EventHandler)
Disconnect = TypeVar("Disconnect", bound=DisconnectHandler)

_NOBODY: frozenset[Socket] = frozenset()


class Namespace:
    """One namespace of a server; `SocketServer.namespace` makes it.

    Event handlers that are plain functions run at once, in the read callback: they must not take long. Those that are
    coroutine functions run one after another for each socket, in a task of the socket's.

    Attributes:
        name: from its slash on.
        dropped_event_count: events that a socket had too many of waiting.
    """

    def __init__(self, name: str, max_pending_events: int, tasks: Tasks) -> None:
        self.name = name
        self.dropped_event_count = 0
        self._max_pending_events = max_pending_events
        self._tasks = tasks
        self._sockets: dict[str, Socket] = {}
        self._rooms: dict[str, set[Socket]] = {}
        self._handlers: dict[str, tuple[Any, bool]] = {}
        self._any_handler: tuple[Any, bool] | None = None
        self._connect_handler: ConnectHandler | None = None
        self._disconnect_handler: DisconnectHandler | None = None
        self._overflow_handler: Callable[[Event], None] | None = None

    # --- handlers

    def on_connect(self, handler: Connect) -> Connect:
        """Set what decides on new sockets. It raises `ConnectionRefused`, or returns and the socket is connected.

        What it emits is sent after the client was told so. It is cancelled when the client goes away before.
        """
        self._connect_handler = handler
        return handler

    def on(self, event: str) -> Callable[[OnEvent], OnEvent]:
        """Set the handler of an event."""

        def register(handler: OnEvent) -> OnEvent:
            self._handlers[event] = (handler, _is_coroutine_function(handler))
            return handler

        return register

    def on_any(self, handler: OnEvent) -> OnEvent:
        """Set the handler of all events that have none."""
        self._any_handler = (handler, _is_coroutine_function(handler))
        return handler

    def on_overflow(self, handler: Callable[[Event], None]) -> None:
        """Set what is told of each event that was dropped because its socket had too many waiting."""
        self._overflow_handler = handler

    def on_disconnect(self, handler: Disconnect) -> Disconnect:
        """Set what is told, once, of each connected socket that is gone, and why. The socket still has its rooms."""
        self._disconnect_handler = handler
        return handler

    # --- sending

    @property
    def sockets(self) -> Mapping[str, Socket]:
        """The connected sockets by their ids."""
        return self._sockets

    def sockets_in(self, room: str) -> AbstractSet[Socket]:
        """The sockets of a room: a live view, not to be kept across an `await`."""
        return self._rooms.get(room, _NOBODY)

    def encode(self, event: str, *args: Any) -> Encoded:
        """Encode an event once, for many sockets; binary values may be anywhere in `args`.

        Raises:
            TypeError, ValueError: `args` cannot be sent.
        """
        return packets.encode(packets.EVENT, self.name, [event, *args])

    def encoder(self, event: str) -> Callable[[bytes], Encoded]:
        """What encodes one event as `encode` does, for its only argument in JSON: for events that are sent a lot."""
        return packets.event_encoder(self.name, event)

    def emit(self, event: str, *args: Any, room: str | None = None, exclude: Collection[Socket] = ()) -> None:
        """Send an event to the sockets of a room, or to all, except those in `exclude`."""
        members = self._sockets.values() if room is None else self._rooms.get(room, _NOBODY)
        if not members:
            return
        encoded = self.encode(event, *args)
        for socket in members:
            if socket not in exclude:
                socket.send(encoded)

    def put(self, event: Event, handler: Callable[[Event], Awaitable[None]]) -> None:
        """Let a coroutine function have an event in its socket's turn. `on` does so with what it is given.

        A plain handler that may refuse an event, and would hold up nobody with that, puts the others.
        """
        inbox = event.socket.inbox
        if inbox is None:
            inbox = event.socket.inbox = Inbox(self._max_pending_events, self._tasks)
        if not inbox.put(handler, event):
            self.dropped_event_count += 1
            if self._overflow_handler is not None:
                self._overflow_handler(event)

    # --- for the server

    async def decide(self, socket: Socket, handshake: Handshake) -> None:
        """Ask the connect handler."""
        if self._connect_handler is not None:
            await self._connect_handler(socket, handshake)

    def socket_connected(self, socket: Socket) -> None:
        """A socket was accepted."""
        self._sockets[socket.sid] = socket

    def socket_ended(self, socket: Socket, reason: str) -> None:
        """A connected socket is gone."""
        del self._sockets[socket.sid]
        if self._disconnect_handler is not None:
            try:
                self._disconnect_handler(socket, reason)
            except Exception:
                logger.exception("disconnect handler failed")

    def dispatch(self, event: Event) -> None:
        """Let the event's handler have it."""
        found = self._handlers.get(event.name) or self._any_handler
        if found is None:
            return
        handler, is_coroutine_function = found
        if is_coroutine_function:
            self.put(event, handler)
        else:
            try:
                handler(event)
            except Exception:
                logger.exception("handler of %r failed", event.name)

    def add_to_room(self, socket: Socket, room: str) -> None:
        """Make a socket a member of a room."""
        self._rooms.setdefault(room, set()).add(socket)

    def remove_from_room(self, socket: Socket, room: str) -> None:
        """End a socket's membership."""
        members = self._rooms.get(room)
        if members is not None:
            members.discard(socket)
            if not members:
                del self._rooms[room]


def _is_coroutine_function(handler: Any) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(getattr(handler, "__call__", None))  # noqa: B004
