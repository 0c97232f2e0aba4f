"""The attackers of the bench: what they send is bounded, and they come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import pytest

from bench import attackers
from bench.attackers import CHUNK_BYTES, Flood, Pace, frame


@asynccontextmanager
async def listener(limit_bytes: int) -> AsyncIterator[tuple[int, list[int]]]:
    """A server that reads so much of each connection and closes it: its port, and what each connection sent."""
    read: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got = 0
        try:
            while got < limit_bytes and (part := await reader.read(CHUNK_BYTES)):
                got += len(part)
        except ConnectionError:
            pass
        read.append(got)
        writer.transport.abort()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], read


async def test_a_pace_gives_out_so_many_a_second_and_no_more() -> None:
    pace = Pace(1000)
    started_at = perf_counter()
    for _ in range(5):
        await pace.take(20)
    assert perf_counter() - started_at >= 0.1
    assert pace.taken == 100


async def test_a_flood_comes_back_when_it_is_closed_and_stays_within_its_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attackers, "BYTES_PER_SECOND", 1_000_000)
    async with listener(2 * CHUNK_BYTES) as (port, read):
        flood = Flood("heads of 48 MB", port)
        await flood.run(0.5)
        assert flood.opened.taken > 2  # fifteen, on a machine that does nothing else
        assert max(read) >= 2 * CHUNK_BYTES
        assert flood.sent.taken <= 500_000 + 11 * CHUNK_BYTES


@pytest.mark.parametrize(("size", "head"), [(5, b"\x81\x85"), (200, b"\x81\xfe\x00\xc8"), (70_000, b"\x81\xff")])
def test_a_frame_is_one_of_a_client_s(size: int, head: bytes) -> None:
    encoded = frame(b"x" * size)
    assert encoded.startswith(head)
    assert encoded.endswith(bytes(4) + b"x" * size)
