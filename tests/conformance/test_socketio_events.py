"""Socket.IO v5, sections "Sending and receiving data" and "Acknowledgement", against the echo app."""

import json
import math

import aiohttp
import pytest

from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import SEPARATOR, PollingSession
from tests.conformance.recorder import Recorder
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import decode_packet, open_client


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param("null", id="null"),
        pytest.param("true", id="true"),
        pytest.param("false", id="false"),
        pytest.param("0", id="zero"),
        pytest.param("-9007199254740991", id="integer"),
        pytest.param("0.1", id="fraction"),
        pytest.param("1.5e300", id="exponent"),
        pytest.param('""', id="empty string"),
        pytest.param(r'"\u0000\n\"\\\/\u2028"', id="escapes"),
        pytest.param('"日本語 \U0001f680 é"', id="characters"),
        pytest.param(r'"\ud83d\ude80"', id="escaped pair"),
        pytest.param(r'"\ud83d"', id="lone surrogate"),
        pytest.param("[]", id="empty array"),
        pytest.param("{}", id="empty object"),
        pytest.param('[1,[2,[3,[null,{"a":[]}]]]]', id="nested arrays"),
        pytest.param('{"":{"a b":{"é":[true]}}}', id="nested objects"),
        pytest.param('{"__proto__":1,"constructor":2}', id="names that mean something in JavaScript"),
        pytest.param('{"_placeholder":true,"num":0}', id="a placeholder in an event without attachments"),
    ],
)
async def test_every_json_value_comes_back_as_it_went(socketio_echo: Endpoint, argument: str) -> None:
    """Packet encoding: the payload is JSON."""
    async with open_client(socketio_echo) as socket:
        await socket.send(f'42["message",{argument}]')
        assert decode_packet(await socket.receive(), "42") == ["message-back", json.loads(argument)]


async def test_a_number_beyond_64_bits_is_no_reason_to_leave(socketio_echo: Endpoint) -> None:
    """Packet encoding: JSON has no largest number; JavaScript reads one like this as a double."""
    async with open_client(socketio_echo) as socket:
        await socket.send('42["message",123456789012345678901234567890]')
        (name, number) = decode_packet(await socket.receive(), "42")
        assert name == "message-back"
        assert math.isclose(number, 1.2345678901234568e29)


async def test_an_event_has_any_number_of_arguments(socketio_echo: Endpoint) -> None:
    """Sending and receiving data: the payload is a non-empty array."""
    async with open_client(socketio_echo) as socket:
        await socket.send('42["message"]', '42["message",1,"2",{"3":[true]}]', f'42["message"{",0" * 1000}]')
        assert await socket.receive() == '42["message-back"]'
        assert await socket.receive() == '42["message-back",1,"2",{"3":[true]}]'
        assert await socket.receive() == f'42["message-back"{",0" * 1000}]'


async def test_white_space_in_json_is_allowed(socketio_echo: Endpoint) -> None:
    """RFC 8259, section 2: insignificant white space."""
    async with open_client(socketio_echo) as socket:
        await socket.send('42[ "message" ,\n\t{ "a" : 1 } ]')
        assert decode_packet(await socket.receive(), "42") == ["message-back", {"a": 1}]


async def test_events_keep_their_order(socketio_echo: Endpoint) -> None:
    """Sending and receiving data: first sent, first received."""
    async with open_client(socketio_echo) as socket:
        await socket.send(*(f'42["message",{index}]' for index in range(300)))
        assert await socket.receive_many(300) == [f'42["message-back",{index}]' for index in range(300)]


async def test_an_event_that_nobody_handles_is_ignored(socketio_echo: Endpoint) -> None:
    """Sending and receiving data: an unknown name is no error of the protocol."""
    async with open_client(socketio_echo) as socket:
        await socket.send('42["nobody-listens",1]', '42["message",1]')
        assert await socket.receive() == '42["message-back",1]'


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param("4", id="nothing"),
        pytest.param("4abc", id="unknown type"),
        pytest.param("47", id="type 7"),
        pytest.param("42", id="no payload"),
        pytest.param("42[]", id="empty array"),
        pytest.param("42{}", id="object"),
        pytest.param('42"message"', id="string"),
        pytest.param("42null", id="null"),
        pytest.param('42["message"', id="cut"),
        pytest.param('42["message"]]', id="too much"),
        pytest.param('42["message",]', id="trailing comma"),
        pytest.param('42["message",NaN]', id="NaN"),
        pytest.param('42["message",Infinity]', id="Infinity"),
        pytest.param("42['message']", id="single quotes"),
        pytest.param('42["message","\x01"]', id="unescaped control character"),
        pytest.param('42abc["message-with-ack",1]', id="acknowledgement id of letters"),
        pytest.param('42-1["message-with-ack",1]', id="negative acknowledgement id"),
        pytest.param('42/custom["message"]', id="namespace without its comma"),
        pytest.param("43", id="acknowledgement without a payload"),
        pytest.param("430{}", id="acknowledgement of an object"),
        pytest.param('41["why"]', id="disconnect with a payload"),
        pytest.param('44{"message":"no"}', id="CONNECT_ERROR from a client"),
        pytest.param('42["disconnect"]', id="a name that clients and servers use among themselves"),
    ],
)
async def test_a_malformed_packet_closes_the_connection(socketio_echo: Endpoint, packet: str) -> None:
    """Sending and receiving data: the payload is mandatory and MUST be a non-empty array, else close."""
    async with open_client(socketio_echo) as socket:
        await socket.send('42["message","before"]', packet, '42["message","after"]')
        assert await socket.wait_closed() in ([], ['42["message-back","before"]'])


async def test_a_malformed_packet_closes_a_polling_session(
    socketio_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Sending and receiving data: the receiver MUST close the connection, whatever its transport."""
    session = await PollingSession.open(http, socketio_echo)
    await session.send("40")
    await session.receive_many(2)
    await session.post("42{}")
    while (reply := await session.poll()).status == 200:
        assert set(reply.text.split(SEPARATOR)) <= {"1", "6"}
    assert reply.status == 400


@pytest.mark.parametrize("malformed", ["abc", "", "42{}", "4abc"])
async def test_nothing_after_a_malformed_packet_is_taken(http: aiohttp.ClientSession, malformed: str) -> None:
    """Packet encoding of Engine.IO: a payload is read in order, and ends where it is broken."""
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        await session.receive()
        assert (await session.post(f'42["before"]\x1e{malformed}\x1e42["after"]')).status == 400
        await recorder.get_departure()
        assert (await recorder.get_event()).name == "before"
        assert recorder.events.empty()


@pytest.mark.parametrize(
    ("packet", "acknowledgement"),
    [
        ('42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'),
        ('420["message-with-ack"]', "430[]"),
        ('42999999999999999["message-with-ack",[]]', "43999999999999999[[]]"),
    ],
)
async def test_an_event_with_an_id_is_acknowledged_with_that_id(
    socketio_echo: Endpoint, packet: str, acknowledgement: str
) -> None:
    """Acknowledgement: the receiver MUST respond with an ACK packet with the same event ID."""
    async with open_client(socketio_echo) as socket:
        await socket.send(packet)
        assert await socket.receive() == acknowledgement


async def test_an_event_without_an_id_is_not_acknowledged(socketio_echo: Endpoint) -> None:
    """Acknowledgement: it is for the sender to request."""
    async with open_client(socketio_echo) as socket:
        await socket.send('42["message-with-ack",1]', '42["message",2]')
        assert await socket.receive() == '42["message-back",2]'


async def test_the_same_id_may_be_used_again(socketio_echo: Endpoint) -> None:
    """Acknowledgement: an ID belongs to one event, and is free once that is acknowledged."""
    async with open_client(socketio_echo) as socket:
        for number in range(3):
            await socket.send(f'427["message-with-ack",{number}]')
            assert await socket.receive() == f"437[{number}]"


async def test_an_acknowledgement_that_nobody_asked_for_is_ignored(socketio_echo: Endpoint) -> None:
    """Acknowledgement: it may come late, after the sender has given up."""
    async with open_client(socketio_echo) as socket:
        await socket.send("430[]", '43999["x"]', '42["message",1]')
        assert await socket.receive() == '42["message-back",1]'


async def test_events_and_acknowledgements_go_over_polling(
    socketio_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Sample session: several events in one request."""
    session = await PollingSession.open(http, socketio_echo)
    await session.send("40")
    await session.receive_many(2)
    await session.send('42["message","hello"]', '421["message-with-ack","world"]')
    assert await session.receive_many(2) == ['42["message-back","hello"]', '431["world"]']
