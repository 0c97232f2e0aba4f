"""The Engine.IO server: opens sessions, keeps them alive, upgrades them, ends them."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Callable

import orjson

from hyred_chat.socketio import reasons, refusals
from hyred_chat.socketio.cors import check_origin
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.heartbeat import Deadlines
from hyred_chat.socketio.outboxes import Outboxes
from hyred_chat.socketio.pace import Pace
from hyred_chat.socketio.polling import Polling
from hyred_chat.socketio.polling_endpoint import PollingEndpoint, Receive, Scope, Send
from hyred_chat.socketio.refusals import RefusedError
from hyred_chat.socketio.requests import Request
from hyred_chat.socketio.session import Receiver, Session, Transport
from hyred_chat.socketio.settings import ServerSettings
from hyred_chat.socketio.turns import Turns
from hyred_chat.socketio.upgrades import Upgrade
from hyred_chat.socketio.websocket import Shared, WebSocket
from hyred_chat.socketio.websocket_hook import websocket_protocol

logger = logging.getLogger(__name__)

MAX_HEAD_BYTES = 16_384  # a session keeps its request's head; Node's servers take no longer ones
# What ended sessions have left for their clients' next polls, in all. The oldest go first.
MAX_FAREWELL_BYTES = 32_000_000
_SID_BYTES = 15  # 20 characters, as many as Node's
# How often some sessions are ended while all are ended evenly.
_ENDING_STEP_SECONDS = 0.02


class EngineServer:
    """An Engine.IO server. It is an ASGI application (polling), and has a protocol class for uvicorn's `ws` setting.

    Args:
        settings: see `ServerSettings`.
        receive: called with each new session; returns what gets its messages. It must not send yet.

    Attributes:
        opened: how many sessions were opened, by the transport that they began with.
        ended: how many are over, by `reasons`.
    """

    def __init__(self, settings: ServerSettings, receive: Callable[[Session], Receiver]) -> None:
        self.settings = settings
        self.websocket_protocol = websocket_protocol(self.accept_websocket, settings.max_payload_bytes)
        # All from the start: what is 0 now and 1 later has grown, as readers of metrics see it.
        self.opened = {"websocket": 0, "polling": 0}
        self.ended = dict.fromkeys(reasons.OF_SESSIONS, 0)
        self._receive = receive
        self._sessions: dict[str, Session] = {}
        self._farewells: dict[str, list[bytes]] = {}
        self._farewell_bytes = 0
        self._session_counts: Counter[str] = Counter()
        self.turns = Turns()
        self.pace = Pace(settings.max_handshakes_per_second)
        self._websockets = Shared(Outboxes(settings.max_buffered_bytes), self.turns, settings.max_payload_bytes)
        self._pings = Deadlines(settings.ping_interval_seconds, self._ping)
        self._pongs = Deadlines(settings.ping_timeout_seconds, self._check_pong)
        self._upgrades = Deadlines(settings.upgrade_timeout_seconds, self._check_upgrade)
        self._unfetched = Deadlines(settings.ping_timeout_seconds, self._drop_farewell)
        self._endpoint = PollingEndpoint(self)
        self._is_closing = False

    @property
    def session_count(self) -> int:
        """How many sessions are open."""
        return len(self._sessions)

    def count_by_transport(self) -> dict[str, int]:
        """How many sessions are open over each transport. Looks at each of them."""
        polling = sum(isinstance(session.transport, Polling) for session in self._sessions.values())
        return {"websocket": len(self._sessions) - polling, "polling": polling}

    def schedule_ping(self, sid: str) -> None:
        """A session was pinged and answered."""
        self._pings.add(sid)

    def find_session(self, sid: str) -> Session | None:
        """The open session of that id, or None."""
        return self._sessions.get(sid)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        await self._endpoint(scope, receive, send)

    async def close(self, *, over_seconds: float = 0.0) -> None:
        """Refuse new sessions, end all there are, and stop the timers.

        Args:
            over_seconds: the sessions are ended evenly over this time, so that their clients do not all reconnect at
                the same moment. Those that still wait are served meanwhile.
        """
        self._is_closing = True
        await self._end_evenly(over_seconds)
        for deadlines in (self._pings, self._pongs, self._upgrades, self._unfetched):
            deadlines.close()

    async def _end_evenly(self, over_seconds: float) -> None:
        sessions = list(self._sessions.values())
        steps = max(1, round(over_seconds / _ENDING_STEP_SECONDS))
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        for step in range(steps):
            for session in sessions[step::steps]:
                session.end(reasons.SERVER_SHUTTING_DOWN)
            if step + 1 < steps:
                await asyncio.sleep(started_at + (step + 1) * _ENDING_STEP_SECONDS - loop.time())

    # --- requests

    def check(self, request: Request, *, is_upgrade: bool) -> Session | None:
        """The session that a request belongs to; None when it asks for a new one.

        Raises:
            RefusedError: it cannot be served.
        """
        if len(request.raw_headers) + len(request.query_string) > MAX_HEAD_BYTES:
            raise RefusedError.too_long()
        query = request.query
        if query.get("transport") != ("websocket" if is_upgrade else "polling"):
            is_known = query.get("transport") in ("websocket", "polling")
            raise RefusedError(refusals.BAD_REQUEST if is_known else refusals.UNKNOWN_TRANSPORT)
        check_origin(request.headers, self.settings.allowed_origins)
        if query.get("EIO") != "4":
            raise RefusedError(refusals.UNSUPPORTED_VERSION)
        sid = query.get("sid")
        if not sid:
            self._check_handshake(request)
            return None
        session = self._sessions.get(sid)
        if session is None:
            raise RefusedError(refusals.UNKNOWN_SESSION)
        return session

    def _check_handshake(self, request: Request) -> None:
        if request.method != "GET":
            raise RefusedError(refusals.BAD_METHOD)
        limit = self.settings.max_sessions_per_address
        if limit and self._session_counts[request.address] >= limit:
            raise RefusedError(refusals.FORBIDDEN, "Too many connections from this address")
        if self._is_closing:
            raise RefusedError.shutting_down()
        if not self.pace.take(request.address):
            raise RefusedError.too_busy()

    def open_polling(self, request: Request) -> Polling:
        """Open a session that polls; its transport has the open packet queued."""
        sid = self._new_sid()
        polling = Polling(
            self.settings.max_buffered_bytes,
            lambda: self._end(sid, reasons.SLOW_CLIENT),
            handshake_mark=request.query.get("t"),
        )
        self._open(sid, request, polling, ["websocket"])
        return polling

    def take_farewell(self, sid: str) -> bytes | None:
        """What the next poll of a session that was ended gets, if it was not told everything yet."""
        payloads = self._farewells.get(sid)
        if payloads is None:
            return None
        payload = payloads.pop(0)
        self._farewell_bytes -= len(payload)
        if not payloads:
            del self._farewells[sid]
        return payload

    def accept_websocket(self, request: Request) -> WebSocket:
        """Check an upgrade request.

        Raises:
            RefusedError: it cannot be served.
        """
        if request.path != self.settings.path:
            raise RefusedError.not_found()
        self.check(request, is_upgrade=True)
        request.path = self.settings.path  # one string for all sessions
        return WebSocket(request, self._websockets, self._websocket_opened)

    def _websocket_opened(self, websocket: WebSocket, request: Request) -> None:
        sid = request.query.get("sid")
        if not sid:
            sid = self._new_sid()
            websocket.peer = self._open(sid, request, websocket, [])
            return
        session = self._sessions.get(sid)
        if session is None or session.upgrade is not None or not isinstance(session.transport, Polling):
            websocket.close(reasons.TRANSPORT_ERROR)
            return
        now = asyncio.get_running_loop().time()
        session.upgrade = websocket.peer = Upgrade(session, session.transport, websocket, now)
        self._upgrades.add(sid)

    # --- sessions

    def _new_sid(self) -> str:
        return self.settings.sid_prefix + secrets.token_urlsafe(_SID_BYTES)

    def _open(self, sid: str, request: Request, transport: Transport, upgrades: list[str]) -> Session:
        session = Session(sid, request, transport, self)
        self._sessions[sid] = session
        self.opened["polling" if upgrades else "websocket"] += 1
        self._session_counts[request.address] += 1
        session.receiver = self._receive(session)
        transport.send(self._open_packet(sid, upgrades))
        self._pings.add(sid)
        return session

    def _open_packet(self, sid: str, upgrades: list[str]) -> Encoded:
        handshake = {
            "sid": sid,
            "upgrades": upgrades,
            "pingInterval": round(self.settings.ping_interval_seconds * 1000),
            "pingTimeout": round(self.settings.ping_timeout_seconds * 1000),
            "maxPayload": self.settings.max_payload_bytes,
        }
        return Encoded(b"0" + orjson.dumps(handshake))

    def _end(self, sid: str, reason: str) -> None:
        session = self._sessions.get(sid)
        if session is not None:
            session.end(reason)

    def forget(self, session: Session, reason: str, farewell: list[bytes]) -> None:
        """A session is over; `farewell` is what its client's next polls get."""
        self.ended[reason] += 1
        self._sessions.pop(session.sid, None)
        address = session.request.address
        self._session_counts[address] -= 1
        if not self._session_counts[address]:
            del self._session_counts[address]
        if farewell:
            self._farewells[session.sid] = farewell
            self._farewell_bytes += sum(map(len, farewell))
            self._unfetched.add(session.sid)
            while self._farewell_bytes > MAX_FAREWELL_BYTES:
                self._drop_farewell(next(iter(self._farewells)))

    def _drop_farewell(self, sid: str) -> None:
        self._farewell_bytes -= sum(map(len, self._farewells.pop(sid, ())))

    # --- heartbeat (Engine.IO protocol, "Heartbeat")

    def _ping(self, sid: str) -> None:
        session = self._sessions.get(sid)
        if session is not None:
            session.ping(asyncio.get_running_loop().time())
            self._pongs.add(sid)

    def _check_pong(self, sid: str) -> None:
        session = self._sessions.get(sid)
        if session is not None and session.ping_sent_at:
            waited_seconds = asyncio.get_running_loop().time() - session.ping_sent_at
            if waited_seconds >= self._pongs.least_seconds:
                session.end(reasons.PING_TIMEOUT)

    def _check_upgrade(self, sid: str) -> None:
        session = self._sessions.get(sid)
        if session is not None and session.upgrade is not None:
            waited_seconds = asyncio.get_running_loop().time() - session.upgrade.started_at
            if waited_seconds >= self._upgrades.least_seconds:
                session.upgrade.end(reasons.FORCED_CLOSE)
