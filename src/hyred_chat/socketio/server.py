"""The Socket.IO server: an Engine.IO server whose sessions are clients of namespaces."""

import asyncio

from hyred_chat.socketio import reasons
from hyred_chat.socketio.clients import Client
from hyred_chat.socketio.engine import EngineServer
from hyred_chat.socketio.heartbeat import Deadlines
from hyred_chat.socketio.json import Bounds
from hyred_chat.socketio.namespaces import Namespace
from hyred_chat.socketio.pace import Pace
from hyred_chat.socketio.packets import check_namespace_name
from hyred_chat.socketio.polling_endpoint import Receive, Scope, Send
from hyred_chat.socketio.session import Session
from hyred_chat.socketio.settings import ServerSettings
from hyred_chat.socketio.tasks import Tasks
from hyred_chat.socketio.turns import Allowance


class SocketServer:
    """A Socket.IO server: an ASGI application (polling), and a protocol class for uvicorn's `ws` setting (WebSocket).

    Attributes:
        engine: the server of its sessions.

    Example:
        >>> server = SocketServer(ServerSettings())
        >>> @server.namespace().on("hello")
        ... def hello(event: Event) -> None:
        ...     event.acknowledge("world")
        >>> uvicorn.run(server, ws=server.websocket_protocol)
    """

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.json_bounds = Bounds(settings.max_nesting, settings.max_brackets)
        self.namespaces: dict[str, Namespace] = {}
        self.tasks = Tasks()
        self.namespace()  # the main one always is there
        self.engine = EngineServer(settings, self._receive)
        self._connects = Deadlines(settings.connect_timeout_seconds, self._check_connected)
        self._attachments = Deadlines(settings.ping_timeout_seconds, self._check_attachments)

    def namespace(self, name: str = "/") -> Namespace:
        """Get a namespace, or make it; the main one is there from the start. Clients of any other are refused.

        Raises:
            ValueError: no client could name it.
        """
        if name not in self.namespaces:
            check_namespace_name(name)
            self.namespaces[name] = Namespace(name, self.settings.max_pending_events, self.tasks)
        return self.namespaces[name]

    @property
    def session_count(self) -> int:
        """How many sessions are open."""
        return self.engine.session_count

    @property
    def websocket_protocol(self) -> type[asyncio.Protocol]:
        """For `uvicorn.Config(ws=…)`. Upgrade requests for paths other than the server's get 404."""
        return self.engine.websocket_protocol

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request: a poll, a post, or a CORS preflight."""
        await self.engine(scope, receive, send)

    async def close(self, *, timeout_seconds: float = 5.0, over_seconds: float = 0.0) -> None:
        """Refuse new sessions, end all there are, let handlers finish for a while and cancel the rest.

        Clients are not sent DISCONNECT, which would keep them from coming back: they reconnect by themselves.

        Args:
            timeout_seconds: for the handlers.
            over_seconds: see `EngineServer.close`.
        """
        await self.engine.close(over_seconds=over_seconds)
        self._connects.close()
        self._attachments.close()
        await self.tasks.close(timeout_seconds=timeout_seconds)

    def watch_attachments(self, sid: str) -> None:
        """Look after a while whether a session's announced attachments have come."""
        self._attachments.add(sid)

    @property
    def pace(self) -> Pace:
        """How many handshakes are let in."""
        return self.engine.pace

    def expect_connect(self, session: Session) -> None:
        """Give a session that is in no namespace little to say, and little time, until it is in one."""
        settings, now = self.settings, asyncio.get_running_loop().time()
        session.allowance = Allowance(settings.max_packets_to_connect, settings.max_bytes_to_connect, now)
        self._connects.add(session.sid)

    def _receive(self, session: Session) -> Client:
        self.expect_connect(session)
        return Client(self, session)

    def _check_connected(self, sid: str) -> None:
        session = self.engine.find_session(sid)
        if session is None or session.allowance is None:
            return
        waited_seconds = asyncio.get_running_loop().time() - session.allowance.given_at
        if waited_seconds >= self._connects.least_seconds:
            session.end(reasons.FORCED_CLOSE)

    def _check_attachments(self, sid: str) -> None:
        session, client = self._find(sid)
        if session is None or client is None or client.waits_for_attachments_since is None:
            return
        waited_seconds = asyncio.get_running_loop().time() - client.waits_for_attachments_since
        if waited_seconds >= self._attachments.least_seconds:
            session.end(reasons.PARSE_ERROR)

    def _find(self, sid: str) -> tuple[Session | None, Client | None]:
        session = self.engine.find_session(sid)
        receiver = None if session is None else session.receiver
        return session, receiver if isinstance(receiver, Client) else None
