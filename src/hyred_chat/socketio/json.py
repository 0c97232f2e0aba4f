"""JSON in and out: orjson, with a slower and more forgiving second try for the little that it refuses.

What orjson refuses and the standard module takes: lone surrogates, numbers that are infinite as a double, and (out)
integers over 64 bits. Letting them through lets the application refuse them with a sentence instead of a closed
connection.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

import orjson

from hyred_chat.socketio.errors import PacketError

TakeBinary = Callable[[bytes], Any]


def decode(data: bytes, max_nesting: int) -> Any:
    """Decode one JSON text.

    Raises:
        PacketError: it is not JSON, or arrays and objects are nested deeper than `max_nesting`.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        value = _decode_leniently(data)
    # Most packets have fewer brackets than levels allowed, which settles it without a look at the value.
    if data.count(b"[") + data.count(b"{") > max_nesting and _is_deeper_than(value, max_nesting):
        raise PacketError("JSON is nested too deeply")
    return value


def encode(value: Any, take_binary: TakeBinary) -> bytes:
    """Encode a value as JSON without white space. `orjson.Fragment` stands for JSON that is encoded already.

    Args:
        value: anything that orjson takes, and binary values anywhere in it.
        take_binary: gets each binary value, in order, and returns what stands for it in the JSON.

    Raises:
        TypeError, ValueError: the value cannot be JSON.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return _encode_leniently(value, take_binary)


def _decode_leniently(data: bytes) -> Any:
    try:
        return json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise PacketError("malformed JSON") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _encode_leniently(value: Any, take_binary: TakeBinary) -> bytes:
    def stand_in(unknown: Any) -> Any:
        if isinstance(unknown, (bytes, bytearray, memoryview)):
            return take_binary(bytes(unknown))
        return json.loads(orjson.dumps(unknown))

    return json.dumps(value, allow_nan=False, separators=(",", ":"), default=stand_in).encode()


def _is_deeper_than(value: Any, levels: int) -> bool:
    """Whether containers are nested deeper than `levels`. Looks at one level at a time, so depth costs no stack."""
    level = [value] if isinstance(value, (list, dict)) else []
    while level:
        if levels == 0:
            return True
        levels -= 1
        level = [
            child
            for container in level
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, (list, dict))
        ]
    return False
