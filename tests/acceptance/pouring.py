"""Attackers who pour bytes over WebSockets, as many as the server takes, until they are told to stop."""

import asyncio
import json
import os
import socket as sockets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server

CHUNK_BYTES = 65_536
# What kernels hold for a connection is poured in at once, and says nothing about the server.
SEND_BUFFER_BYTES = 65_536
# Of one attacker. Whoever is taken more than that has got through.
MAX_POURED_BYTES = 100_000_000

CONTINUATION, TEXT, BINARY, PING = 0x0, 0x1, 0x2, 0x9
FIN = 0x80


def frame(payload: bytes, kind: int = TEXT, *, is_last: bool = True) -> bytes:
    """A client's frame whose mask is zero, which is quick to make."""
    head = bytes([(FIN if is_last else 0) | kind])
    size = len(payload)
    if size < 126:
        return head + bytes([0x80 | size]) + bytes(4) + payload
    width, mark = (2, 126) if size < 1 << 16 else (8, 127)
    return head + bytes([0x80 | mark]) + size.to_bytes(width, "big") + bytes(4) + payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What is poured.

    Attributes:
        frames: again and again, on each connection.
        first: once, before.
        connections: at the same time.
        is_signed_in: by one person, on all of them.
        comes_back: a new connection whenever one is closed.
    """

    frames: bytes
    first: bytes = b""
    connections: int = 40
    is_signed_in: bool = False
    comes_back: bool = False


class Attackers:
    """Those who pour.

    Attributes:
        poured: the bytes that each connection got rid of, of those that the server has closed.
    """

    def __init__(self, server: Server, person: Person | None, flood: Flood) -> None:
        self.poured: list[int] = []
        self._server = server
        self._person = person
        self._flood = flood
        self._begun = 0
        self._all_begun = asyncio.Event()
        self._closed = asyncio.Event()

    async def pour(self) -> None:
        """One attacker."""
        while True:
            await self._pour_once()
            if not self._flood.comes_back:
                return

    async def wait_until_all_pour(self) -> None:
        async with asyncio.timeout(20):
            await self._all_begun.wait()

    async def wait_until_closed(self, count: int) -> None:
        """Wait until the server has closed so many connections."""
        async with asyncio.timeout(20):
            while len(self.poured) < count:
                self._closed.clear()
                await self._closed.wait()

    async def _pour_once(self) -> None:
        flood = self._flood
        chunk = flood.frames * max(1, CHUNK_BYTES // len(flood.frames))
        reader, writer = await asyncio.open_connection("127.0.0.1", int(self._server.port))
        raw = writer.get_extra_info("socket")
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, SEND_BUFFER_BYTES)
        poured = 0
        discarding: asyncio.Task[None] | None = None
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                await self._open(reader, writer)
                discarding = asyncio.create_task(_discard(reader))
                self._begin()
                writer.write(flood.first)
                while poured < MAX_POURED_BYTES and not discarding.done():
                    writer.write(chunk)
                    poured += len(chunk)
                    await writer.drain()
                    await asyncio.sleep(0)
            finally:
                if discarding is not None:
                    discarding.cancel()
                writer.transport.abort()
        self._begin()
        self.poured.append(poured)
        self._closed.set()

    async def _open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n"
            % b64encode(os.urandom(16))
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head, head
        if self._person is not None:
            writer.write(frame(b"40" + json.dumps({"token": self._person.token}).encode()))
            await reader.readuntil(b"40{")

    def _begin(self) -> None:
        self._begun += 1
        if self._begun >= self._flood.connections:
            self._all_begun.set()


async def _discard(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(CHUNK_BYTES):
            pass


@asynccontextmanager
async def pouring(server: Server, person: Person | None, flood: Flood) -> AsyncIterator[Attackers]:
    """Attackers who pour until the end of the block."""
    attackers = Attackers(server, person if flood.is_signed_in else None, flood)
    tasks = [asyncio.create_task(attackers.pour()) for _ in range(flood.connections)]
    try:
        await attackers.wait_until_all_pour()
        yield attackers
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def open_poll(chat: Chat, token: str | None) -> str:
    """A session that polls, with `token` in the namespace: where its requests go."""
    path = "/socket.io/?EIO=4&transport=polling"
    opened = (await chat.http.get(path)).text
    path += f"&sid={json.loads(opened[1:])['sid']}"
    if token is not None:
        assert (await chat.http.post(path, content="40" + json.dumps({"token": token}))).text == "ok"
        assert (await chat.http.get(path)).text.startswith("40{")
    return path
