"""JSON in and out: orjson, with a slower and more forgiving second try for the little that it refuses.

What orjson refuses and the standard module takes: lone surrogates, numbers that are infinite as a double, and (out)
integers over 64 bits. Letting them through lets the application refuse them with a sentence instead of a closed
connection.
"""

import json
from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple, NoReturn

import orjson

from hyred_chat.socketio.errors import PacketError

TakeBinary = Callable[[bytes], Any]


class Bounds(NamedTuple):
    """What a JSON text may hold.

    Attributes:
        nesting: the levels of arrays and objects.
        brackets: opening brackets and braces, those in strings included. They are counted before anything is made of
            the text: each array and each object costs time and memory, however short it is.
    """

    nesting: int
    brackets: int


def decode(data: bytes, bounds: Bounds) -> Any:
    """Decode one JSON text.

    Raises:
        PacketError: it is not JSON, or beyond a bound.
    """
    brackets = data.count(b"[") + data.count(b"{")
    if brackets > bounds.brackets:
        raise PacketError("JSON has too many arrays and objects")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        value = _decode_leniently(data)
    # Most packets have fewer brackets than levels allowed, which settles it without a look at the value.
    if brackets > bounds.nesting and _is_deeper_than(value, bounds.nesting):
        raise PacketError("JSON is nested too deeply")
    return value


def encode_leniently(value: Any, take_binary: TakeBinary) -> bytes:
    """Encode a value that orjson has refused as JSON without white space.

    Args:
        value: anything that orjson takes, and binary values anywhere in it.
        take_binary: gets each binary value, in order, and returns what stands for it in the JSON.

    Raises:
        TypeError, ValueError: the value cannot be JSON.
    """

    def stand_in(unknown: Any) -> Any:
        if isinstance(unknown, (bytes, bytearray, memoryview)):
            return take_binary(bytes(unknown))
        return json.loads(orjson.dumps(unknown))

    return json.dumps(value, allow_nan=False, separators=(",", ":"), default=stand_in).encode()


def _decode_leniently(data: bytes) -> Any:
    try:
        return json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise PacketError("malformed JSON") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _is_deeper_than(value: Any, levels: int) -> bool:
    """Whether containers are nested deeper than `levels`. Looks at one level at a time, so depth costs no stack."""
    level = [value] if isinstance(value, (list, dict)) else []
    while level:
        if levels == 0:
            return True
        levels -= 1
        children = chain.from_iterable(each.values() if type(each) is dict else each for each in level if each)
        level = [child for child in children if type(child) is list or type(child) is dict]
    return False
