"""Those who carry files in the bench: what they count is what was answered, and they end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import pytest

from bench import carriers
from bench.carriers import main


@asynccontextmanager
async def answering(status: str, body: bytes) -> AsyncIterator[int]:
    """A server that answers every request alike: its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_downloads_are_counted_and_end_in_time() -> None:
    async with answering("200 OK", bytes(1000)) as port:
        started_at = perf_counter()
        done = await main("download", port, 0.2, 5, {"url": "/file"})
    assert perf_counter() - started_at < 5
    assert done["files"] >= 5
    assert (done["bytes"], done["refused"]) == (done["files"] * 1000, 0)


async def test_they_end_with_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "MAX_BYTES", 10_000)
    async with answering("200 OK", bytes(1000)) as port:
        done = await main("download", port, 60, 5, {"url": "/file"})
    assert 10_000 <= done["bytes"] <= 15_000


async def test_whoever_is_refused_gives_up_and_is_counted() -> None:
    async with answering("429 Too Many Requests", b"") as port:
        done = await main("upload", port, 60, 3, {"people": [("room", "token")], "url": ""})
    assert (done["files"], done["bytes"], done["refused"]) == (0, 0, 3)
