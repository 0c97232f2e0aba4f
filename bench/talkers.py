"""Clients of the throughput measure: each keeps one message in flight and sends the next when it is acknowledged."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import orjson

from bench.clients import TEXT, Client
from bench.servers import Pair, Person

CONTENT_CHARS = 64
COUNTER_DIGITS = 10
NEW_MESSAGE = b'42["new_message",'
SUCCESS = b'[{"success":true,'
SEQ = b'"seq":'
SEQ_BYTES = len(SEQ) + 20


@dataclass(slots=True)
class Round:
    """What the talkers of one round share.

    `latencies` holds the seconds from send to acknowledgement, one for each acknowledged message, in the order of the
    acknowledgements: its length is the count. While it is `sampling`, whole messages are kept.
    """

    sending: bool = True
    sampling: bool = True
    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    refusals: list[bytes] = field(default_factory=list)


class Talker(Client):
    """Talks to an echo: an event with an acknowledgement, then the next. Nothing is parsed, the id is compared."""

    def __init__(self, pair: Pair, person: Person, shared: Round, *, prefix: str) -> None:
        super().__init__(person.token)
        self.pair = pair
        self.in_flight = False
        self.sent = 0
        self._round = shared
        self._record = shared.latencies.append
        self._packet = packet(pair.room_id, prefix)
        self._expected = b""
        self._sent_at = 0.0

    async def enter(self) -> None:
        """Joins the room of the pair."""
        await self.call("join_chat", {"chatRoomId": self.pair.room_id})

    def send_next(self) -> None:
        """Sends one message. Its acknowledgement sends the one after it."""
        self.sent = number = self.sent + 1
        self._expected = b"43%d[" % number
        self.in_flight = True
        self._sent_at = perf_counter()
        self.transport.send(TEXT, self._packet % (number, number, number))

    def on_acknowledgement(self, payload: bytes) -> None:
        """Records the time and goes on; before the first message, answers whoever called."""
        if not self.in_flight:
            super().on_acknowledgement(payload)
            return
        self._record(perf_counter() - self._sent_at)
        self.in_flight = False
        if not payload.startswith(self._expected):
            self._round.refusals.append(payload)
        elif self._round.sending:
            self.send_next()


class ChatTalker(Talker):
    """Talks to the chat: also writes down each `seq` that is acknowledged to it and each that it receives, in order.

    Parsing a message would cost more than storing it does. So the bytes around its `seq` are cut out here and read
    after the round, and messages are kept whole, to be compared, only while the round samples.
    """

    def __init__(self, pair: Pair, person: Person, shared: Round, *, prefix: str) -> None:
        super().__init__(pair, person, shared, prefix=prefix)
        self.person, self.prefix = person, prefix
        self.first_seq = 1
        self.acknowledged: list[bytes] = []
        self.received: list[bytes] = []
        self.samples: list[bytes] = []

    async def enter(self) -> None:
        """Joins the room and remembers where it stands."""
        self.first_seq = await self.join(self.pair.room_id) + 1

    def on_acknowledgement(self, payload: bytes) -> None:
        """As for an echo, and the answer has to be a stored message."""
        if self.in_flight:
            at = payload.find(SEQ)
            if at < 0 or SUCCESS not in payload:
                self._round.refusals.append(payload)
                self.in_flight = False
                return
            self.acknowledged.append(payload[at : at + SEQ_BYTES])
            if self._round.sampling:
                self.samples.append(payload)
        super().on_acknowledgement(payload)

    def on_event(self, payload: bytes) -> None:
        """Writes down the `seq` of a live message; other events are none of this measure's business."""
        if payload.startswith(NEW_MESSAGE):
            at = payload.find(SEQ)
            self.received.append(payload[at : at + SEQ_BYTES])
            if self._round.sampling:
                self.samples.append(payload)


def seqs(cuttings: Sequence[bytes]) -> list[int]:
    """Reads what a talker cut out. Raises ValueError when there is no `seq` in one."""
    return [int(cutting[len(SEQ) :].partition(b",")[0].rstrip(b"}]")) for cutting in cuttings]


def content(number: int) -> str:
    """The 64 characters that a talker's message `number` says."""
    return f"{number:0{COUNTER_DIGITS}d}" + filler()


def filler() -> str:
    """What follows the counter."""
    return " is the number of this message and the rest of it is padding."[: CONTENT_CHARS - COUNTER_DIGITS]


def packet(room_id: str, prefix: str) -> bytes:
    """A template of the packet. The message's number goes in three times: as acknowledgement id, and twice as text."""
    message = {"chatRoomId": room_id, "content": "\0" + filler(), "clientMessageId": f"{prefix}-\0"}
    body = orjson.dumps(["send_message", message])
    return b"42%d" + body.replace(b"%", b"%%").replace(b"\\u0000", b"%%0%dd" % COUNTER_DIGITS)
