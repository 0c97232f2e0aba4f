"""Engine.IO v4: the `close` packet, and what is left of a session that has ended."""

import aiohttp

from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import PollingSession, decode_open_packet, request
from tests.conformance.websocket import check_refused, open_session, open_websocket


async def test_a_close_packet_ends_a_websocket(endpoint: Endpoint) -> None:
    """Protocol: `close` indicates that a transport can be closed."""
    async with open_session(endpoint) as socket:
        await socket.send("1")
        assert await socket.wait_closed() == []


async def test_a_close_packet_ends_a_polling_session_and_frees_its_poll(
    endpoint: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Protocol: a pending GET is answered with a noop, so that the client is not left waiting."""
    session = await PollingSession.open(http, endpoint)
    # The poll that is answered first shows that the server has this connection.
    assert (await session.poll()).text == "2"
    await session.send("3")
    pending = await session.start_poll()
    await session.send("1")
    reply = await pending
    assert (reply.status, reply.text) == (200, "6")
    assert (await session.poll()).status == 400
    assert (await session.post("4hello")).status == 400


async def test_nothing_after_a_close_packet_is_taken(engine_echo: Endpoint) -> None:
    """Protocol: the session has ended with the packet."""
    async with open_session(engine_echo) as socket:
        await socket.send("1", "4after")
        assert await socket.wait_closed() == []


async def test_a_session_ends_with_its_websocket(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """WebSocket: there is nothing to come back to once the connection is closed."""
    async with open_websocket(endpoint.websocket()) as socket:
        sid = decode_open_packet(await socket.receive_any())["sid"]
    assert (await request(http, "GET", endpoint.polling(sid=sid))).status == 400
    await check_refused(endpoint.websocket(sid=sid))
