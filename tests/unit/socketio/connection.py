"""A server on a free port, and raw WebSocket connections to it: what a client library would hide is seen here."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator

import uvicorn

from hyred_chat.socketio import SocketServer

PATIENCE_SECONDS = 10
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: chat\r\nConnection: keep-alive, Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
)
KEY = "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"


class Connection:
    """One connection; `read` and `write` are as slow as the test is."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def write(self, payload: bytes, opcode: int = 1) -> None:
        """Writes one masked frame; the mask is zeros."""
        size = len(payload)
        length = bytes((0x80 | size,)) if size < 126 else struct.pack(">BH", 0xFE, size)
        self.writer.write(bytes((0x80 | opcode,)) + length + bytes(4) + payload)

    async def read(self) -> tuple[int, bytes]:
        """The opcode and the payload of the next frame."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                (size,) = struct.unpack(">H", await self.reader.readexactly(2))
            return first & 0xF, await self.reader.readexactly(size)

    async def read_to_end(self) -> None:
        """Reads until the server closes the connection."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65_536):
                    pass


class Listening:
    """A running server."""

    def __init__(self, http: uvicorn.Server, port: int) -> None:
        self.http = http
        self.port = port

    @contextlib.asynccontextmanager
    async def upgraded(self, headers: str = KEY) -> AsyncIterator[tuple[str, Connection]]:
        """A connection that asked for an upgrade, and the head of the response."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(UPGRADE.format(headers=headers).encode("latin-1"))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            yield head.decode(), Connection(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    @contextlib.asynccontextmanager
    async def connected(self, headers: str = KEY) -> AsyncIterator[Connection]:
        """A connection in the main namespace."""
        async with self.upgraded(headers) as (_, connection):
            connection.write(b"40")
            await connection.read()
            assert (await connection.read())[1].startswith(b"40{")
            yield connection


@contextlib.asynccontextmanager
async def listening(server: SocketServer) -> AsyncIterator[Listening]:
    """Serves until the end of the block, and shuts down as a deployed server does."""
    config = uvicorn.Config(server, port=0, ws=server.websocket_protocol, http="httptools", log_level="error")
    http = uvicorn.Server(config)
    config.load()
    http.lifespan = config.lifespan_class(config)
    await http.startup()
    try:
        yield Listening(http, http.servers[0].sockets[0].getsockname()[1])
    finally:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await http.shutdown()
