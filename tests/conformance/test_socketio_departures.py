"""Why a socket left: each ends once, with the reason that the server's application is told.

The protocol does not name reasons: they are the strings of the reference implementation's `disconnect` event.
"""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import PollingSession
from tests.conformance.recorder import Recorder
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import connect_namespace
from tests.conformance.websocket import EngineSocket, open_session

Leave = Callable[[EngineSocket], Awaitable[object]]


async def drop(client: EngineSocket) -> None:
    client.connection.transport.abort()


@pytest.mark.parametrize(
    ("leave", "reasons"),
    [
        pytest.param(lambda client: client.send("41"), {"client namespace disconnect"}, id="DISCONNECT packet"),
        pytest.param(lambda client: client.send("1"), {"transport close"}, id="close packet"),
        pytest.param(lambda client: client.connection.close(), {"transport close"}, id="WebSocket closed"),
        pytest.param(drop, {"transport close", "transport error"}, id="TCP connection reset"),
        pytest.param(lambda client: client.send("abc"), {"parse error"}, id="malformed Engine.IO packet"),
        pytest.param(lambda client: client.send("42{}"), {"parse error", "forced close"}, id="malformed packet"),
        pytest.param(
            lambda client: client.send("4" + "x" * 1_000_000), {"transport error", "transport close"}, id="too large"
        ),
    ],
)
async def test_the_server_knows_why_a_client_left(leave: Leave, reasons: set[str]) -> None:
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint, open_session(endpoint) as client:
        sid = await connect_namespace(client)
        await leave(client)
        departed, reason = await recorder.get_departure()
        assert departed == sid
        assert reason in reasons
        assert not (await recorder.get_connection()).connected
        assert not server.namespace().sockets
    assert recorder.departures.empty()


async def test_every_namespace_hears_of_a_closed_connection() -> None:
    server = new_server()
    recorders = [Recorder(server.namespace(name)) for name in ("/", "/a")]
    async with serving(server) as endpoint:
        async with open_session(endpoint) as client:
            sids = [await connect_namespace(client), await connect_namespace(client, "40/a,")]
        departures = [await recorder.get_departure() for recorder in recorders]
        assert departures == [(sid, "transport close") for sid in sids]
        assert server.session_count == 0


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_silent_client_leaves_by_ping_timeout(http: aiohttp.ClientSession, transport: str) -> None:
    server = new_server(ping_interval_seconds=0.1, ping_timeout_seconds=0.1)
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        if transport == "polling":
            session = await PollingSession.open(http, endpoint)
            await session.send("40")
            assert (await recorder.get_departure())[1] == "ping timeout"
            assert (await session.poll()).status == 400
        else:
            async with open_session(endpoint) as client:
                await connect_namespace(client)
                assert (await recorder.get_departure())[1] == "ping timeout"
        assert server.session_count == 0


async def test_a_cancelled_poll_ends_the_session(http: aiohttp.ClientSession) -> None:
    """Engine.IO v4, Receiving data: the packets of that poll may be lost, so nothing may follow them."""
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        await session.receive()
        pending = await session.start_poll()
        pending.cancel()
        assert (await recorder.get_departure())[1] in {"transport error", "transport close"}
        assert (await session.poll()).status == 400
        assert server.session_count == 0


async def test_a_client_that_does_not_connect_in_time_leaves_nothing_behind(http: aiohttp.ClientSession) -> None:
    """Connection to a namespace: no socket, so no departure; but the session ends on both transports."""
    server = new_server(connect_timeout_seconds=0.2)
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        async with open_session(endpoint) as client:
            assert await client.wait_closed() == []
        reply = await session.poll()
        assert reply.status == 400 or reply.text == "1"
        assert (await session.poll()).status == 400
        assert server.session_count == 0
        assert recorder.departures.empty()


async def test_sessions_that_come_and_go_leave_nothing_behind() -> None:
    server = new_server()
    recorder = Recorder(server.namespace())

    async def visit(endpoint: Endpoint, number: int) -> None:
        async with open_session(endpoint) as client:
            await connect_namespace(client)
            (await recorder.get_connection()).join(f"room {number}")

    async with serving(server) as endpoint:
        async with asyncio.TaskGroup() as visitors:
            for number in range(50):
                visitors.create_task(visit(endpoint, number))
        for _ in range(50):
            await recorder.get_departure()
        assert server.session_count == 0
        assert not server.namespace().sockets
        assert not any(server.namespace().sockets_in(f"room {number}") for number in range(50))
