"""Engine.IO v4, section "Heartbeat": the server pings, the client answers, and silence ends the session."""

import asyncio
import time

import aiohttp

from tests.conformance.endpoints import PATIENCE_SECONDS, PING_INTERVAL_SECONDS, PING_TIMEOUT_SECONDS, Endpoint
from tests.conformance.polling import PollingSession
from tests.conformance.websocket import open_session

# Timers may be early by their resolution, and late by what else the machine does.
EARLY_SECONDS = 0.02
LATE_SECONDS = 0.5


def check_elapsed(started_at: float, expected_seconds: float) -> None:
    elapsed = time.monotonic() - started_at
    assert expected_seconds - EARLY_SECONDS <= elapsed <= expected_seconds + LATE_SECONDS


async def test_a_websocket_is_pinged_at_every_interval(endpoint: Endpoint) -> None:
    """Heartbeat: at a given interval the server sends a ping packet."""
    async with open_session(endpoint) as socket:
        for _ in range(3):
            started_at = time.monotonic()
            assert await socket.receive_any() == "2"
            check_elapsed(started_at, PING_INTERVAL_SECONDS)
            await socket.send("3")


async def test_a_polling_session_is_pinged_at_every_interval(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Heartbeat: at a given interval the server sends a ping packet."""
    session = await PollingSession.open(http, endpoint)
    for _ in range(3):
        started_at = time.monotonic()
        reply = await session.poll()
        assert (reply.status, reply.text) == (200, "2")
        check_elapsed(started_at, PING_INTERVAL_SECONDS)
        await session.send("3")


async def test_a_websocket_that_does_not_answer_is_closed(endpoint: Endpoint) -> None:
    """Heartbeat: no pong packet within the timeout, the connection is considered closed."""
    async with open_session(endpoint) as socket:
        started_at = time.monotonic()
        assert await socket.wait_closed() == ["2"]
        check_elapsed(started_at, PING_INTERVAL_SECONDS + PING_TIMEOUT_SECONDS)


async def test_a_polling_session_that_does_not_answer_is_closed(
    endpoint: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Heartbeat: no pong packet within the timeout, the connection is considered closed."""
    session = await PollingSession.open(http, endpoint)
    started_at = time.monotonic()
    assert (await session.poll()).text == "2"
    reply = await session.poll()
    check_elapsed(started_at, PING_INTERVAL_SECONDS + PING_TIMEOUT_SECONDS)
    assert (reply.status, reply.text) in {(200, "1"), (200, "6")} or reply.status == 400
    assert (await session.poll()).status == 400


async def test_messages_do_not_stand_in_for_pongs(engine_echo: Endpoint) -> None:
    """Heartbeat: it is a pong packet that the server waits for."""
    async with open_session(engine_echo) as socket:
        started_at = time.monotonic()
        closed = asyncio.create_task(socket.wait_closed())
        await socket.send("4hello")
        assert await closed == ["4hello", "2"]
        check_elapsed(started_at, PING_INTERVAL_SECONDS + PING_TIMEOUT_SECONDS)


async def test_a_pong_in_time_counts_although_it_is_late(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Heartbeat: the client has `pingTimeout` to answer; the next ping comes after that."""
    session = await PollingSession.open(http, endpoint)
    assert (await session.poll()).text == "2"
    pending = await session.start_poll()
    async with asyncio.timeout(PATIENCE_SECONDS):
        # Half of the time that there is; the poll must stay open meanwhile.
        assert not (await asyncio.wait([pending], timeout=PING_TIMEOUT_SECONDS / 2))[0]
    await session.send("3")
    assert (await pending).text == "2"


async def test_a_session_stays_open_for_as_long_as_it_answers(endpoint: Endpoint) -> None:
    """Heartbeat: only silence ends a session; the Socket.IO app waits for a CONNECT as well."""
    async with open_session(endpoint) as socket:
        if endpoint.path == "/socket.io/":
            await socket.send("40")
        pings = 0
        while pings < 5:
            if await socket.receive_any() == "2":
                pings += 1
                await socket.send("3")
