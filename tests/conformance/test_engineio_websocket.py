"""Engine.IO v4 over WebSocket: sections "WebSocket", "Packet encoding" and "Message"."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.endpoints import MAX_PAYLOAD_BYTES, Endpoint
from tests.conformance.websocket import Packet, open_session


@pytest.mark.parametrize("packet", ["4hello", "4", "4€ 日本語 \U0001f680 \x00\x1e", "4" + "é" * 70_000])
async def test_a_text_message_comes_back_as_it_went(engine_echo: Endpoint, packet: str) -> None:
    """Packet encoding, WebSocket: the packet type, then the data; U+001E means nothing here."""
    async with open_session(engine_echo) as socket:
        await socket.send(packet)
        assert await socket.receive() == packet


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 500_000])
async def test_a_binary_message_is_sent_as_it_is(engine_echo: Endpoint, length: int) -> None:
    """Packet encoding, WebSocket: binary payloads are sent as is, without modification."""
    message = bytes(index % 256 for index in range(length))
    async with open_session(engine_echo) as socket:
        await socket.send(message)
        assert await socket.receive() == message


async def test_messages_keep_their_order_and_each_has_its_frame(engine_echo: Endpoint) -> None:
    """WebSocket: each packet is sent in its own frame."""
    packets: list[Packet] = [f"4{index}" if index % 3 else bytes([index]) for index in range(200)]
    async with open_session(engine_echo) as socket:
        await socket.send(*packets)
        assert await socket.receive_many(len(packets)) == packets


@pytest.mark.parametrize("packet", ["abc", "", "7", "9hello", "\x1e"])
async def test_a_malformed_packet_closes_the_connection(engine_echo: Endpoint, packet: str) -> None:
    """Packet encoding: what is no packet ends the session."""
    async with open_session(engine_echo) as socket:
        await socket.send(packet)
        assert await socket.wait_closed() == []


async def test_nothing_after_a_malformed_packet_is_taken(engine_echo: Endpoint) -> None:
    """Packet encoding: the session ends where it is broken."""
    async with open_session(engine_echo) as socket:
        await socket.send("4before", "abc", "4after")
        assert await socket.wait_closed() in ([], ["4before"])


@pytest.mark.parametrize("binary", [False, True])
async def test_a_message_of_the_greatest_size_is_taken(engine_echo: Endpoint, binary: bool) -> None:
    """Handshake: `maxPayload`."""
    text = "4" + "x" * (MAX_PAYLOAD_BYTES - 1)
    packet = text.encode() if binary else text
    async with open_session(engine_echo) as socket:
        await socket.send(packet)
        assert await socket.receive() == packet


@pytest.mark.parametrize("binary", [False, True])
async def test_a_greater_message_closes_the_connection(engine_echo: Endpoint, binary: bool) -> None:
    """Handshake: `maxPayload`; RFC 6455, section 7.4.1: 1009 is "too big"."""
    text = "4" + "x" * MAX_PAYLOAD_BYTES
    async with open_session(engine_echo) as socket:
        await socket.send(text.encode() if binary else text)
        assert await socket.wait_closed() == []
        assert socket.close_code == 1009


@pytest.mark.parametrize(
    ("fragments", "whole"),
    [
        pytest.param(["4he", "", "l", "lo"], "4hello", id="text"),
        pytest.param(["4\U0001f680", "€", "4"], "4\U0001f680€4", id="text beyond ASCII"),
        pytest.param([b"\x01\x02", b"", b"\x03" * 70_000], b"\x01\x02" + b"\x03" * 70_000, id="binary"),
    ],
)
async def test_a_fragmented_message_is_put_together(
    engine_echo: Endpoint, fragments: list[str] | list[bytes], whole: Packet
) -> None:
    """RFC 6455, section 5.4: a message is what its fragments make together."""
    async with open_session(engine_echo) as socket:
        await socket.connection.send(fragments)
        assert await socket.receive() == whole


async def test_a_control_frame_may_come_between_fragments(engine_echo: Endpoint) -> None:
    """RFC 6455, section 5.4: control frames may be injected in the middle of a fragmented message."""
    async with open_session(engine_echo) as socket:

        async def fragments() -> AsyncIterator[str]:
            yield "4before"
            await (await socket.connection.ping(b"between"))
            yield " and after"

        await socket.connection.send(fragments())
        assert await socket.receive() == "4before and after"


async def test_fragments_count_together_towards_the_greatest_size(engine_echo: Endpoint) -> None:
    """Handshake: `maxPayload` bounds a message, however it is cut."""
    async with open_session(engine_echo) as socket:
        await socket.connection.send(["4", "x" * 600_000, "x" * 399_999])
        assert len(await socket.receive()) == MAX_PAYLOAD_BYTES
        await socket.connection.send(["4", "x" * 600_000, "x" * 400_000])
        assert await socket.wait_closed() == []
        assert socket.close_code == 1009


async def test_a_ping_of_websocket_itself_is_answered(engine_echo: Endpoint) -> None:
    """RFC 6455, section 5.5.2: an endpoint must send a Pong frame in response."""
    async with open_session(engine_echo) as socket:
        await (await socket.connection.ping(b"are you there"))
