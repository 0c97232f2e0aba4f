"""Engine.IO 4 packets as they go over the wire, without any I/O.

Specification: Engine.IO protocol, "Packet encoding". A text packet is a type digit and UTF-8 text; we keep it as bytes,
the digit included, from the parser to the wire. A binary packet is the bytes of its message and nothing else.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Final

from hyred_chat.socketio.errors import PacketError

CLOSE: Final = ord("1")
PONG: Final = ord("3")
MESSAGE: Final = ord("4")

SEPARATOR: Final = b"\x1e"
_BINARY_PREFIX: Final = b"b"

# Unmasked server frames, FIN set (RFC 6455, section 5.2): the headers of all short texts are made beforehand.
_SHORT: Final = 126
_MEDIUM: Final = 1 << 16
_TEXT: Final = 0x81
_BINARY: Final = 0x82
_PONG: Final = 0x8A
_SHORT_TEXT_HEADERS: Final = tuple(bytes((_TEXT, size)) for size in range(_SHORT))
_pack_medium_header: Final = Struct(">BBH").pack
_pack_long_header: Final = Struct(">BBQ").pack


def text_frame(packet: bytes) -> bytes:
    """A WebSocket text frame, header included, that carries one text packet."""
    size = len(packet)
    if size < _SHORT:
        return _SHORT_TEXT_HEADERS[size] + packet
    if size < _MEDIUM:  # as `_long_frame` does, without a call for each message
        return _pack_medium_header(_TEXT, _SHORT, size) + packet
    return _long_frame(_TEXT, size, packet)


def binary_frame(message: bytes) -> bytes:
    """A WebSocket binary frame, header included, that carries one binary message."""
    size = len(message)
    if size < _SHORT:
        return bytes((_BINARY, size)) + message
    return _long_frame(_BINARY, size, message)


def _long_frame(first_byte: int, size: int, payload: bytes) -> bytes:
    if size < _MEDIUM:
        return _pack_medium_header(first_byte, _SHORT, size) + payload
    return _pack_long_header(first_byte, _SHORT + 1, size) + payload


def check_text(packet: bytes) -> None:
    """Check that a text packet is UTF-8.

    Raises:
        PacketError: it is not.
    """
    if not packet.isascii():
        try:
            packet.decode()
        except UnicodeDecodeError as error:
            raise PacketError("text is not UTF-8") from error


class Encoded:
    """A message that was encoded once, to be sent to any number of sessions over any transport.

    Attributes:
        text: the text packet, type digit included; None when there are only binary messages.
        attachments: the binary messages that follow it.
        frame: all of it as WebSocket frames. Every receiver shares these bytes.
    """

    __slots__ = ("attachments", "frame", "text")

    def __init__(self, text: bytes | None, attachments: Sequence[bytes] = ()) -> None:
        self.text = text
        self.attachments = attachments
        frame = b"" if text is None else text_frame(text)
        self.frame = b"".join((frame, *map(binary_frame, attachments))) if attachments else frame

    def packets(self) -> list[bytes]:
        """The same as packets of a polling payload, where binary is base64 (section "HTTP long-polling")."""
        binary = [_BINARY_PREFIX + b64encode(message) for message in self.attachments]
        return binary if self.text is None else [self.text, *binary]


def websocket_pong(payload: bytes) -> Encoded:
    """The answer to a WebSocket ping (RFC 6455, section 5.5.3), which is no packet at all."""
    pong = Encoded(None)
    pong.frame = bytes((_PONG, len(payload))) + payload  # control frames have at most 125 bytes
    return pong


def encode_payload(packets: Iterable[bytes]) -> bytes:
    """Join packets into the body of a polling response."""
    return SEPARATOR.join(packets)


def find_binary(packet: bytes) -> bytes | None:
    """The message of a packet of a polling payload if it is a binary one, else None.

    Raises:
        PacketError: it says that it is binary, and is not base64.
    """
    if not packet.startswith(_BINARY_PREFIX):
        return None
    try:
        return b64decode(packet[1:], validate=True)
    except Base64Error as error:
        raise PacketError("malformed base64") from error
