"""Strangers who hold connections: what they send never ends, or they do not read. Nobody else feels it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from bench.attackers import ADDRESS, FLOODS, Flood
from tests.acceptance.failures import PATIENCE_SECONDS, chat_on
from tests.acceptance.people import Chat
from tests.acceptance.server import Server, start_server

DESCRIPTORS = 300
HELD = 280
HEALTH_SECONDS = 2.0  # generously: the machine may be busy
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"
HEAD_BYTES = 48_000_000
HTTP_FLOODS = [name for name in FLOODS if name.startswith(("heads", "bodies", "guessed"))]
FLOOD_SECONDS = 3.0
MESSAGES = 20
# For nine of ten, on a machine that may be busy with other things. Without the bounds it is seconds for all.
BEARABLE_SECONDS = 1.0

# Requests without a token that stop somewhere.
STOPPED = {
    "nothing": b"",
    "head": b"GET /api/users/me HTTP/1.1\r\nHost: localhost\r\nX-Header: ",
    "body": b"POST /api/chat/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n{",
    "body of no route": b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n{",
}


@asynccontextmanager
async def connection(server: Server) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.port))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def read_to_end(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the connection is closed, one way or the other."""
    received = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        try:
            while part := await reader.read(65_536):
                received += part
        except ConnectionError:
            pass
    return received


async def check_health(server: Server) -> None:
    """Both checks are answered, soon, each on a connection of its own."""
    for path in ("/api/health/live", "/api/health/ready") * 3:
        started = time.monotonic()
        async with httpx.AsyncClient(base_url=server.url) as http:
            assert (await http.get(path)).status_code == 200
        assert time.monotonic() - started < HEALTH_SECONDS


@pytest.mark.parametrize("sent", STOPPED.values(), ids=STOPPED)
async def test_with_all_descriptors_asked_for_health_host_and_people_are_served(database_url: str, sent: bytes) -> None:
    async with start_server(database_url, DESCRIPTORS) as server, chat_on(server) as chat:
        ana, ben, room_id = await chat.pair()
        watcher, writer = await ben.connect(join=room_id), await ana.connect(join=room_id)
        await chat.hang_up()
        async with AsyncExitStack() as stack:
            for _ in range(HELD):
                _, held = await stack.enter_async_context(connection(server))
                held.write(sent)
            await check_health(server)
            message = await writer.send(room_id, "still here")
            assert (await watcher.wait_for("new_message"))["id"] == message["id"]
            assert (await chat.admin("GET", "/api/admin/rooms")).status == 200
            elsewhere = httpx.AsyncHTTPTransport(local_address=ADDRESS)
            headers = {"Authorization": f"Bearer {ana.token}"}
            async with httpx.AsyncClient(base_url=server.url, transport=elsewhere, headers=headers) as http:
                assert (await http.get("/api/users/me")).status_code == 200
        await check_served_again(server)
        assert not server.faults(), "\n".join(server.log)


async def check_served_again(server: Server) -> None:
    """Once the strangers have left, their places are free."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with httpx.AsyncClient(base_url=server.url) as http:
                if (await http.get(HANDSHAKE)).status_code == 200:
                    return


async def test_a_head_without_end_is_refused_long_before_it_costs_anything(chat: Chat) -> None:
    async with connection(chat.server) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Header: ")
        reading = asyncio.create_task(read_to_end(reader))
        sent = 0
        while not reading.done() and sent < HEAD_BYTES:
            writer.write(b"x" * 65_536)
            sent += 65_536
            try:
                await writer.drain()
            except ConnectionError:
                break
        await check_health(chat.server)
        answer = await reading
        assert sent < HEAD_BYTES / 2
        assert not answer or answer.startswith(b"HTTP/1.1 431 ")  # the answer may be lost when the connection is reset


async def test_a_client_that_leaves_in_the_middle_of_a_body_ends_its_session_and_is_no_fault(database_url: str) -> None:
    async with start_server(database_url) as server, httpx.AsyncClient(base_url=server.url) as http:
        sid = (await http.get(HANDSHAKE)).text.partition('"sid":"')[2].partition('"')[0]
        poll = asyncio.create_task(http.get(f"{HANDSHAKE}&sid={sid}"))
        async with connection(server) as (_, writer):
            writer.write(
                f"POST {HANDSHAKE}&sid={sid} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n4".encode()
            )
            await writer.drain()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await poll
        assert (await http.get(f"{HANDSHAKE}&sid={sid}")).status_code == 400
        assert not server.faults()


@pytest.mark.parametrize("body", [b"", b"4", b"40{"])
async def test_a_poll_s_body_that_does_not_come_ends_with_its_session(database_url: str, body: bytes) -> None:
    async with start_server(database_url, HYRED_CONNECT_TIMEOUT_SECONDS="0.5") as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            sid = (await http.get(HANDSHAKE)).text.partition('"sid":"')[2].partition('"')[0]
        async with connection(server) as (reader, writer):
            head = f"POST {HANDSHAKE}&sid={sid} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await read_to_end(reader)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"connection: close" in answer
        assert not server.faults()


@pytest.mark.parametrize("name", HTTP_FLOODS)
async def test_during_a_flood_of_strangers_people_talk_on(database_url: str, name: str) -> None:
    async with start_server(database_url) as server, chat_on(server) as chat:
        ana, ben, room_id = await chat.pair()
        watcher, writer = await ben.connect(join=room_id), await ana.connect(join=room_id)
        flood = Flood(name, int(server.port))
        flooding = asyncio.create_task(flood.run(FLOOD_SECONDS))
        waited = []
        for number in range(MESSAGES):
            started = time.monotonic()
            message = await writer.send(room_id, str(number))
            assert (await watcher.wait_for("new_message"))["id"] == message["id"]
            waited.append(time.monotonic() - started)
        await check_health(server)
        await flooding
        assert flood.opened.taken > 1
        assert sorted(waited)[MESSAGES * 9 // 10] < BEARABLE_SECONDS, waited
        assert not server.faults(), "\n".join(server.log)
