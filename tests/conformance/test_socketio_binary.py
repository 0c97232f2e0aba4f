"""Socket.IO v5, section "Packet encoding": binary events and acknowledgements, their attachments in order."""

import base64

import aiohttp
import pytest

from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import PollingSession
from tests.conformance.socketio_client import open_client
from tests.conformance.websocket import Packet


def placeholder(number: int) -> str:
    return f'{{"_placeholder":true,"num":{number}}}'


async def test_a_binary_event_comes_back_with_its_attachments(socketio_echo: Endpoint) -> None:
    """Packet encoding, with multiple attachments: the packet, then each attachment."""
    async with open_client(socketio_echo) as socket:
        await socket.send(f'452-["message",{placeholder(0)},{placeholder(1)}]', b"\1\2\3", b"\4\5\6")
        assert await socket.receive_many(3) == [
            f'452-["message-back",{placeholder(0)},{placeholder(1)}]',
            b"\1\2\3",
            b"\4\5\6",
        ]


async def test_a_binary_event_is_acknowledged_with_a_binary_ack(socketio_echo: Endpoint) -> None:
    """Acknowledgement, with binary data: BINARY_ACK."""
    async with open_client(socketio_echo) as socket:
        await socket.send(f'452-789["message-with-ack",{placeholder(0)},{placeholder(1)}]', b"\1\2\3", b"\4\5\6")
        assert await socket.receive_many(3) == [f"462-789[{placeholder(0)},{placeholder(1)}]", b"\1\2\3", b"\4\5\6"]


async def test_attachments_may_be_anywhere_in_the_payload(socketio_echo: Endpoint) -> None:
    """Packet encoding: a placeholder stands wherever the binary value was."""
    argument = f'{{"file":{{"data":{placeholder(0)}}},"list":[1,[{placeholder(1)}],"x"]}}'
    async with open_client(socketio_echo) as socket:
        await socket.send(f'452-["message",{argument}]', b"", b"\xff" * 70_000)
        assert await socket.receive_many(3) == [f'452-["message-back",{argument}]', b"", b"\xff" * 70_000]


async def test_a_placeholder_says_which_attachment_it_stands_for(socketio_echo: Endpoint) -> None:
    """Packet encoding: `num` is the number of the attachment."""
    async with open_client(socketio_echo) as socket:
        await socket.send(f'452-["message",{placeholder(1)},{placeholder(0)}]', b"zero", b"one")
        text, *attachments = await socket.receive_many(3)
    places = {f'452-["message-back",{placeholder(0)},{placeholder(1)}]': [b"one", b"zero"]}
    places[f'452-["message-back",{placeholder(1)},{placeholder(0)}]'] = [b"zero", b"one"]
    assert attachments == places[str(text)]


async def test_heartbeats_may_come_between_attachments(socketio_echo: Endpoint) -> None:
    """Heartbeat of Engine.IO: a layer of its own."""
    async with open_client(socketio_echo) as socket:
        assert await socket.receive_any() == "2"
        await socket.send(f'452-["message",{placeholder(0)},{placeholder(1)}]', b"\1", "3", b"\2")
        assert await socket.receive_many(3) == [
            f'452-["message-back",{placeholder(0)},{placeholder(1)}]',
            b"\1",
            b"\2",
        ]


async def test_binary_events_keep_their_place_among_others(socketio_echo: Endpoint) -> None:
    """Sending and receiving data: first sent, first received."""
    packets: list[Packet] = []
    expected: list[Packet] = []
    for index in range(50):
        packets += [f'42["message",{index}]', f'451-["message",{placeholder(0)}]', bytes([index])]
        expected += [f'42["message-back",{index}]', f'451-["message-back",{placeholder(0)}]', bytes([index])]
    async with open_client(socketio_echo) as socket:
        await socket.send(*packets)
        assert await socket.receive_many(len(expected)) == expected


async def test_binary_events_go_over_polling(socketio_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Packet encoding of Engine.IO, HTTP long-polling: attachments are base64 with a `b`."""
    attachment = "b" + base64.b64encode(bytes(range(256))).decode()
    session = await PollingSession.open(http, socketio_echo)
    await session.send("40")
    await session.receive_many(2)
    await session.send(f'451-["message",{placeholder(0)}]', attachment, '42["message",1]')
    assert await session.receive_many(3) == [
        f'451-["message-back",{placeholder(0)}]',
        attachment,
        '42["message-back",1]',
    ]


async def test_attachments_may_come_in_later_requests(socketio_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """HTTP long-polling: a payload is a bundle of packets, not a unit of meaning."""
    session = await PollingSession.open(http, socketio_echo)
    await session.send("40")
    await session.receive_many(2)
    for packet in (f'452-9["message-with-ack",{placeholder(0)},{placeholder(1)}]', "bAQ==", "bAg=="):
        await session.send(packet)
    assert await session.receive_many(3) == [f"462-9[{placeholder(0)},{placeholder(1)}]", "bAQ==", "bAg=="]


@pytest.mark.parametrize(
    "packets",
    [
        pytest.param([b"\1"], id="an attachment of nothing"),
        pytest.param([f'451-["message",{placeholder(0)}]', '42["message",1]'], id="an event before the attachment"),
        pytest.param([f'452-["message",{placeholder(0)},{placeholder(1)}]', b"\1", "41"], id="too few attachments"),
        pytest.param([f'451-["message",{placeholder(0)}]', b"\1", b"\2"], id="one attachment too many"),
        pytest.param([f'451-["message",{placeholder(1)}]', b"\1"], id="a placeholder of no attachment"),
        pytest.param([f'451-["message",{placeholder(-1)}]', b"\1"], id="a negative placeholder"),
        pytest.param([f'45["message",{placeholder(0)}]', b"\1"], id="no number of attachments"),
        pytest.param([f'45-["message",{placeholder(0)}]', b"\1"], id="an empty number of attachments"),
        pytest.param([f'45x-["message",{placeholder(0)}]', b"\1"], id="a number of letters"),
        pytest.param([f'451.5-["message",{placeholder(0)}]', b"\1"], id="a number with a fraction"),
        pytest.param([f'45-1-["message",{placeholder(0)}]', b"\1"], id="a negative number"),
        pytest.param([f'45999999999-["message",{placeholder(0)}]'], id="a number beyond all bounds"),
        pytest.param(["451-{}", b"\1"], id="a payload that is no array"),
    ],
)
async def test_attachments_out_of_order_close_the_connection(socketio_echo: Endpoint, packets: list[Packet]) -> None:
    """Packet encoding: the attachments follow their packet, as many as it says."""
    async with open_client(socketio_echo) as socket:
        await socket.send(*packets)
        said = await socket.wait_closed()
        # With one attachment too many, the event was whole before.
        assert said in ([], [f'451-["message-back",{placeholder(0)}]', b"\1"])
