"""Engine.IO packets: frames and polling payloads."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.socketio import Encoded, PacketError
from hyred_chat.socketio.engine_packets import (
    SEPARATOR,
    binary_frame,
    check_text,
    encode_payload,
    find_binary,
    text_frame,
    websocket_pong,
)


def parse_frame(frame: bytes) -> tuple[int, bytes]:
    """The first byte and the payload of an unmasked frame (RFC 6455, section 5.2)."""
    first, size = frame[0], frame[1]
    if size == 126:
        return first, frame[4 : 4 + struct.unpack(">H", frame[2:4])[0]]
    if size == 127:
        return first, frame[10 : 10 + struct.unpack(">Q", frame[2:10])[0]]
    return first, frame[2 : 2 + size]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000])
def test_a_frame_carries_its_payload_whatever_its_length(size: int) -> None:
    payload = b"x" * size
    assert parse_frame(text_frame(payload)) == (0x81, payload)
    assert parse_frame(binary_frame(payload)) == (0x82, payload)
    assert len(text_frame(payload)) - size in (2, 4, 10)


def test_a_message_with_attachments_is_consecutive_frames() -> None:
    encoded = Encoded(b"452-[]", [b"\1\2", b"\3"])
    assert encoded.frame == text_frame(b"452-[]") + binary_frame(b"\1\2") + binary_frame(b"\3")
    assert Encoded(None, [b"\1"]).frame == binary_frame(b"\1")


def test_a_pong_says_what_the_ping_said() -> None:
    assert parse_frame(websocket_pong(b"hello").frame) == (0x8A, b"hello")


@given(messages=st.lists(st.binary(), min_size=1, max_size=8))
def test_binary_messages_survive_a_polling_payload(messages: list[bytes]) -> None:
    payload = encode_payload(Encoded(None, messages).packets())
    assert [find_binary(packet) for packet in payload.split(SEPARATOR)] == messages


@given(packet=st.binary())
def test_any_packet_is_binary_or_not_or_refused(packet: bytes) -> None:
    try:
        binary = find_binary(packet)
    except PacketError:
        return
    assert (binary is not None) == packet.startswith(b"b")


@pytest.mark.parametrize("packet", [b"b@@@@", b"bAQI", b"bAQ=I", b"b AQID", b"bA"])
def test_binary_packets_must_be_canonical_base64(packet: bytes) -> None:
    with pytest.raises(PacketError):
        find_binary(packet)


@pytest.mark.parametrize("text", [b"\xff", b"4\xed\xa0\x80", b"4\xc0\x80", b"4\xf0\x9f"])
def test_text_that_is_not_utf_8_is_refused(text: bytes) -> None:
    with pytest.raises(PacketError):
        check_text(text)
