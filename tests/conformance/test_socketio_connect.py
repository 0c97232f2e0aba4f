"""Socket.IO v5, section "Connection to a namespace", against the echo app and small servers of our own."""

import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from hyred_chat.socketio import ConnectionRefused, Handshake, Socket
from tests.conformance.echo_app import socket_server
from tests.conformance.endpoints import CONNECT_TIMEOUT_SECONDS, LATE_SECONDS, PATIENCE_SECONDS, Endpoint
from tests.conformance.polling import PollingSession, decode_open_packet
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import connect_namespace, decode_packet, open_client, open_connected
from tests.conformance.websocket import open_session, open_websocket


@pytest.mark.parametrize(
    ("packet", "connected", "event"),
    [
        pytest.param("40", "40", '42["auth",{}]', id="main"),
        pytest.param("40/,", "40", '42["auth",{}]', id="main by name"),
        pytest.param('40{"token":"123"}', "40", '42["auth",{"token":"123"}]', id="main with a payload"),
        pytest.param("40/custom", "40/custom,", '42/custom,["auth",{}]', id="custom"),
        pytest.param("40/custom,", "40/custom,", '42/custom,["auth",{}]', id="custom with a comma"),
        pytest.param(
            '40/custom,{"token":"a,b/c"}',
            "40/custom,",
            '42/custom,["auth",{"token":"a,b/c"}]',
            id="custom with a payload",
        ),
        pytest.param('40{"a":[null,{"é":"€"}]}', "40", '42["auth",{"a":[null,{"é":"€"}]}]', id="any payload"),
    ],
)
async def test_a_client_connects_and_the_server_knows_its_payload(
    socketio_echo: Endpoint, packet: str, connected: str, event: str
) -> None:
    """Connection to a namespace: a CONNECT packet with the session ID in the payload."""
    async with open_session(socketio_echo) as socket:
        await socket.send(packet)
        payload = decode_packet(await socket.receive(), connected)
        assert list(payload) == ["sid"]
        assert isinstance(payload["sid"], str)
        assert await socket.receive() == event


async def test_a_client_connects_over_polling(socketio_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Sample session: requests 2 and 3."""
    session = await PollingSession.open(http, socketio_echo)
    await session.send("40")
    connected, auth = await session.receive_many(2)
    assert list(decode_packet(connected, "40")) == ["sid"]
    assert auth == '42["auth",{}]'


async def test_every_sid_is_different(socketio_echo: Endpoint) -> None:
    """Difference between v5 and v4: the socket's ID differs from the ID of the Engine.IO session."""
    async with open_websocket(socketio_echo.websocket()) as socket:
        engine_sid = decode_open_packet(await socket.receive_any())["sid"]
        main_sid = await connect_namespace(socket)
        assert await socket.receive() == '42["auth",{}]'
        custom_sid = await connect_namespace(socket, "40/custom,")
        assert len({engine_sid, main_sid, custom_sid}) == 3


@pytest.mark.parametrize("name", ["/random", "/customs", "/custom/", "/é"])
async def test_an_unknown_namespace_is_refused_and_the_connection_lives(socketio_echo: Endpoint, name: str) -> None:
    """Connection to a namespace: a CONNECT_ERROR packet if the connection is not allowed."""
    async with open_session(socketio_echo) as socket:
        await socket.send(f"40{name},")
        assert await socket.receive() == f'44{name},{{"message":"Invalid namespace"}}'
        await connect_namespace(socket)


async def test_a_handler_refuses_with_a_message_and_data(http: aiohttp.ClientSession) -> None:
    """Connection to a namespace: CONNECT_ERROR, its payload an object."""
    server = new_server()
    connected: list[Socket] = []

    @server.namespace().on_connect
    async def connect(socket: Socket, handshake: Handshake) -> None:
        if handshake.auth is None:
            raise ConnectionRefused("Token required")
        if handshake.auth["token"] != "good":
            raise ConnectionRefused("Token refused", {"code": "unauthenticated", "retry": False})
        connected.append(socket)

    async with serving(server) as endpoint:
        async with open_session(endpoint) as client:
            await client.send("40")
            assert decode_packet(await client.receive(), "44") == {"message": "Token required"}
            await client.send('40{"token":"bad"}')
            assert decode_packet(await client.receive(), "44") == {
                "message": "Token refused",
                "data": {"code": "unauthenticated", "retry": False},
            }
            assert not server.namespace().sockets
            # The same connection may try again.
            sid = await connect_namespace(client, '40{"token":"good"}')
            assert list(server.namespace().sockets) == [sid] == [socket.sid for socket in connected]
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        assert await session.receive() == ['44{"message":"Token required"}']


async def test_a_refused_socket_never_hears_of_anything() -> None:
    """Connection to a namespace: who is refused is not connected."""
    server = new_server()
    reasons: list[str] = []

    @server.namespace().on_connect
    async def connect(socket: Socket, handshake: Handshake) -> None:
        socket.join("room")
        if handshake.auth is None:
            raise ConnectionRefused("No")

    @server.namespace().on_disconnect
    def disconnect(_socket: Socket, reason: str) -> None:
        reasons.append(reason)

    async with serving(server) as endpoint, open_connected(endpoint, '40{"token":"1"}') as other:
        async with open_session(endpoint) as refused:
            await refused.send("40")
            assert await refused.receive() == '44{"message":"No"}'
            assert len(server.namespace().sockets_in("room")) == 1
            server.namespace().emit("news", room="room")
            server.namespace().emit("news")
            assert await other.receive_many(2) == ['42["news"]'] * 2
            await refused.send("40")
            assert await refused.receive() == '44{"message":"No"}'
        assert reasons == []


async def test_the_handshake_tells_headers_query_and_address() -> None:
    """Handshake of Engine.IO: what the client sent with its first request."""
    server = new_server()
    handshakes: list[Handshake] = []

    @server.namespace().on_connect
    async def connect(_socket: Socket, handshake: Handshake) -> None:
        handshakes.append(handshake)

    async with serving(server) as endpoint:
        before = time.time()
        async with open_websocket(endpoint.websocket(device="a b&é"), origin="https://app.example") as socket:
            decode_open_packet(await socket.receive_any())
            await connect_namespace(socket, '40{"token":"1"}')
        (handshake,) = handshakes
        assert handshake.auth == {"token": "1"}
        assert handshake.headers["origin"] == "https://app.example"
        assert handshake.headers["host"] == f"127.0.0.1:{endpoint.port}"
        assert handshake.query["device"] == "a b&é"
        assert handshake.query["EIO"] == "4"
        assert handshake.address == "127.0.0.1"
        assert before - 0.1 <= handshake.issued_at <= time.time() + 0.1


@pytest.mark.parametrize(
    "packet",
    ["4abc", "4", "49", '42["message"]', '420["message-with-ack"]', "430[]", "41", "44{}", "40[]", '40"a"', "40{"],
)
async def test_a_first_packet_that_is_no_connect_closes_the_connection(socketio_echo: Endpoint, packet: str) -> None:
    """Connection to a namespace: no CONNECT packet first, the server MUST close the connection immediately."""
    async with open_session(socketio_echo) as socket:
        await socket.send(packet)
        assert await socket.wait_closed() == []


@pytest.fixture
async def impatient_echo() -> AsyncIterator[Endpoint]:
    """The echo app that waits for a CONNECT as the official suite expects, and for pongs as long as it takes."""
    async with serving(socket_server(ping_timeout_seconds=PATIENCE_SECONDS)) as endpoint:
        yield endpoint


async def test_a_client_that_does_not_connect_in_time_is_closed(impatient_echo: Endpoint) -> None:
    """Connection to a namespace: at the beginning of a session the client MUST send a CONNECT packet."""
    started_at = time.monotonic()
    async with open_session(impatient_echo) as socket:
        assert await socket.wait_closed(answer_pings=True) == []
    assert CONNECT_TIMEOUT_SECONDS * 0.97 <= time.monotonic() - started_at <= CONNECT_TIMEOUT_SECONDS + LATE_SECONDS


async def test_a_refused_client_has_no_more_time_than_others(impatient_echo: Endpoint) -> None:
    """Connection to a namespace: a refused CONNECT connects nobody."""
    started_at = time.monotonic()
    async with open_session(impatient_echo) as socket:
        await socket.send("40/random,")
        assert await socket.wait_closed(answer_pings=True) == ['44/random,{"message":"Invalid namespace"}']
    assert CONNECT_TIMEOUT_SECONDS * 0.97 <= time.monotonic() - started_at <= CONNECT_TIMEOUT_SECONDS + LATE_SECONDS


async def test_a_client_that_has_left_its_last_namespace_has_as_much_time_as_a_new_one(
    impatient_echo: Endpoint,
) -> None:
    """Connection to a namespace: whoever is in none has nothing to say but CONNECT."""
    async with open_client(impatient_echo) as socket:
        await connect_namespace(socket, "40/custom,")
        await socket.receive()
        await socket.send("41")
        await socket.send('42/custom,["message",1]')
        left_at = time.monotonic()
        while time.monotonic() - left_at < CONNECT_TIMEOUT_SECONDS + 0.2:  # it is still in another one
            assert await socket.receive_any() == "2"
            await socket.send("3")
        await socket.send("41/custom,")
        left_at = time.monotonic()
        assert await socket.wait_closed(answer_pings=True) == []
    assert CONNECT_TIMEOUT_SECONDS * 0.97 <= time.monotonic() - left_at <= CONNECT_TIMEOUT_SECONDS + LATE_SECONDS


async def test_a_connected_client_may_be_silent(impatient_echo: Endpoint) -> None:
    """Connection to a namespace: the time-out is over with the CONNECT packet."""
    started_at = time.monotonic()
    async with open_client(impatient_echo) as socket:
        while time.monotonic() - started_at < CONNECT_TIMEOUT_SECONDS + 0.2:
            assert await socket.receive_any() == "2"
            await socket.send("3")
        await socket.send('42["message",1]')
        assert json.loads(str(await socket.receive())[2:]) == ["message-back", 1]
