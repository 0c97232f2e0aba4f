"""Engine.IO v4, section "Heartbeat": the server pings, the client answers, and silence ends the session."""

import asyncio
import time

import aiohttp

from tests.conformance.echo_app import engine_server
from tests.conformance.endpoints import (
    LATE_SECONDS,
    PATIENCE_SECONDS,
    PING_INTERVAL_SECONDS,
    PING_TIMEOUT_SECONDS,
    Endpoint,
)
from tests.conformance.polling import PollingSession
from tests.conformance.servers import new_server, serving
from tests.conformance.websocket import open_session

# The server may be a little early: it lets deadlines share a timer. The clock is started before whatever starts the
# server's, so that a slow client cannot make the server look early.
EARLY_RATIO = 0.03


def check_elapsed(started_at: float, expected_seconds: float) -> None:
    elapsed = time.monotonic() - started_at
    assert expected_seconds * (1 - EARLY_RATIO) <= elapsed <= expected_seconds + LATE_SECONDS


async def test_a_websocket_is_pinged_at_every_interval(endpoint: Endpoint) -> None:
    """Heartbeat: at a given interval the server sends a ping packet."""
    started_at = time.monotonic()
    async with open_session(endpoint) as socket:
        for _ in range(3):
            assert await socket.receive_any() == "2"
            check_elapsed(started_at, PING_INTERVAL_SECONDS)
            started_at = time.monotonic()
            await socket.send("3")


async def test_a_polling_session_is_pinged_at_every_interval(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Heartbeat: at a given interval the server sends a ping packet."""
    started_at = time.monotonic()
    session = await PollingSession.open(http, endpoint)
    for _ in range(3):
        reply = await session.poll()
        assert (reply.status, reply.text) == (200, "2")
        check_elapsed(started_at, PING_INTERVAL_SECONDS)
        started_at = time.monotonic()
        await session.send("3")


async def test_a_websocket_that_does_not_answer_is_closed(hasty_endpoint: Endpoint) -> None:
    """Heartbeat: no pong packet within the timeout, the connection is considered closed."""
    started_at = time.monotonic()
    async with open_session(hasty_endpoint) as socket:
        assert await socket.wait_closed() == ["2"]
        check_elapsed(started_at, PING_INTERVAL_SECONDS + PING_TIMEOUT_SECONDS)


async def test_a_polling_session_that_does_not_answer_is_closed(
    hasty_endpoint: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Heartbeat: no pong packet within the timeout, the connection is considered closed."""
    started_at = time.monotonic()
    session = await PollingSession.open(http, hasty_endpoint)
    assert (await session.poll()).text == "2"
    reply = await session.poll()
    check_elapsed(started_at, PING_INTERVAL_SECONDS + PING_TIMEOUT_SECONDS)
    assert reply.status == 400 or reply.text in {"1", "6"}
    assert (await session.poll()).status == 400


async def test_messages_do_not_stand_in_for_pongs() -> None:
    """Heartbeat: it is a pong packet that the server waits for."""
    async with serving(engine_server(ping_timeout_seconds=LATE_SECONDS)) as endpoint:
        started_at = time.monotonic()
        async with open_session(endpoint) as socket:
            assert await socket.receive_any() == "2"
            await socket.send("4hello")
            assert await socket.wait_closed() == ["4hello"]
            check_elapsed(started_at, PING_INTERVAL_SECONDS + LATE_SECONDS)


async def test_a_pong_in_time_counts_although_it_is_late(http: aiohttp.ClientSession) -> None:
    """Heartbeat: the client has `pingTimeout` to answer; the next ping comes after that."""
    async with serving(new_server(ping_interval_seconds=0.1, ping_timeout_seconds=PATIENCE_SECONDS)) as endpoint:
        session = await PollingSession.open(http, endpoint)
        assert (await session.poll()).text == "2"
        pending = await session.start_poll()
        # No second ping comes before the first is answered.
        assert not (await asyncio.wait([pending], timeout=0.3))[0]
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
