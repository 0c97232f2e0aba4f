"""Which origins may speak to a server, and how browsers are told (the Fetch standard's CORS protocol)."""

import aiohttp
import pytest

from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import PollingSession, Reply, request
from tests.conformance.servers import new_server, serving
from tests.conformance.websocket import check_refused, open_websocket

GOOD = "https://app.example"
BAD = "https://evil.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


def allows_anyone(reply: Reply, origin: str) -> bool:
    allowed = reply.headers.get("Access-Control-Allow-Origin")
    # With credentials a browser takes the very origin only.
    if reply.headers.get("Access-Control-Allow-Credentials") == "true":
        return allowed == origin
    return allowed in {"*", origin}


async def test_any_origin_may_poll_when_none_is_named(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """CORS protocol: Access-Control-Allow-Origin on every answer, refusals included."""
    session = await PollingSession.open(http, endpoint)
    origin = {"Origin": BAD}
    assert allows_anyone(await request(http, "GET", endpoint.polling(), headers=origin), BAD)
    assert allows_anyone(await request(http, "POST", session.address, body="3", headers=origin), BAD)
    assert allows_anyone(await request(http, "GET", endpoint.polling(sid="nobody"), headers=origin), BAD)
    async with open_websocket(endpoint.websocket(), origin=BAD) as socket:
        assert str(await socket.receive_any()).startswith("0{")


async def test_a_preflight_of_any_origin_is_answered(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """CORS-preflight request: method and headers are allowed."""
    reply = await request(http, "OPTIONS", endpoint.polling(), headers={"Origin": BAD, **PREFLIGHT})
    assert reply.status in {200, 204}
    assert allows_anyone(reply, BAD)
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]


async def test_a_named_origin_is_answered_with_credentials(http: aiohttp.ClientSession) -> None:
    """CORS protocol and credentials: the origin itself, and never `*`."""
    async with serving(new_server(allowed_origins=frozenset({GOOD}))) as endpoint:
        reply = await request(http, "GET", endpoint.polling(), headers={"Origin": GOOD})
        assert reply.status == 200
        assert reply.headers["Access-Control-Allow-Origin"] == GOOD
        assert reply.headers["Access-Control-Allow-Credentials"] == "true"
        # Caches must not give one origin's answer to another.
        assert "origin" in reply.headers["Vary"].lower()
        async with open_websocket(endpoint.websocket(), origin=GOOD) as socket:
            assert str(await socket.receive_any()).startswith("0{")


async def test_a_preflight_of_a_named_origin_allows_what_it_asks_for(http: aiohttp.ClientSession) -> None:
    """CORS-preflight request, with credentials: wildcards do not count."""
    async with serving(new_server(allowed_origins=frozenset({GOOD}))) as endpoint:
        reply = await request(http, "OPTIONS", endpoint.polling(), headers={"Origin": GOOD, **PREFLIGHT})
        assert reply.status in {200, 204}
        assert reply.headers["Access-Control-Allow-Origin"] == GOOD
        assert reply.headers["Access-Control-Allow-Credentials"] == "true"
        assert {"GET", "POST"} <= set(reply.headers["Access-Control-Allow-Methods"].replace(" ", "").split(","))
        assert "content-type" in reply.headers["Access-Control-Allow-Headers"].lower()


@pytest.mark.parametrize("origin", [BAD, "null", f"{GOOD}.evil.example", f"{GOOD}:8443", "http://app.example"])
async def test_another_origin_is_refused_at_the_handshake(http: aiohttp.ClientSession, origin: str) -> None:
    """CORS protocol; RFC 6455, section 10.2: a server should refuse origins that it does not expect."""
    server = new_server(allowed_origins=frozenset({GOOD}))
    async with serving(server) as endpoint:
        reply = await request(http, "GET", endpoint.polling(), headers={"Origin": origin})
        assert reply.status in {400, 403}
        assert "Access-Control-Allow-Origin" not in reply.headers
        assert await check_refused(endpoint.websocket(), origin=origin) in {400, 403}
        preflight = await request(http, "OPTIONS", endpoint.polling(), headers={"Origin": origin, **PREFLIGHT})
        assert "Access-Control-Allow-Origin" not in preflight.headers
        assert server.session_count == 0


async def test_an_allowed_page_can_read_that_its_address_has_too_many_connections(http: aiohttp.ClientSession) -> None:
    """CORS protocol: without the header the page's script sees a failure of the network, and not what is wrong."""
    async with serving(new_server(allowed_origins=frozenset({GOOD}), max_sessions_per_address=1)) as endpoint:
        await PollingSession.open(http, endpoint)
        reply = await request(http, "GET", endpoint.polling(), headers={"Origin": GOOD})
        assert reply.status == 403
        assert "Too many connections" in reply.text
        assert allows_anyone(reply, GOOD)


async def test_another_origin_cannot_take_over_a_session(http: aiohttp.ClientSession) -> None:
    """RFC 6455, section 10.2: the check holds for an upgrade too."""
    async with serving(new_server(allowed_origins=frozenset({GOOD}))) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await check_refused(endpoint.websocket(sid=session.sid), origin=BAD)
        await session.send("40")
        (connected,) = await session.receive()
        assert connected.startswith("40{")


async def test_a_client_without_an_origin_is_no_browser_and_is_let_in(http: aiohttp.ClientSession) -> None:
    """RFC 6455, section 10.2: the Origin header protects browsers; others do not send it."""
    async with serving(new_server(allowed_origins=frozenset({GOOD}))) as endpoint:
        await PollingSession.open(http, endpoint)
        async with open_websocket(endpoint.websocket()) as socket:
            assert str(await socket.receive_any()).startswith("0{")
