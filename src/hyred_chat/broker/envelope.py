"""The envelope in which everything crosses from node to node.

    version    1 byte    1
    kind       1 byte    what the body is; receivers ignore kinds that they do not know
    flags      1 byte    bit 0: the body was too large and is left out; others are ignored
    fields     1 byte    how many header fields follow
    each field 1 byte    its number; receivers skip numbers that they do not know
               2 bytes   the length of its value, big endian
               …         its value
    body       the rest

Numbers of kinds and of fields are never given a second meaning. So nodes of one version and of the next understand
each other. A change that old nodes must not misread gets another version byte, which they refuse.
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple

from hyred_chat.broker.errors import EnvelopeError

VERSION = 1
# A larger message can make Redis close a subscriber's connection, with everything else that was on its way to it.
MAX_ENVELOPE_BYTES = 65_536
MAX_HEADER_BYTES = 4_096
_TRUNCATED = 1
_START = struct.Struct(">BBBB")
_FIELD = struct.Struct(">BH")

START_BYTES = _START.size


def encode_field(number: int, value: bytes) -> bytes:
    """A header field as it is encoded; the first one begins after `START_BYTES`."""
    return _FIELD.pack(number, len(value)) + value


class Envelope(NamedTuple):
    """What one node tells others.

    Attributes:
        kind: 0 to 255.
        fields: header fields by number (0 to 255), as bytes.
        body: an encoded event. Empty if `is_truncated`.
        is_truncated: the body was too large: the receiver has to read it from where the truth is.
    """

    kind: int
    fields: Mapping[int, bytes]
    body: bytes = b""
    is_truncated: bool = False

    def encode(self) -> bytes:
        """At most `MAX_ENVELOPE_BYTES`; the body is left out if it does not fit.

        Raises:
            EnvelopeError: a header larger than `MAX_HEADER_BYTES`, or a number out of range.
        """
        try:
            # As `encode_field`, without a call for each: every message is told in one of these.
            header = b"".join([_FIELD.pack(number, len(value)) + value for number, value in self.fields.items()])
            is_truncated = self.is_truncated or _START.size + len(header) + len(self.body) > MAX_ENVELOPE_BYTES
            start = _START.pack(VERSION, self.kind, _TRUNCATED if is_truncated else 0, len(self.fields))
        except struct.error as error:
            raise EnvelopeError("a kind, a field's number or a field's length is out of range") from error
        if len(header) > MAX_HEADER_BYTES:
            raise EnvelopeError(f"the header has {len(header)} bytes, and may have {MAX_HEADER_BYTES}")
        return start + header if is_truncated else start + header + self.body


def decode(data: bytes) -> Envelope:
    """Read an envelope. Raises EnvelopeError for anything that is none."""
    if len(data) > MAX_ENVELOPE_BYTES:
        raise EnvelopeError("the envelope is too large")
    try:
        version, kind, flags, count = _START.unpack_from(data)
        if version != VERSION:
            raise EnvelopeError(f"the envelope has version {version}, and this program reads {VERSION}")
        fields: dict[int, bytes] = {}
        position = _START.size
        for _ in range(count):
            number, length = _FIELD.unpack_from(data, position)
            position += _FIELD.size + length
            fields[number] = data[position - length : position]
    except struct.error as error:
        raise EnvelopeError("the envelope ends within its header") from error
    if position > len(data):
        raise EnvelopeError("the envelope ends within its header")
    return Envelope(kind, fields, data[position:], bool(flags & _TRUNCATED))
