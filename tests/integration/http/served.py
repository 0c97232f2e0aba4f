"""A small application behind a real door, and raw connections to it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from hyred_chat.errors import BadRequestError, UnauthenticatedError
from hyred_chat.http.admission import Admission
from hyred_chat.http.answers import AnswerCutError
from hyred_chat.http.connections import http_protocol
from hyred_chat.http.door import Door
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.http.guards import GuardedRoute
from hyred_chat.http.limits import BodyLimit

PATIENCE_SECONDS = 10.0
LARGE_BYTES = 20_000_000
LOOPBACK = [ip_network("127.0.0.0/8")]


def admission(*, max_connections: int = 1000, reserve: int = 10, max_per_address: int = 0) -> Admission:
    return Admission(max_connections=max_connections, reserve=reserve, max_per_address=max_per_address)


@dataclass
class Served:
    """A running server.

    Attributes:
        faults: what its loop reported.
    """

    port: int
    door: Door
    faults: list[object] = field(default_factory=list)

    async def wait_until_empty(self) -> None:
        """Wait until no connection is counted any more."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.door.admission.connection_count:  # noqa: ASYNC110  # nobody is told of it
                await asyncio.sleep(0.01)


class KnownRoute(GuardedRoute):
    """A route for whoever says a name."""

    async def admit(self, request: Request) -> None:
        """See `GuardedRoute`."""
        if "authorization" not in request.headers:
            raise UnauthenticatedError("Who is it?")


def create_app() -> FastAPI:
    """Routes that read, ignore, and answer much."""
    app = FastAPI()
    known = APIRouter(route_class=KnownRoute)
    install_error_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=1000, streamed=[re.compile("/long|/refused")])

    @app.post("/")
    async def read(request: Request) -> int:
        return len(await request.body())

    @app.post("/unread")
    @app.get("/unread")
    async def ignore() -> str:
        return "no matter what"

    @app.post("/long")
    async def take(request: Request) -> int:
        return sum([len(part) async for part in request.stream()])

    @known.post("/refused")
    async def refuse() -> None:
        raise BadRequestError("No.")

    @app.get("/cut")
    async def cut() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"12345"
            raise AnswerCutError

        return StreamingResponse(parts(), headers={"Content-Length": "10"})

    @app.get("/large")
    async def large() -> Response:
        return Response(bytes(LARGE_BYTES))

    @app.get("/whence")
    async def whence(request: Request) -> list[str]:
        return [request.client.host if request.client else "", request.url.scheme]

    app.include_router(known)
    return app


@asynccontextmanager
async def serving(door: Door | None = None) -> AsyncIterator[Served]:
    """The application behind a door (without one: behind one that is wide open)."""
    door = door or Door(admission=admission())
    config = uvicorn.Config(
        create_app(), port=0, http=http_protocol(door), log_config=None, lifespan="off", ws="none", proxy_headers=False
    )
    running = uvicorn.Server(config)
    task = asyncio.create_task(running._serve())
    while not running.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await asyncio.sleep(0)
    served = Served(running.servers[0].sockets[0].getsockname()[1], door)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: served.faults.append(context))
    try:
        yield served
    finally:
        loop.set_exception_handler(None)
        running.should_exit = True
        await task
    assert not served.faults


class Connection:
    """A TCP connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def drain(self) -> None:
        await self._writer.drain()

    def stop_reading(self) -> None:
        """The kernel's buffers fill up from now on."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    def resume_reading(self) -> None:
        self._writer.transport.resume_reading()  # type: ignore[attr-defined]

    async def read_line(self) -> bytes:
        """A line, such as the first one of an answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._reader.readline()

    async def read_answer(self) -> bytes:
        """One answer that says how long it is."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await self._reader.readuntil(b"\r\n\r\n")
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            return head + await self._reader.readexactly(int(lengths[0].partition(b":")[2]))

    async def read_some(self) -> bytes:
        """What has come; nothing at the end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                return await self._reader.read(65_536)
            except ConnectionError:
                return b""

    async def read_to_end(self) -> bytes:
        """All that comes until the server closes the connection."""
        received = bytearray()
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                while part := await self._reader.read(65_536):
                    received += part
            except ConnectionError:
                pass
        return bytes(received)


@asynccontextmanager
async def connected(port: int, source: str = "127.0.0.1") -> AsyncIterator[Connection]:
    """A connection of this test's, from this address."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        yield Connection(reader, writer)
    finally:
        writer.transport.abort()


async def answer_to(port: int, sent: bytes, source: str = "127.0.0.1") -> bytes:
    """All that the server says to `sent`, until it closes the connection."""
    async with connected(port, source) as connection:
        connection.write(sent)
        return await connection.read_to_end()
