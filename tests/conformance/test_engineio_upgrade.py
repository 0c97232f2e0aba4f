"""Engine.IO v4, section "Upgrade": from long-polling to WebSocket, nothing lost, nothing twice, in order."""

from collections.abc import Callable

import aiohttp
import pytest

from tests.conformance.echo_app import Server, engine_server, socket_server
from tests.conformance.endpoints import LATE_SECONDS, PATIENCE_SECONDS, Endpoint
from tests.conformance.polling import SEPARATOR, PollingSession
from tests.conformance.servers import new_server, serving
from tests.conformance.websocket import EngineSocket, Packet, check_refused, open_websocket


async def probe(socket: EngineSocket) -> None:
    await socket.send("2probe")
    assert await socket.receive_any() == "3probe"


async def test_a_session_moves_to_websocket(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Upgrade: probe, noop, upgrade."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await probe(socket)
        assert (await session.poll()).text == "6"
        await socket.send("5", "4hello")
        assert await socket.receive() == "4hello"


async def test_a_pending_poll_is_ended_by_a_noop(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Upgrade: the server MUST send a noop packet to any pending GET request."""
    session = await PollingSession.open(http, endpoint)
    pending = await session.start_poll()
    async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
        await probe(socket)
        reply = await pending
        assert (reply.status, reply.text) == (200, "6")
        await socket.send("5")
        assert await socket.receive_any() == "2"


async def test_messages_buffered_before_the_upgrade_follow_on_the_websocket(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Upgrade: polling is paused to ensure that no packet gets lost."""
    session = await PollingSession.open(http, engine_echo)
    packets = [f"4{index}" for index in range(10)]
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await session.send(*packets[:3])
        await probe(socket)
        await session.send("bAQIDBA==", *packets[3:7])
        await socket.send("5", *packets[7:])
        assert await socket.receive_many(11) == [*packets[:3], b"\x01\x02\x03\x04", *packets[3:]]


async def test_messages_polled_during_the_probe_do_not_come_again(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Upgrade: until the upgrade packet, polling is the transport."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await session.send("4a", "4b")
        await probe(socket)
        assert (await session.poll()).text == "4a\x1e4b"
        await session.send("4c")
        assert (await session.poll()).text == "4c"
        await session.send("4d")
        await socket.send("5", "4e")
        assert await socket.receive_many(2) == ["4d", "4e"]


async def test_what_the_server_sends_at_any_step_arrives_once_and_in_order(http: aiohttp.ClientSession) -> None:
    """Upgrade: whichever transport carries them, the server's own messages are one sequence."""
    server = new_server()
    sent: list[str] = []
    received: list[Packet] = []

    def emit() -> None:
        for _ in range(3):
            server.namespace().emit("n", len(sent))
            sent.append(f'42["n",{len(sent)}]')

    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        (connected,) = await session.receive()
        assert connected.startswith("40{")
        pending = await session.start_poll()
        emit()
        received += (await pending).text.split(SEPARATOR)
        emit()
        async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
            emit()
            await probe(socket)
            emit()
            received += await session.receive()
            emit()
            await socket.send("5")
            emit()
            received += await socket.receive_many(len(sent) - len(received))
            emit()
            received += await socket.receive_many(3)
    assert received == sent


async def test_polling_goes_on_when_the_probe_is_abandoned(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Upgrade: it is complete with the upgrade packet and not before."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await probe(socket)
        await session.send("4a")
    await session.send("4b")
    assert await session.receive_many(2) == ["4a", "4b"]


async def test_polls_wait_again_when_the_probe_is_abandoned(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Upgrade: noop packets are for clients that are about to leave polling."""
    session = await PollingSession.open(http, endpoint)
    async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
        await probe(socket)
        assert (await session.poll()).text == "6"
    reply = await session.poll()
    if reply.text == "6":  # it was on its way before the probe was abandoned
        reply = await session.poll()
    assert reply.text == "2"


async def test_an_abandoned_probe_does_not_stand_in_the_way_of_the_next(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Upgrade: a client whose WebSocket broke may try again."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await probe(socket)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await probe(socket)
        await socket.send("5", "4hello")
        assert await socket.receive() == "4hello"


@pytest.mark.parametrize("packet", ["4hello", "abc", "2", "3probe", b"\x01"])
async def test_a_websocket_that_does_not_probe_is_closed_and_polling_goes_on(
    engine_echo: Endpoint, http: aiohttp.ClientSession, packet: str | bytes
) -> None:
    """Upgrade: the client MUST send a ping packet with the string `probe`."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await socket.send(packet)
        assert await socket.wait_closed() == []
    await session.send("4polling")
    assert await session.receive() == ["4polling"]


async def test_an_upgrade_that_takes_too_long_is_ended_and_polling_goes_on(http: aiohttp.ClientSession) -> None:
    """Upgrade: nobody holds a session between two transports."""
    async with serving(new_server(upgrade_timeout_seconds=0.1)) as endpoint:
        session = await PollingSession.open(http, endpoint)
        async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
            assert await socket.wait_closed() == []
        async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
            await probe(socket)
            assert await socket.wait_closed() == []
        await session.send("40")
        (connected,) = await session.receive()
        assert connected.startswith("40{")


async def test_a_second_websocket_during_the_probe_is_closed(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """WebSocket: not more than one WebSocket connection per session."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await probe(socket)
        await check_refused(engine_echo.websocket(sid=session.sid))
        await socket.send("5", "4hello")
        assert await socket.receive() == "4hello"


async def test_after_the_upgrade_polling_is_refused_and_the_websocket_lives(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Upgrade: the session has left long-polling for good."""
    session = await PollingSession.open(http, engine_echo)
    async with open_websocket(engine_echo.websocket(sid=session.sid)) as socket:
        await probe(socket)
        await socket.send("5", "4first")
        assert await socket.receive() == "4first"
        assert (await session.poll()).status == 400
        assert (await session.post("4no")).status == 400
        await check_refused(engine_echo.websocket(sid=session.sid))
        await socket.send("4hello")
        assert await socket.receive() == "4hello"


@pytest.mark.parametrize("new", [engine_server, socket_server])
async def test_heartbeats_move_to_the_websocket(new: Callable[..., Server], http: aiohttp.ClientSession) -> None:
    """Heartbeat: one for the session, whatever its transport."""
    # The first ping comes when a busy machine has had the time to upgrade, too.
    server = new(ping_interval_seconds=LATE_SECONDS, connect_timeout_seconds=PATIENCE_SECONDS)
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
            await probe(socket)
            await socket.send("5")
            assert await socket.wait_closed() == ["2"]
        assert (await session.poll()).status == 400


async def test_a_close_packet_during_the_probe_closes_both_transports(
    endpoint: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Protocol: `close` ends the session, the WebSocket that is being tried included."""
    session = await PollingSession.open(http, endpoint)
    async with open_websocket(endpoint.websocket(sid=session.sid)) as socket:
        await probe(socket)
        await session.send("1")
        assert await socket.wait_closed() == []
    assert (await session.poll()).status == 400
