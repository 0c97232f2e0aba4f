"""Long-polling over ASGI: GET takes packets out of a session, POST brings them in (Engine.IO protocol)."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final, Protocol

from hyred_chat.socketio import reasons, refusals
from hyred_chat.socketio.cors import check_origin, cors_headers, preflight_headers
from hyred_chat.socketio.errors import PacketError
from hyred_chat.socketio.polling import Polling
from hyred_chat.socketio.posts import Post
from hyred_chat.socketio.refusals import RefusedError
from hyred_chat.socketio.requests import Request, join_headers
from hyred_chat.socketio.session import Session
from hyred_chat.socketio.settings import ServerSettings
from hyred_chat.socketio.turns import Turns

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_TEXT: Final = b"text/plain; charset=UTF-8"
_HTML: Final = b"text/html"


class Server(Protocol):
    """What the endpoint needs of the Engine.IO server."""

    settings: ServerSettings
    turns: Turns

    def check(self, request: Request, *, is_upgrade: bool) -> Session | None:
        """The session that a request belongs to; None when it asks for a new one."""

    def open_polling(self, request: Request) -> Polling:
        """Open a session that polls."""

    def take_farewell(self, sid: str) -> bytes | None:
        """What the last poll of a session that was ended gets."""

    async def close(self) -> None:
        """Close everything."""


class PollingEndpoint:
    """The ASGI application of one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._settings = server.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope: HTTP, or the lifespan when this is the whole application."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._respond(scope, receive, send)
        else:
            raise RuntimeError("WebSockets are served by uvicorn.Config(ws=server.websocket_protocol)")

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._server.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = _request_of(scope)
        headers: list[tuple[bytes, bytes]] = []
        try:
            check_origin(request.headers, self._settings.allowed_origins)
            # From here on the page may know the answer, refusals included.
            headers = cors_headers(request.headers, self._settings.allowed_origins)
            check_path(scope, self._settings.path)
            if request.method == "OPTIONS":
                await _send(send, HTTPStatus.NO_CONTENT, b"", headers + preflight_headers(request.headers))
                return
            body, content_type = await self._serve(request, receive)
        except RefusedError as refused:
            headers += [(name.lower().encode(), value.encode()) for name, value in refused.headers().items()]
            await _send(send, refused.status, refused.body(), headers)
        except ConnectionError:
            return  # the client is gone: there is nobody to answer
        else:
            no_store = (b"cache-control", b"no-store")
            await _send(send, HTTPStatus.OK, body, [*headers, (b"content-type", content_type), no_store])

    async def _serve(self, request: Request, receive: Receive) -> tuple[bytes, bytes]:
        query = request.query
        farewell = self._server.take_farewell(query.get("sid", "")) if request.method == "GET" else None
        if farewell is not None:
            return farewell, _TEXT
        session = self._server.check(request, is_upgrade=False)
        if session is None:
            return self._server.open_polling(request).take_payload(), _TEXT
        polling = session.transport
        if not isinstance(polling, Polling):
            raise RefusedError(refusals.BAD_REQUEST)
        if request.method == "GET":
            payload = polling.repeats.answer_again(query.get("t"))
            return payload or await _poll(session, polling, receive), _TEXT
        if request.method == "POST":
            await self._post(session, polling, request, receive)
            return b"ok", _HTML
        raise RefusedError(refusals.BAD_REQUEST)

    async def _post(self, session: Session, polling: Polling, request: Request, receive: Receive) -> None:
        if polling.is_posting:
            session.end(reasons.TRANSPORT_ERROR)
            raise RefusedError(refusals.BAD_REQUEST)
        polling.is_posting = True
        try:
            body = await self._wait_for_body(polling, request, receive)
            if not polling.repeats.is_posted_again(request.query.get("t"), body):
                await Post(session, body).deliver(self._server.turns)
        except PacketError as error:
            session.end(reasons.PARSE_ERROR)
            raise RefusedError(refusals.BAD_REQUEST) from error
        except TimeoutError as error:  # the session ended meanwhile: nobody waits for the rest
            raise RefusedError(refusals.UNKNOWN_SESSION) from error
        except RefusedError:
            raise
        except Exception:
            session.end(reasons.TRANSPORT_ERROR)
            raise
        finally:
            polling.is_posting = False

    async def _wait_for_body(self, polling: Polling, request: Request, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(None) as polling.body_wait:
                return await _read_body(request, receive, self._settings.max_payload_bytes)
        finally:  # however the wait ended: an end of the session must not touch it any more
            polling.body_wait = None


def check_path(scope: Scope, path: str) -> None:
    """Check that a scope's path is the server's, mounted or not.

    Raises:
        RefusedError: it is another.
    """
    mounted = scope.get("root_path", "")
    if path not in (scope["path"], scope["path"].removeprefix(mounted), mounted + scope["path"]):
        raise RefusedError.not_found()


def _request_of(scope: Scope) -> Request:
    client = scope.get("client")
    headers = join_headers(scope["headers"])
    return Request(scope["method"], scope["path"], scope["query_string"], headers, client[0] if client else "")


async def _send(send: Send, status: HTTPStatus, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    if status is not HTTPStatus.NO_CONTENT:
        headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _poll(session: Session, polling: Polling, receive: Receive) -> bytes:
    """Wait for something to send. A second poll at the same time, or one that is given up, ends the session."""
    if polling.poll is not None:
        session.end(reasons.TRANSPORT_ERROR)
        raise RefusedError(refusals.BAD_REQUEST)
    if not polling.has_payload():
        polling.poll = asyncio.get_running_loop().create_future()
        try:
            await _wait_unless_disconnected(polling.poll, receive)
        except (ConnectionError, asyncio.CancelledError):
            polling.poll = None
            session.end(reasons.TRANSPORT_ERROR)
            raise
        polling.poll = None
    payload = polling.take_payload()
    polling.repeats.poll_answered(payload)
    return payload


async def _wait_unless_disconnected(future: asyncio.Future[None], receive: Receive) -> None:
    """Wait for a future.

    Raises:
        ConnectionError: the client went away, be it in the same moment: nothing would reach it.
    """
    watch = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await asyncio.wait((future, watch), return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.cancel()
    if watch.done():
        raise ConnectionError


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read_body(request: Request, receive: Receive, max_bytes: int) -> bytes:
    """Read a request's body.

    Raises:
        RefusedError: it is longer than `max_bytes`.
        ConnectionError: the client went away.
    """
    too_large = RefusedError(refusals.BAD_REQUEST, "Payload too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > max_bytes:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        if len(body) > max_bytes:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)
