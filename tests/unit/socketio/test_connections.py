"""Real connections through uvicorn and picows: what they hold, what they leave behind, how they end."""

import asyncio
import gc
import struct
from collections import Counter

import pytest
from picows import WSTransport
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # compiled, and not in picows's stubs

from hyred_chat.socketio import Event, Handshake, ServerSettings, Session, Socket, SocketServer, reasons
from hyred_chat.socketio.clients import Client
from hyred_chat.socketio.inboxes import Inbox
from hyred_chat.socketio.websocket import WebSocket
from tests.unit.socketio.connection import KEY, PATIENCE_SECONDS, Connection, Listening, listening

FLOOD = 20_000
OURS = (Session, Client, Socket, WebSocket, WSProtocol, WSTransport, Inbox, Event)


class Departures(asyncio.Queue[tuple[Socket, str]]):
    """Tells which sockets left a server, and why."""

    def __init__(self, server: SocketServer) -> None:
        super().__init__()
        server.namespace().on_disconnect(lambda socket, reason: self.put_nowait((socket, reason)))

    async def reason(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await self.get())[1]


def count_ours() -> Counter[str]:
    return Counter(type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, OURS))


async def use_once(served: Listening) -> None:
    """Connects, joins, has an event handled by a coroutine and acknowledged, and leaves."""
    async with served.connected() as connection:
        connection.write(b'421["work"]')
        assert await connection.read() == (1, b"431[]")


async def test_a_closed_connection_leaves_no_reference_even_without_garbage_collection() -> None:
    server = SocketServer(ServerSettings())
    departures = Departures(server)

    @server.namespace().on_connect
    async def connect(socket: Socket, _: Handshake) -> None:
        socket.join("room")

    @server.namespace().on("work")
    async def work(event: Event) -> None:
        event.acknowledge()

    async with listening(server) as served:
        gc.collect()
        before = count_ours()
        gc.disable()
        try:
            for _ in range(3):
                await use_once(served)
                assert await departures.reason() == reasons.TRANSPORT_CLOSE
            async with asyncio.timeout(PATIENCE_SECONDS):
                while served.http.server_state.connections:  # noqa: ASYNC110 (uvicorn tells nobody)
                    await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert count_ours() == before
        finally:
            gc.enable()
        assert server.session_count == 0
        assert not server.namespace()._rooms


async def test_an_idle_connection_has_no_task() -> None:
    server = SocketServer(ServerSettings())
    async with listening(server) as served, served.connected():
        await asyncio.sleep(0)
        before = asyncio.all_tasks()
        async with served.connected(), served.connected():
            assert server.session_count == 3
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == before


async def test_shutting_uvicorn_down_closes_connections_and_does_not_wait_for_clients() -> None:
    server = SocketServer(ServerSettings())
    departures = Departures(server)
    async with listening(server) as served, served.connected() as connection:
        served.http.should_exit = True
        await asyncio.wait_for(served.http.shutdown(), PATIENCE_SECONDS)
        assert await connection.read() == (8, struct.pack(">H", 1012))
        assert await departures.reason() == reasons.SERVER_SHUTTING_DOWN
        assert not served.http.server_state.connections


async def test_a_client_that_floods_with_pings_and_never_reads_is_closed() -> None:
    server = SocketServer(ServerSettings(max_buffered_bytes=100_000))
    departures = Departures(server)
    async with listening(server) as served, served.connected() as connection:
        connection.reader._transport.pause_reading()  # type: ignore[attr-defined]
        left = asyncio.ensure_future(departures.reason())
        while not left.done():
            if connection.writer.transport.get_write_buffer_size() < 65_536:  # the rest would pile up on our side
                for _ in range(1000):
                    connection.write(b"x" * 125, opcode=9)
            await asyncio.sleep(0)
        assert left.result() == reasons.SLOW_CLIENT
        assert server.session_count == 0


async def test_a_ping_is_answered_with_what_it_said() -> None:
    server = SocketServer(ServerSettings())
    async with listening(server) as served, served.connected() as connection:
        connection.write(b"are you there", opcode=9)
        assert await connection.read() == (10, b"are you there")


@pytest.mark.parametrize(
    "headers",
    ["", "Sec-WebSocket-Key: short\r\n", "Sec-WebSocket-Key: " + "k" * 3000 + "\r\n", KEY.replace("=", "é")],
    ids=["no key", "short key", "endless key", "key that is not ASCII"],
)
async def test_a_handshake_that_breaks_the_websocket_rules_is_refused_and_opens_nothing(headers: str) -> None:
    server = SocketServer(ServerSettings())
    async with listening(server) as served, served.upgraded(headers) as (head, connection):
        assert head.startswith("HTTP/1.1 400 ")
        await connection.read_to_end()
        assert server.session_count == 0


async def test_a_head_that_is_too_long_to_keep_is_refused() -> None:
    server = SocketServer(ServerSettings())
    async with listening(server) as served:
        async with served.upgraded(KEY + "Cookie: " + "c" * 17_000 + "\r\n") as (head, _):
            assert head.startswith("HTTP/1.1 431 ")
        async with served.connected(KEY + "Cookie: " + "c" * 15_000 + "\r\n"):
            assert server.session_count == 1


async def test_one_address_has_a_limited_number_of_sessions_and_gets_them_back() -> None:
    server = SocketServer(ServerSettings(max_sessions_per_address=2))
    departures = Departures(server)
    async with listening(server) as served:
        async with served.connected(), served.connected(), served.upgraded() as (head, _):
            assert head.startswith("HTTP/1.1 403 ")
        await departures.reason()
        await departures.reason()
        async with served.connected():
            assert server.session_count == 1
        await departures.reason()
        assert not server.engine._session_counts


async def test_attachments_that_never_come_cost_the_session() -> None:
    server = SocketServer(ServerSettings(ping_timeout_seconds=0.05))
    departures = Departures(server)
    async with listening(server) as served, served.connected() as connection:
        connection.write(b'451-["file",{"_placeholder":true,"num":0}]')
        assert await departures.reason() == reasons.PARSE_ERROR
        await connection.read_to_end()


async def test_closing_the_server_cancels_handlers_that_do_not_end() -> None:
    server = SocketServer(ServerSettings())
    started = asyncio.Event()
    cancelled = asyncio.Event()

    @server.namespace().on("stuck")
    async def stuck(_: Event) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with listening(server) as served, served.connected() as connection:
        connection.write(b'42["stuck"]')
        await asyncio.wait_for(started.wait(), PATIENCE_SECONDS)
        await asyncio.wait_for(server.close(timeout_seconds=0.05), PATIENCE_SECONDS)
        assert cancelled.is_set()
        async with served.upgraded() as (head, _):
            assert head.startswith("HTTP/1.1 503 ")


async def test_what_a_flood_has_waiting_is_no_more_than_is_read_at_once() -> None:
    """The kernel has megabytes by then: they stay there, and their sender waits."""
    server = SocketServer(ServerSettings())
    waiting: list[int] = []
    done = asyncio.Event()

    @server.namespace().on("x")
    def take(event: Event) -> None:
        websocket = event.socket._session.transport
        assert isinstance(websocket, WebSocket)
        waiting.append(len(websocket._waiting or ()))
        if len(waiting) == FLOOD:
            done.set()

    async with listening(server) as served, served.connected() as connection:
        for _ in range(FLOOD):
            connection.write(b'42["x"]')
        async with asyncio.timeout(PATIENCE_SECONDS):
            await done.wait()
    assert 0 < max(waiting) < 500


@pytest.mark.parametrize("seconds", [0.2, 0.4])
async def test_who_says_nothing_is_closed_in_time_while_others_flood(seconds: float) -> None:
    server = SocketServer(ServerSettings(connect_timeout_seconds=seconds))
    server.namespace().on_any(lambda _: None)

    async with listening(server) as served, served.connected() as flooding, served.upgraded() as (_, silent):
        flooded = asyncio.create_task(pour(flooding))
        started_at = asyncio.get_running_loop().time()
        await silent.read_to_end()
        assert seconds * 0.9 < asyncio.get_running_loop().time() - started_at < seconds + 1
        flooded.cancel()


async def pour(connection: Connection) -> None:
    while True:
        for _ in range(1000):
            connection.write(b'42["x"]')
        await connection.writer.drain()
        await asyncio.sleep(0)
