"""The Socket.IO codec: what is encoded decodes to the same, and whatever comes in, it raises only its own error."""

import contextlib
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hyred_chat.socketio import PacketError, packets
from hyred_chat.socketio.attachments import put_back
from hyred_chat.socketio.json import Bounds
from hyred_chat.socketio.packets import Packet

INTEGERS = st.integers(min_value=-(2**53), max_value=2**53)
PLAIN = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
NAMES = st.text(min_size=1).filter(lambda name: name not in packets.RESERVED_EVENTS)
NAMESPACES = st.sampled_from(["/", "/admin", "/a/b", "/ünï"])
IDS = st.just(b"") | st.integers(min_value=0, max_value=2**53).map(lambda id_: b"%d" % id_)


def decode(packet: bytes, *, max_nesting: int = 1000, max_brackets: int = 100_000, max_attachments: int = 16) -> Packet:
    return packets.decode(packet, Bounds(max_nesting, max_brackets), max_attachments=max_attachments)


@given(namespace=NAMESPACES, name=NAMES, args=st.lists(JSON, max_size=4), id_=IDS)
@example(namespace="/", name="\ud800", args=["\udfff", 2**70], id_=b"")
def test_an_event_decodes_to_what_was_encoded(namespace: str, name: str, args: list[Any], id_: bytes) -> None:
    text = packets.encode(packets.EVENT, namespace, [name, *args], id_).text
    assert text is not None
    packet = decode(text)
    assert (packet.kind, packet.namespace, packet.id) == (packets.EVENT, namespace, id_)
    assert packet.data == [name, *args]
    assert packet.attachment_count is None


@given(
    namespace=NAMESPACES,
    args=st.recursive(
        PLAIN | st.binary(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("k"), inner)
    ),
)
def test_binary_values_come_back_where_they_were(namespace: str, args: Any) -> None:
    encoded = packets.encode(packets.ACK, namespace, [args], b"7")
    assert encoded.text is not None
    packet = decode(encoded.text, max_attachments=1000)
    assert (packet.kind, packet.id, packet.namespace) == (packets.ACK, b"7", namespace)
    assert packet.attachment_count == (len(encoded.attachments) or None)
    assert put_back(packet.data, encoded.attachments) == [args]


# Mostly what a decoder can take for a packet: a kind, then pieces of syntax in any order.
SYNTAX = [bytes((character,)) for character in b'[]{}",-/:0189\x1e\\']
WORDS = [b"null", b"NaN", b"1e999", b"99999999999999999999", b"[" * 40, b"/admin,", b'"message"', b"\\ud800"]
PIECES = st.sampled_from([*SYNTAX, *WORDS, b'{"_placeholder":true,"num":0}', "é".encode()])
BODIES = st.lists(PIECES, max_size=12).map(b"".join) | st.text().map(lambda text: text.encode(errors="replace"))


@given(kind=st.sampled_from(b"0123456789"), body=BODIES)
@example(kind=ord("5"), body=b"999999999-[]")
@example(kind=ord("2"), body=b"[" * 100_000)
@example(kind=ord("2"), body=b'{"a":' * 100_000)
@example(kind=ord("2"), body=b'["a",' + b"9" * 5000 + b"]")
@example(kind=ord("2"), body=b'["a",1e999,' + b"9" * 5000 + b"]")
def test_decoding_anything_gives_a_packet_or_a_packet_error(kind: int, body: bytes) -> None:
    with contextlib.suppress(PacketError):
        packet = decode(b"4%c%b" % (kind, body), max_nesting=32)
        assert packet.kind in (packets.CONNECT, packets.DISCONNECT, packets.EVENT, packets.ACK)
        assert packet.kind != packets.EVENT or isinstance(packet.data[0], str)


@pytest.mark.parametrize(
    "packet",
    [
        b"4",
        b"4a",
        b"47",
        b"42",
        b"42{}",
        b"42[]",
        b"42[null]",
        b"42[true]",
        b'42["connect"]',
        b'42["disconnect"]',
        b'42["connect_error"]',
        b'42["disconnecting"]',
        b'42abc["message"]',
        b'42-1["message"]',
        b'42007["message"]',
        b'4200["message"]',
        b'4212345678901234567["message"]',
        b'42["message"',
        b'42["message"]x',
        b'42["a",NaN]',
        b'42["a",Infinity]',
        b"40[]",
        b"40null",
        b'40"token"',
        b"41{}",
        b"43[]",
        b"431",
        b"431{}",
        b'44{"message":"no"}',
        b"45",
        b'45["a"]',
        b'45-["a"]',
        b'45-1-["a"]',
        b'4517-["a"]',
        b'45999999-["a"]',
        b"42/" + b"n" * 300 + b',["a"]',
    ],
    ids=repr,
)
def test_what_no_client_may_send_is_refused(packet: bytes) -> None:
    with pytest.raises(PacketError):
        decode(packet)


def test_events_may_have_numbers_for_names_as_in_javascript() -> None:
    assert decode(b'42[1,"a"]').data == ["1", "a"]


def test_json_as_deep_as_allowed_passes_and_one_level_more_does_not() -> None:
    assert decode(b'42["a",' + b"[" * 31 + b"]" * 31 + b"]", max_nesting=32).kind == packets.EVENT
    with pytest.raises(PacketError):
        decode(b'42["a",' + b"[" * 32 + b"]" * 32 + b"]", max_nesting=32)


def test_brackets_are_counted_wherever_they_are() -> None:
    for brackets in (b"[]," * 99, b"{}," * 99, b'"' + b"[" * 99 + b'",'):
        packet = b'42["a",' + brackets + b"0]"
        assert decode(packet, max_brackets=100).kind == packets.EVENT
        with pytest.raises(PacketError):
            decode(packet, max_brackets=99)


@pytest.mark.parametrize("level", [b"[%b]", b'{"a":%b}', b'["[",%b,"[{",1]'])
def test_nesting_is_counted_through_whatever_is_beside_it(level: bytes) -> None:
    value = b"1"
    for _ in range(31):
        value = level % value
    is_as_deep = decode(b'42["a",' + value + b"]", max_nesting=32)
    assert is_as_deep.kind == packets.EVENT
    with pytest.raises(PacketError):
        decode(b'42["a",[' + value + b"]]", max_nesting=32)


def test_many_brackets_are_not_deep_nesting() -> None:
    assert len(decode(b'42["a"' + b",[]" * 1000 + b',"[[[["]', max_nesting=3).data) == 1002


def test_json_that_is_encoded_already_goes_out_as_it_is() -> None:
    fragment = orjson.Fragment(b'{"a":1}')
    assert packets.encode(packets.EVENT, "/", ["e", fragment]).text == b'42["e",{"a":1}]'
    assert packets.encode(packets.EVENT, "/", ["e", fragment, "\ud800"]).text == b'42["e",{"a":1},"\\ud800"]'
    with_binary = packets.encode(packets.EVENT, "/", ["e", fragment, b"\1"])
    assert with_binary.text == b'451-["e",{"a":1},{"_placeholder":true,"num":0}]'
    assert with_binary.attachments == [b"\1"]


@given(namespace=NAMESPACES, name=NAMES, argument=JSON, id_=IDS)
def test_what_is_in_json_already_is_sent_as_what_is_not(namespace: str, name: str, argument: Any, id_: bytes) -> None:
    given_json = orjson.dumps(argument)
    acknowledged = packets.encode_json(packets.ACK, namespace, b"[" + given_json + b"]", id_)
    assert acknowledged.text == packets.encode(packets.ACK, namespace, [argument], id_).text
    event = packets.event_encoder(namespace, name)(given_json)
    assert event.text == packets.encode(packets.EVENT, namespace, [name, argument]).text


def test_what_json_cannot_hold_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        packets.encode(packets.EVENT, "/", ["e", object()])


@pytest.mark.parametrize("number", [1, -1, True, "0", None, 1e9, [0]])
def test_a_placeholder_without_its_attachment_is_refused(number: Any) -> None:
    with pytest.raises(PacketError):
        put_back(["a", {"b": {"_placeholder": True, "num": number}}], [b"only"])


@pytest.mark.parametrize("name", ["admin", "/a,b", "/" + "n" * 256])
def test_a_namespace_that_packets_cannot_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="namespace"):
        packets.check_namespace_name(name)
