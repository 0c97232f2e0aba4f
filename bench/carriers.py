"""People who upload and download: `python -m bench.carriers upload|download PORT SECONDS COUNT FILE`, all at once.

A process of its own, so that it never is what delays the people whose messages are measured. What it needs to know is
JSON in a file, and at the end it prints what it did as JSON. All of it is bounded in time and in bytes.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop

FILE_BYTES = 1_048_576
CHUNK_BYTES = 65_536
MAX_BYTES = 2**31  # of all together
NICENESS = 15
OK, NO_CONTENT = 200, 204


class Carrier:
    """Requests, one after another, on one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self, head: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status of an answer and its body, which is read to its end. `head` is the first line and headers."""
        self._writer.write(f"{head}\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        for at in range(0, len(body), CHUNK_BYTES):
            self._writer.write(body[at : at + CHUNK_BYTES])
            await self._writer.drain()
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lengths = [line.split(":")[1] for line in answer.lower().split("\r\n") if line.startswith("content-length:")]
        length = int(lengths[0]) if lengths else 0
        parts = []
        while length:
            part = await self._reader.read(min(length, CHUNK_BYTES))
            if not part:
                raise ConnectionError("an answer ended early")
            length -= len(part)
            parts.append(part)
        return int(answer.split()[1]), b"".join(parts)


class Work:
    """What all of them do, until there is no time left.

    Attributes:
        sent: how many files went whole, and how many bytes that was.
    """

    def __init__(self, port: int, seconds: float, known: dict[str, Any]) -> None:
        self.files = self.bytes = self.refused = 0
        self._port = port
        self._end = perf_counter() + seconds
        self._known = known
        self._content = os.urandom(FILE_BYTES)

    async def upload(self, place: int) -> None:
        """Announce a file and upload it, again and again."""
        people = self._known["people"]
        room_id, token = people[place % len(people)]
        head = f"Authorization: Bearer {token}"
        async with self._connected() as carrier:
            while self._goes_on():
                status, body = await carrier.request(
                    f"POST /api/chat/rooms/{room_id}/files HTTP/1.1\r\n{head}\r\nContent-Type: application/json",
                    json.dumps({"name": "file.bin", "size": FILE_BYTES}).encode(),
                )
                if not self._count(status, OK):
                    return
                url = json.loads(body)["data"]["uploadUrl"]
                status, _ = await carrier.request(
                    f"PATCH {url} HTTP/1.1\r\n{head}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                    "Content-Type: application/offset+octet-stream",
                    self._content,
                )
                if not self._count(status, NO_CONTENT, FILE_BYTES):
                    return

    async def download(self, _: int) -> None:
        """Load a file, again and again."""
        async with self._connected() as carrier:
            while self._goes_on():
                status, body = await carrier.request(f"GET {self._known['url']} HTTP/1.1")
                if not self._count(status, OK, len(body)):
                    return

    def _goes_on(self) -> bool:
        return perf_counter() < self._end and self.bytes < MAX_BYTES

    def _count(self, status: int, expected: int, size: int = 0) -> bool:
        self.files += status == expected and size > 0
        self.bytes += size if status == expected else 0
        self.refused += status != expected
        return status == expected

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Carrier]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            yield Carrier(reader, writer)
        finally:
            writer.close()


async def main(what: str, port: int, seconds: float, count: int, known: dict[str, Any]) -> dict[str, Any]:
    """Have so many work at once."""
    work = Work(port, seconds, known)
    started_at = perf_counter()
    async with asyncio.TaskGroup() as group:
        for place in range(count):
            group.create_task(work.upload(place) if what == "upload" else work.download(place))
    return {
        "files": work.files,
        "bytes": work.bytes,
        "refused": work.refused,
        "seconds": perf_counter() - started_at,
    }


if __name__ == "__main__":
    os.nice(NICENESS)
    kind, port, seconds, count, given = sys.argv[1:]
    known = json.loads(Path(given).read_text())
    print(json.dumps(uvloop.run(main(kind, int(port), float(seconds), int(count), known))))
