"""A connection pooler on the way to PostgreSQL, which drops what a session is opened with."""

import asyncio
import struct
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from hyred_chat.db.migrate import MigrationError, read_tables, upgrade
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from tests.postgres import SCHEMA

SSL_REQUEST = 80877103


async def read_packet(reader: asyncio.StreamReader) -> bytes:
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return await reader.readexactly(length - 4)


async def read_startup(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """The packet that opens a session, once the wish for TLS is refused."""
    packet = await read_packet(reader)
    if struct.unpack("!I", packet[:4]) == (SSL_REQUEST,):
        writer.write(b"N")
        packet = await read_packet(reader)
    return packet


def without_settings(packet: bytes) -> bytes:
    """The same with user and database only, as `ignore_startup_parameters` has it."""
    fields = packet[4:].rstrip(b"\0").split(b"\0")
    pairs = zip(fields[::2], fields[1::2], strict=True)
    kept = b"".join(name + b"\0" + value + b"\0" for name, value in pairs if name in {b"user", b"database"})
    return struct.pack("!I", 4 + 4 + len(kept) + 1) + packet[:4] + kept + b"\0"


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@pytest.fixture
async def pooled_url(empty_database_url: str) -> AsyncIterator[str]:
    """An empty database behind such a pooler."""
    parts = urlsplit(empty_database_url)
    directory = parse_qs(parts.query)["host"][0]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        startup = without_settings(await read_startup(reader, writer))
        server_reader, server_writer = await asyncio.open_unix_connection(f"{directory}/.s.PGSQL.5432")
        server_writer.write(startup)
        await asyncio.gather(copy(reader, server_writer), copy(server_reader, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://postgres@127.0.0.1:{port}{parts.path}"


async def test_a_session_without_our_settings_is_refused_before_it_finds_no_tables(pooled_url: str) -> None:
    with pytest.raises(UnavailableError, match="a connection pooler on the way drops the settings"):
        await Database.connect(pooled_url, schema=SCHEMA, pool_size=1)


async def test_a_migration_does_not_make_tables_in_another_schema(pooled_url: str, empty_database_url: str) -> None:
    with pytest.raises(MigrationError, match="a connection pooler on the way drops the settings"):
        await asyncio.to_thread(upgrade, pooled_url, SCHEMA)
    assert read_tables(empty_database_url, "public").revision is None
