"""WebSocket at the level of bytes (RFC 6455, section 5), for what no library would send."""

import asyncio
import base64
import contextlib
import os
from collections.abc import AsyncIterator

from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MASK = b"\x37\xfa\x21\x3d"


def encode_length(length: int, width: int | None = None) -> bytes:
    """The 7, 7+16 or 7+64 bits of a length without the mask bit; `width` forces 0, 2 or 8 bytes after the first."""
    if width is None:
        width = 0 if length <= 125 else 2 if length <= 0xFFFF else 8
    if width == 0:
        return bytes([length])
    return bytes([126 if width == 2 else 127]) + length.to_bytes(width, "big")


def encode_frame(
    payload: bytes,
    opcode: int = TEXT,
    *,
    final: bool = True,
    reserved: int = 0,
    masked: bool = True,
    length: bytes | None = None,
) -> bytes:
    """One frame of a client; `length` is what the header says instead of the truth."""
    head = bytes([final << 7 | reserved << 4 | opcode])
    size = encode_length(len(payload)) if length is None else length
    if not masked:
        return head + size + payload
    body = bytes(byte ^ MASK[index % 4] for index, byte in enumerate(payload))
    return head + bytes([size[0] | 0x80]) + size[1:] + MASK + body


def encode_upgrade(endpoint: Endpoint, **headers: str | None) -> bytes:
    """The request that opens a WebSocket; `headers` (with `_` for `-`) replace the usual ones, None leaves one out."""
    usual: dict[str, str | None] = {
        "host": f"127.0.0.1:{endpoint.port}",
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-key": base64.b64encode(os.urandom(16)).decode(),
        "sec-websocket-version": "13",
    }
    usual.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{name}: {value}" for name, value in usual.items() if value is not None]
    target = endpoint.websocket().partition(str(endpoint.port))[2]
    return "\r\n".join([f"GET {target} HTTP/1.1", *lines, "", ""]).encode()


class ByteStream:
    """A TCP connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def read_head(self) -> bytes:
        """The status line and the headers of a response."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def read_message(self) -> tuple[int, bytes]:
        """The next frame of the server, which neither masks nor (here) fragments: opcode and payload."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            first, size = await self.reader.readexactly(2)
            if size >= 126:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            return first & 0x0F, await self.reader.readexactly(size)

    async def say_and_leave(self, data: bytes) -> None:
        """Sends data and the end of it, then waits until the server has closed the connection too."""
        self.writer.write(data)
        with contextlib.suppress(OSError):  # the server may have closed it in the middle of the data
            self.writer.write_eof()
        await self.read_to_end()

    async def read_to_end(self) -> bytes:
        """What is left until the server closes the connection, however it does."""
        said = b""
        async with asyncio.timeout(PATIENCE_SECONDS):
            with contextlib.suppress(ConnectionError):
                while chunk := await self.reader.read(65_536):
                    said += chunk
        return said


@contextlib.asynccontextmanager
async def open_stream(endpoint: Endpoint) -> AsyncIterator[ByteStream]:
    """A TCP connection on which nothing was said yet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    try:
        yield ByteStream(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def open_frames(endpoint: Endpoint) -> AsyncIterator[ByteStream]:
    """A WebSocket-only session, its handshake read."""
    async with open_stream(endpoint) as stream:
        stream.writer.write(encode_upgrade(endpoint))
        assert (await stream.read_head()).startswith(b"HTTP/1.1 101 ")
        assert (await stream.read_message())[1].startswith(b"0{")
        yield stream
