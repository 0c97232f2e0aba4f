"""A virus scanner, by a stand-in that speaks clamd's protocol: what it has not seen does not pass."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.files.clamd import Clamd, ScanFailedError
from hyred_chat.files.examiner_process import ExaminerProcess
from hyred_chat.files.stores import FolderStore
from tests.integration.files.test_life import World

# The signature that every scanner finds, in two parts, so that none finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_MAX_BYTES = 1_000_000


class Scanner:
    """Answers as clamd does.

    Attributes:
        seen: what it was shown.
    """

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command = await reader.readuntil(b"\0")
        writer.write((await self._scan(reader) if command == b"zINSTREAM\0" else b"PONG") + b"\0")
        await writer.drain()
        writer.close()

    async def _scan(self, reader: asyncio.StreamReader) -> bytes:
        content = b""
        while (size := struct.unpack(">I", await reader.readexactly(4))[0]) != 0:
            content += await reader.readexactly(size)
            if len(content) > STREAM_MAX_BYTES:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(content)
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"


@asynccontextmanager
async def scanning(address: Path) -> AsyncIterator[Scanner]:
    """A scanner at a socket."""
    scanner = Scanner()
    async with await asyncio.start_unix_server(scanner.serve, address):
        yield scanner


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """Files that a scanner at `clamd` is to see."""
    process = ExaminerProcess()
    world = World(database, FolderStore(tmp_path / "files"), tmp_path / "work", process)
    world.examination._scanner = Clamd(f"unix:{tmp_path}/clamd")
    yield world
    await process.close()


async def test_a_virus_is_refused_and_all_else_passes(world: World, tmp_path: Path) -> None:
    async with scanning(tmp_path / "clamd") as scanner:
        content = bytes(700_000)
        await world.upload("f1", content)
        assert await world.examination._examine_next()
        await world.upload("f2", b"before " + EICAR)
        assert await world.examination._examine_next()
    assert [told for told in world.told if told[0] != "processing"] == [("ready", None), ("refused", "infected")]
    assert scanner.seen == [content, b"before " + EICAR]
    assert await world.store.list_names("f2") == {}


async def test_nothing_passes_while_the_scanner_does_not_answer(world: World, tmp_path: Path) -> None:
    await world.upload("f1", b"text")
    for _ in range(7):
        with pytest.raises(UnavailableError):
            await world.examination._examine_next()
        await world.execute("UPDATE files SET claimed_until = NULL")
    assert [told for told in world.told if told[0] != "processing"] == []
    async with scanning(tmp_path / "clamd"):
        assert await world.examination._examine_next()
    assert world.told[-1] == ("ready", None)


async def test_what_the_scanner_does_not_take_is_refused(world: World, tmp_path: Path) -> None:
    async with scanning(tmp_path / "clamd"):
        await world.upload("f1", bytes(STREAM_MAX_BYTES + 1))
        assert await world.examination._examine_next()
    assert world.told[-1] == ("refused", "failed")


async def test_a_scanner_says_that_it_is_there(tmp_path: Path) -> None:
    clamd = Clamd(f"unix:{tmp_path}/clamd")
    with pytest.raises(UnavailableError):
        await clamd.check()
    async with scanning(tmp_path / "clamd"):
        await clamd.check()


async def test_a_scanner_that_says_something_else_is_not_believed(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.write(b"stream: perhaps\0")
        await reader.read()
        writer.close()

    (tmp_path / "file").write_bytes(b"x")
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        clamd = Clamd(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(UnavailableError):
            await clamd.check()
        with pytest.raises(ScanFailedError):
            await clamd.find_virus(tmp_path / "file")
