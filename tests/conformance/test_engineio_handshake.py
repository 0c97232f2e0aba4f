"""Engine.IO v4, section "Handshake" and the query parameters of section "Transports"."""

from typing import Any

import aiohttp
import pytest

from tests.conformance.endpoints import (
    MAX_PAYLOAD_BYTES,
    PATIENCE_SECONDS,
    PING_INTERVAL_SECONDS,
    PING_TIMEOUT_SECONDS,
    Endpoint,
)
from tests.conformance.polling import PollingSession, decode_open_packet, request
from tests.conformance.websocket import check_refused, open_websocket


def check_handshake(
    handshake: dict[str, Any], *, upgrades: list[str], ping_timeout_seconds: float = PATIENCE_SECONDS
) -> None:
    sid = handshake.pop("sid")
    assert isinstance(sid, str)
    assert sid
    pings = {"pingInterval": PING_INTERVAL_SECONDS * 1000, "pingTimeout": ping_timeout_seconds * 1000}
    assert handshake == {"upgrades": upgrades, "maxPayload": MAX_PAYLOAD_BYTES} | pings


async def test_a_polling_session_opens_and_offers_websocket(
    hasty_endpoint: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Handshake: the server responds with an open packet."""
    reply = await request(http, "GET", hasty_endpoint.polling())
    assert reply.status == 200
    assert reply.headers["Content-Type"].lower() == "text/plain; charset=utf-8"
    handshake = decode_open_packet(reply.text)
    check_handshake(handshake, upgrades=["websocket"], ping_timeout_seconds=PING_TIMEOUT_SECONDS)


async def test_a_websocket_session_opens_and_offers_no_upgrade(hasty_endpoint: Endpoint) -> None:
    """Handshake: WebSocket-only session."""
    async with open_websocket(hasty_endpoint.websocket()) as socket:
        handshake = decode_open_packet(await socket.receive_any())
        check_handshake(handshake, upgrades=[], ping_timeout_seconds=PING_TIMEOUT_SECONDS)


async def test_parameters_that_the_protocol_does_not_know_change_nothing(
    endpoint: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Sample session: the `t` parameter keeps browsers from caching."""
    reply = await request(http, "GET", endpoint.polling(t="N8hyd6w", token="a b&c"))
    assert reply.status == 200
    async with open_websocket(endpoint.websocket(t="N8hyd6w", token="a b&c")) as socket:
        check_handshake(decode_open_packet(await socket.receive_any()), upgrades=[])


async def test_no_two_sessions_have_the_same_sid(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Handshake: `sid` is the session ID."""
    sids = {(await PollingSession.open(http, endpoint)).sid for _ in range(20)}
    assert len(sids) == 20
    # It is all that a stranger would have to guess.
    assert min(len(sid) for sid in sids) >= 16


@pytest.mark.parametrize("version", [None, "", "abc", "3", "5", "44"])
async def test_polling_without_protocol_version_4_is_refused(
    endpoint: Endpoint, http: aiohttp.ClientSession, version: str | None
) -> None:
    """Query parameters: a mandatory one is missing, HTTP 400."""
    assert (await request(http, "GET", endpoint.polling(EIO=version))).status == 400


@pytest.mark.parametrize("transport", [None, "", "abc", "webtransport", "websocket"])
async def test_polling_without_the_name_of_its_transport_is_refused(
    endpoint: Endpoint, http: aiohttp.ClientSession, transport: str | None
) -> None:
    """Query parameters: `transport` is mandatory; a plain GET is no WebSocket either."""
    assert (await request(http, "GET", endpoint.polling(transport=transport))).status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_only_a_get_request_opens_a_session(endpoint: Endpoint, http: aiohttp.ClientSession, method: str) -> None:
    """Handshake: the client MUST send an HTTP GET request."""
    assert (await request(http, method, endpoint.polling())).status == 400


@pytest.mark.parametrize("version", [None, "abc", "3"])
async def test_a_websocket_without_protocol_version_4_is_closed(endpoint: Endpoint, version: str | None) -> None:
    """WebSocket: a mandatory query parameter is missing, the server MUST close."""
    await check_refused(endpoint.websocket(EIO=version))


@pytest.mark.parametrize("transport", [None, "abc", "polling"])
async def test_a_websocket_without_the_name_of_its_transport_is_closed(
    endpoint: Endpoint, transport: str | None
) -> None:
    """WebSocket: `transport` is mandatory."""
    await check_refused(endpoint.websocket(transport=transport))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_polling_request_of_an_unknown_session_is_refused(
    endpoint: Endpoint, http: aiohttp.ClientSession, method: str
) -> None:
    """Sending data, Receiving data: the session ID is not known, HTTP 400."""
    assert (await request(http, method, endpoint.polling(sid="nobody"))).status == 400


async def test_a_websocket_of_an_unknown_session_is_closed(endpoint: Endpoint) -> None:
    """WebSocket: `sid` names the session to upgrade."""
    await check_refused(endpoint.websocket(sid="nobody"))


async def test_a_second_websocket_of_a_websocket_session_is_closed_and_the_first_lives(endpoint: Endpoint) -> None:
    """WebSocket: not more than one WebSocket connection per session."""
    async with open_websocket(endpoint.websocket()) as socket:
        sid = decode_open_packet(await socket.receive_any())["sid"]
        await check_refused(endpoint.websocket(sid=sid))
        assert await socket.receive_any() == "2"


async def test_polling_cannot_read_a_websocket_session(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Transports: a session is on one transport at a time."""
    async with open_websocket(endpoint.websocket()) as socket:
        sid = decode_open_packet(await socket.receive_any())["sid"]
        assert (await request(http, "GET", endpoint.polling(sid=sid))).status == 400
        assert await socket.receive_any() == "2"


async def test_other_paths_are_not_the_servers(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Request path."""
    elsewhere = Endpoint(endpoint.port, "/elsewhere/")
    assert (await request(http, "GET", elsewhere.polling())).status == 404
    assert await check_refused(elsewhere.websocket()) == 404


async def test_compression_that_a_websocket_offers_is_left(endpoint: Endpoint) -> None:
    """RFC 6455, section 9: an offered extension is taken or left, never an error."""
    async with open_websocket(endpoint.websocket(), compression="deflate") as socket:
        assert socket.connection.protocol.extensions == []
        check_handshake(decode_open_packet(await socket.receive_any()), upgrades=[])
