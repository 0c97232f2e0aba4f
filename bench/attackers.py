"""Strangers who attack a server, each within bounded time and bytes: `python -m bench.attackers FLOOD PORT SECONDS`.

A process of its own, so that it never is what delays the people whose messages are measured. At the end it prints what
it did as JSON. It comes from an address of its own, as a stranger would.
"""

import asyncio
import json
import os
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import uvloop

# Every address of 127.0.0.0/8 is this machine on Linux; elsewhere strangers share the address of everybody else.
ADDRESS = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
CHUNK_BYTES = 16_384
BYTES_PER_SECOND = 6_400_000  # of each flood: 51 MB in eight seconds
CONNECTIONS_PER_SECOND = 200
TRICKLE_SECONDS = 0.5
NICENESS = 15
FRAME_MEDIUM, FRAME_LONG = 126, 1 << 16


class Pace:
    """So many units in a second, in the order in which they are asked for."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._free_at = 0.0
        self.taken = 0

    async def take(self, count: int) -> None:
        """Wait until so many more are due."""
        now = perf_counter()
        self.taken += count
        self._free_at = max(self._free_at, now) + count / self._per_second
        await asyncio.sleep(self._free_at - now)


class Connection:
    """One connection of an attacker's. What the server says is read and thrown away."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pace: Pace) -> None:
        self._writer = writer
        self._pace = pace
        self._answered = asyncio.Event()
        self._discarding = asyncio.create_task(self._discard(reader))

    async def send(self, data: bytes) -> None:
        """Send, at the pace of the flood. Raises ConnectionError."""
        for at in range(0, len(data), CHUNK_BYTES):
            part = data[at : at + CHUNK_BYTES]
            await self._pace.take(len(part))
            self._write(part)
            await self._writer.drain()

    async def ask(self, request: bytes) -> None:
        """Send, and wait until the server says something. Raises ConnectionError."""
        self._answered.clear()
        await self.send(request)
        await self._answered.wait()

    async def hold(self, part: bytes) -> None:
        """Send a little now and then. Raises ConnectionError once the server closes the connection."""
        while True:
            self._write(part)
            await asyncio.sleep(TRICKLE_SECONDS)

    def abort(self) -> None:
        """Leave without a word."""
        self._discarding.cancel()
        self._writer.transport.abort()

    def _write(self, part: bytes) -> None:
        if self._discarding.done() or self._writer.transport.is_closing():
            raise ConnectionResetError
        self._writer.write(part)

    async def _discard(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while await reader.read(CHUNK_BYTES):
                self._answered.set()
        self._answered.set()


Attack = Callable[[Connection], Awaitable[None]]


def frame(payload: bytes) -> bytes:
    """A client's text frame whose mask is zero, which is quick to make."""
    size = len(payload)
    if size < FRAME_MEDIUM:
        return bytes([0x81, 0x80 | size]) + bytes(4) + payload
    width, mark = (2, 126) if size < FRAME_LONG else (8, 127)
    return bytes([0x81, 0x80 | mark]) + size.to_bytes(width, "big") + bytes(4) + payload


def upgrade() -> bytes:
    """The head of a request for a WebSocket."""
    key = b64encode(os.urandom(16))
    return (
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % key
    )


def pour(frames: bytes) -> Attack:
    """The same frames over and over."""

    async def attack(connection: Connection) -> None:
        await connection.send(upgrade())
        many = frames * max(1, CHUNK_BYTES // len(frames))
        while True:
            await connection.send(many)

    return attack


def stop_at(request: bytes, trickle: bytes) -> Attack:
    """A request that never ends: something of it comes now and then."""

    async def attack(connection: Connection) -> None:
        await connection.send(request)
        await connection.hold(trickle)

    return attack


def repeat(request: bytes, body: bytes) -> Attack:
    """One request after another on one connection, whatever is answered."""

    async def attack(connection: Connection) -> None:
        while True:
            await connection.ask(request + body)

    return attack


async def endless_head(connection: Connection) -> None:
    """A header that goes on up to 48 MB."""
    await connection.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Header: ")
    for _ in range(3000):
        await connection.send(b"x" * CHUNK_BYTES)


_JSON = b"Host: localhost\r\nContent-Type: application/json\r\n"
_NOTICE = b"POST /api/admin/notifications HTTP/1.1\r\n" + _JSON + b"Content-Length: 1900000\r\n\r\n"
_SYNC = b"POST /api/chat/sync HTTP/1.1\r\n" + _JSON + b"Content-Length: 60000\r\n\r\n"
_GUESS = b"GET /api/users/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a.guessed.token\r\n\r\n"
_BRACKETS = frame(b"40" + b"[" + b"[]," * 33_000 + b"[]]")

# What each is, and how many connections it has at a time.
FLOODS: dict[str, tuple[Attack, int]] = {
    "packets for a namespace that is not there": (pour(frame(b"40/x,")), 10),
    "pongs that nobody asked for": (pour(frame(b"3")), 40),
    "packets of 99 KB of brackets": (pour(_BRACKETS), 10),
    "signing in with bad tokens": (pour(frame(b'40{"token":"bad"}')), 10),
    "signing in and out": (pour(frame(b'40{"token":"dev-token-admin"}') + frame(b"41")), 10),
    "heads that do not end": (stop_at(b"GET / HTTP/1.1\r\nX-Header: ", b"x"), 400),
    "bodies that do not end": (stop_at(_SYNC, b" "), 400),
    "heads of 48 MB": (endless_head, 10),
    "bodies of 1.9 MB without a key": (repeat(_NOTICE, b"[" + b"[]," * 633_332 + b"[]]"), 10),
    "guessed tokens": (repeat(_GUESS, b""), 10),
}


class Flood:
    """One flood: so many connections at a time, each replaced when it is closed.

    Attributes:
        opened: how many connections there were.
        sent: bytes, by the pace that all share.
    """

    def __init__(self, name: str, port: int) -> None:
        self._attack, self._at_once = FLOODS[name]
        self._port = port
        self.sent = Pace(BYTES_PER_SECOND)
        self.opened = Pace(CONNECTIONS_PER_SECOND)

    async def run(self, seconds: float) -> None:
        """Attack for so long."""
        attackers = [asyncio.create_task(self._go_on()) for _ in range(self._at_once)]
        await asyncio.sleep(seconds)
        for attacker in attackers:
            attacker.cancel()
        outcomes = await asyncio.gather(*attackers, return_exceptions=True)
        gave_up = [error for error in outcomes if isinstance(error, Exception)]
        if gave_up:
            raise ExceptionGroup("attackers gave up", gave_up)

    async def _go_on(self) -> None:
        while True:
            await self.opened.take(1)
            with suppress(OSError):
                await self._attack_once()

    async def _attack_once(self) -> None:
        streams = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(ADDRESS, 0))
        connection = Connection(*streams, self.sent)
        try:
            await self._attack(connection)
        finally:
            connection.abort()


def be_modest() -> None:
    """Take the processor's time last: among the processes of this session, and (on Linux) this session among others."""
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


async def main(name: str, port: int, seconds: float) -> None:
    """Attack, and say what it came to. Strangers have machines of their own: they take little of this one's time."""
    be_modest()
    flood = Flood(name, port)
    await flood.run(seconds)
    used = os.times()
    done = {"sent_bytes": flood.sent.taken, "connections": flood.opened.taken, "cpu_seconds": used.user + used.system}
    print(json.dumps(done))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
