"""Socket.IO 5 packets, without any I/O.

Specification: Socket.IO protocol, "Packet encoding". Everything here works on Engine.IO text packets with their type
digit in front (`42["event"]`), so that the path every message takes copies nothing that it does not have to.
"""

from collections.abc import Callable
from typing import Any, Final

import orjson

from hyred_chat.socketio import json
from hyred_chat.socketio.attachments import Attachments
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.errors import PacketError
from hyred_chat.socketio.json import Bounds

CONNECT: Final = ord("0")
DISCONNECT: Final = ord("1")
EVENT: Final = ord("2")
ACK: Final = ord("3")
CONNECT_ERROR: Final = ord("4")
BINARY_EVENT: Final = ord("5")
BINARY_ACK: Final = ord("6")

MAIN: Final = "/"  # the namespace that packets do not name

MAX_ID_DIGITS: Final = 16  # 2**53 has as many, which is as far as a JavaScript client can count
MAX_NAMESPACE_BYTES: Final = 256

# Names that a JavaScript client's own events have: no peer may send them.
RESERVED_EVENTS: Final = frozenset({"connect", "connect_error", "disconnect", "disconnecting"})

_WITHOUT_BINARY: Final = {BINARY_EVENT: EVENT, BINARY_ACK: ACK}
_WITH_BINARY: Final = {EVENT: BINARY_EVENT, ACK: BINARY_ACK}
# What packets begin with: the type digit of Engine.IO, and their own.
_HEADS: Final = {kind: b"4%c" % kind for kind in (CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR)}
_DIGITS: Final = frozenset(b"0123456789")
_ZERO: Final = ord("0")


class Packet:
    """A decoded packet.

    Attributes:
        kind: CONNECT, DISCONNECT, EVENT or ACK; the binary kinds are told by `attachment_count`.
        namespace: its name, from its slash on.
        id: the digits of the acknowledgement id as they came; empty when there is none.
        data: the payload: dict or None of CONNECT, a list of EVENT (the name first) and ACK.
        attachment_count: how many binary messages must follow before the packet is whole; None when it is not binary.
    """

    __slots__ = ("attachment_count", "data", "id", "kind", "namespace")

    def __init__(self, kind: int, namespace: str, id_: bytes, data: Any, attachment_count: int | None = None) -> None:
        self.kind = kind
        self.namespace = namespace
        self.id = id_
        self.data = data
        self.attachment_count = attachment_count


def decode(packet: bytes, bounds: Bounds, *, max_attachments: int) -> Packet:
    """Decode a packet.

    Args:
        packet: an Engine.IO text packet, its type digit included; valid UTF-8.
        bounds: of its JSON.
        max_attachments: that it may announce.

    Raises:
        PacketError: it is not a packet that a client may send, or beyond a bound.
    """
    if packet.startswith(b"42"):  # an event of the main namespace: the path that a message takes
        start = packet.find(b"[", 2, 3 + MAX_ID_DIGITS)
        id_ = packet[2:start]
        if start > 0 and (not id_ or id_.isdigit()) and (packet[2] != _ZERO or start == len(b"420")):
            return Packet(EVENT, MAIN, id_, _checked_event(json.decode(packet[start:], bounds)))
    return _decode_any(packet, bounds, max_attachments)


def encode(kind: int, namespace: str, data: Any, id_: bytes = b"") -> Encoded:
    """Encode a packet with a payload; it becomes one of the binary kinds when there is anything binary in it.

    `orjson.Fragment` stands for JSON that is encoded already.

    Raises:
        TypeError, ValueError: the payload cannot be JSON.
    """
    try:
        payload = orjson.dumps(data)
    except orjson.JSONEncodeError:
        return _encode_leniently(kind, _place_of(namespace), data, id_)
    return encode_json(kind, namespace, payload, id_)


def encode_json(kind: int, namespace: str, payload: bytes, id_: bytes = b"") -> Encoded:
    """Encode a packet whose payload is JSON already."""
    if namespace == MAIN:
        return Encoded(b"".join((_HEADS[kind], id_, payload)))
    return Encoded(b"".join((_HEADS[kind], _place_of(namespace), id_, payload)))


def event_encoder(namespace: str, event: str) -> Callable[[bytes], Encoded]:
    """What encodes an event without an acknowledgement whose only argument is JSON already."""
    head = _HEADS[EVENT] + _place_of(namespace) + orjson.dumps([event])[:-1] + b","

    def encode_event(argument: bytes) -> Encoded:
        return Encoded(head + argument + b"]")

    return encode_event


def encode_disconnect(namespace: str) -> Encoded:
    """Encode a DISCONNECT packet, the only one without a payload."""
    return Encoded(b"41" if namespace == MAIN else b"41%b," % namespace.encode())


def check_namespace_name(name: str) -> None:
    """Check that packets can name a namespace.

    Raises:
        ValueError: they cannot.
    """
    if not name.startswith("/") or "," in name or len(name.encode()) > MAX_NAMESPACE_BYTES:
        raise ValueError(f"a namespace's name is a slash and at most {MAX_NAMESPACE_BYTES - 1} bytes, without commas")


def _place_of(namespace: str) -> bytes:
    return b"" if namespace == MAIN else namespace.encode() + b","


def _encode_leniently(kind: int, place: bytes, data: Any, id_: bytes) -> Encoded:
    attachments = Attachments()
    payload = json.encode_leniently(data, attachments.take)
    if attachments:
        return Encoded(b"4%c%d-%b%b%b" % (_WITH_BINARY[kind], len(attachments), place, id_, payload), attachments)
    return Encoded(b"".join((_HEADS[kind], place, id_, payload)))


def _decode_any(packet: bytes, bounds: Bounds, max_attachments: int) -> Packet:
    kind = packet[1] if len(packet) > 1 else -1
    position, count = 2, None
    if kind in _WITHOUT_BINARY:
        position, count = _read_attachment_count(packet, max_attachments)
        kind = _WITHOUT_BINARY[kind]
    position, namespace = _read_namespace(packet, position)
    start = _end_of_digits(packet, position, MAX_ID_DIGITS)
    payload = packet[start:]
    data = json.decode(payload, bounds) if payload else None
    _check_payload(kind, data, is_present=bool(payload))
    id_ = packet[position:start]
    _check_id(id_)
    if kind == ACK and not id_:
        raise PacketError("acknowledgement without an id")
    return Packet(kind, namespace, id_, data, count)


def _read_attachment_count(packet: bytes, max_attachments: int) -> tuple[int, int]:
    end = _end_of_digits(packet, 2, len(str(max_attachments)))
    digits = packet[2:end]
    if not digits or packet[end : end + 1] != b"-" or int(digits) > max_attachments:
        raise PacketError("malformed number of attachments, or too many")
    return end + 1, int(digits)


def _read_namespace(packet: bytes, position: int) -> tuple[int, str]:
    if packet[position : position + 1] != b"/":
        return position, MAIN
    end = packet.find(b",", position)
    name = packet[position : end if end >= 0 else len(packet)]
    if len(name) > MAX_NAMESPACE_BYTES:
        raise PacketError("namespace is too long")
    return position + len(name) + (end >= 0), name.decode()


def _end_of_digits(packet: bytes, position: int, limit: int) -> int:
    last = min(len(packet), position + limit)
    while position < last and packet[position] in _DIGITS:
        position += 1
    return position


def _check_id(digits: bytes) -> None:
    if len(digits) > 1 and digits.startswith(b"0"):
        raise PacketError("acknowledgement id with a leading zero")


def _check_payload(kind: int, data: Any, *, is_present: bool) -> None:
    if kind == CONNECT:
        is_valid = isinstance(data, dict) or not is_present
    elif kind == DISCONNECT:
        is_valid = not is_present
    elif kind == EVENT:
        is_valid = isinstance(data, list) and bool(_checked_event(data))
    else:
        is_valid = kind == ACK and isinstance(data, list)
    if not is_valid:
        raise PacketError("payload does not fit the packet, or no client may send it")


def _checked_event(data: list[Any]) -> list[Any]:
    if not data:
        raise PacketError("event has no name")
    name = data[0]
    if type(name) is int:
        data[0] = str(name)  # what a JavaScript emitter makes of it
    elif type(name) is not str or name in RESERVED_EVENTS:
        raise PacketError("event has no name, or a reserved one")
    return data
