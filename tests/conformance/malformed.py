"""Malformed input from a seed: packets, payloads, frames and requests that were valid before they were bent."""

from random import Random

from tests.conformance.endpoints import Endpoint
from tests.conformance.frames import BINARY, TEXT, encode_frame, encode_length, encode_upgrade

PACKETS = [
    b"40",
    b'40/custom,{"token":"123"}',
    b"41/custom,",
    b'42["message",1,"2",{"3":[true]}]',
    b'42456["message-with-ack",1,"2",{"3":[false]}]',
    b'430["bar"]',
    b'44{"message":"no"}',
    b'452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
    b'461-15["bar",{"_placeholder":true,"num":0}]',
    b"bAQIDBA==",
    b"2probe",
    b"3",
    b"5",
    b"6",
    b"1",
    b'0{"sid":"x"}',
]
# What parsers stumble over.
TOKENS = [
    b"\x1e",
    b"b",
    b"=",
    b"/",
    b",",
    b"-",
    b"4",
    b"45",
    b"[",
    b"]",
    b"{",
    b'"',
    b"\\",
    b"\\ud800",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x9a\x80",
    b"NaN",
    b"1e999",
    b"9" * 400,
    b"9" * 5000,
    b"[" * 3000,
    b'{"a":' * 3000,
    b'{"_placeholder":true,"num":1e9}',
    b'{"_placeholder":true,"num":"x"}',
    b"/custom,",
    b"/" + b"n" * 5000 + b",",
]


class Malformed:
    """An endless supply of malformed input, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - nobody should be unable to guess it
        self._bends = [
            self._flip,
            self._cut,
            self._repeat,
            self._insert,
            self._splice,
            self._scramble,
        ]

    def packet(self) -> bytes:
        """An Engine.IO packet that is probably none any more."""
        packet = self.random.choice(PACKETS)
        for _ in range(self.random.randint(1, 3)):
            packet = self.random.choice(self._bends)(packet)
        return packet

    def payload(self) -> bytes:
        """The body of a POST: one to four packets, some of them valid."""
        packets = [self._any_packet() for _ in range(self.random.randint(0, 3))]
        packets.insert(self.random.randint(0, len(packets)), self.packet())
        return b"\x1e".join(packets)

    def frame(self) -> bytes:
        """One WebSocket frame: mostly its payload is malformed, at times it is itself."""
        payload = self._any_packet()
        opcode = self.random.choice([TEXT, TEXT, TEXT, BINARY])
        if self.random.random() < 0.7:
            return encode_frame(self.packet(), opcode)
        bent = {
            "opcode": self.random.randrange(16),
            "final": self.random.random() < 0.5,
            "reserved": self.random.choice([0, 0, self.random.randrange(8)]),
            "masked": self.random.random() < 0.8,
            "length": self.random.choice([None, encode_length(self.random.randrange(1 << 64), 8)]),
        }
        return encode_frame(payload, **bent)  # type: ignore[arg-type]

    def request(self, endpoint: Endpoint) -> bytes:
        """One HTTP request, to open a WebSocket or to poll, bent anywhere."""
        target = endpoint.polling(sid=self.random.choice([None, "nobody"])).removeprefix(endpoint.origin)
        method = self.random.choice(["GET", "POST", "OPTIONS", "HEAD"])
        request = self.random.choice(
            [
                encode_upgrade(endpoint),
                f"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n4hello".encode(),
                f"POST {target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n4\r\n0\r\n\r\n".encode(),
            ]
        )
        for _ in range(self.random.randint(0, 3)):
            request = self.random.choice(self._bends[:4])(request)
        return request

    def _any_packet(self) -> bytes:
        return self.random.choice(PACKETS) if self.random.random() < 0.5 else self.packet()

    def _flip(self, data: bytes) -> bytes:
        index = self._index(data)
        return data[:index] + bytes([self.random.randrange(256)]) + data[index + 1 :]

    def _cut(self, data: bytes) -> bytes:
        start = self._index(data)
        return data[:start] + data[start + self.random.randint(1, 8) :]

    def _repeat(self, data: bytes) -> bytes:
        start = self._index(data)
        end = start + self.random.randint(1, 8)
        return data[:end] + data[start:end] * self.random.randint(1, 4) + data[end:]

    def _insert(self, data: bytes) -> bytes:
        index = self._index(data)
        return data[:index] + self.random.choice(TOKENS) + data[index:]

    def _splice(self, data: bytes) -> bytes:
        other = self.random.choice(PACKETS)
        return data[: self._index(data)] + other[self._index(other) :]

    def _scramble(self, data: bytes) -> bytes:
        return bytes(self.random.sample(data, len(data)))

    def _index(self, data: bytes) -> int:
        return self.random.randint(0, len(data))
