"""How long from one person to the other when the server is not saturated: messages offered at a steady rate."""

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from time import perf_counter

import orjson

from bench.clients import TEXT, Client, close_all
from bench.figures import percentile
from bench.meter import Meter, Shares, verdict
from bench.order import BrokenPromiseError
from bench.plots import Percentiles
from bench.servers import HyredChat, Pair, Person
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.waiting import until

PAIRS = 50
SEED = 20_260_801
DRAIN_TIMEOUT_SECONDS = 10.0
MAX_LATE_MS = 5.0


@dataclass(slots=True)
class Board:
    """What was sent, and when it was due, sent, acknowledged and received by the other person: seconds by number."""

    due: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    acknowledged: dict[int, float] = field(default_factory=dict)
    received: dict[int, float] = field(default_factory=dict)


class Correspondent(Client):
    """One person of a pair, who sends when told to and notes when the other's messages come."""

    def __init__(self, pair: Pair, person: Person, board: Board) -> None:
        super().__init__(person.token)
        self.room_id = pair.room_id
        self._board = board
        self._prefix = uuid.uuid4().hex[:24]
        self._started = False

    def say(self, number: int) -> None:
        """Sends the message with this number; the number is its acknowledgement id and the beginning of its content."""
        self._started = True
        message_id = f"{self._prefix}-{number:010d}"
        body = {"chatRoomId": self.room_id, "content": self.text_of(number), "clientMessageId": message_id}
        self.transport.send(TEXT, b"42%d" % number + orjson.dumps(["send_message", body]))
        self._board.sent.append(perf_counter())

    def text_of(self, number: int) -> str:
        """What it says: the number first, in ten digits."""
        return f"{number:010d} is a number, and the rest of this is here to be of length."[:64]

    def on_acknowledgement(self, payload: bytes) -> None:
        """Notes the time, and refuses a refusal."""
        if not self._started:
            super().on_acknowledgement(payload)
            return
        at = payload.index(b"[")
        if not orjson.loads(payload[at:])[0]["success"]:
            raise BrokenPromiseError(f"refused: {payload!r}")
        self._board.acknowledged[int(payload[2:at])] = perf_counter()

    def on_event(self, payload: bytes) -> None:
        """Notes when a message of the other person came. One that comes twice is the end of the run."""
        received_at = perf_counter()
        name, message = orjson.loads(payload[2:])[:2]
        if name != "new_message" or message["isOwn"]:
            return
        number = int(message["content"][:10])
        if number in self._board.received:
            raise BrokenPromiseError(f"message {number} came twice")
        self._board.received[number] = received_at


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Offers messages at random moments (a Poisson process), whether or not earlier ones have come back."""
    progress(f"{settings.offered_per_second} messages/s offered for {settings.offered_seconds:g} s")
    board, cpu = await run(server, settings)
    return [table(board, settings, cpu)]


async def run(server: HyredChat, settings: Settings) -> tuple[Board, Shares]:
    """Offers them; what became of them, and what it cost."""
    board = Board()
    people = await seat(server, board)
    meter = Meter(server)
    try:
        await offer(people, board, settings)
        cpu = meter.shares()
        await drain(people, board)
    finally:
        await close_all(list(people))
    return board, cpu


async def seat(server: HyredChat, board: Board) -> list[Correspondent]:
    """Connects and joins both people of each pair."""
    people = [Correspondent(pair, person, board) for pair in await server.pairs(PAIRS) for person in (pair.va, pair.co)]
    for place, person in enumerate(people):
        await person.connect(server.port_of(place))
        await person.join(person.room_id)
    return people


async def offer(people: list[Correspondent], board: Board, settings: Settings) -> None:
    """Sends each message when it is due. The schedule never waits for the server."""
    chance = random.Random(SEED)  # noqa: S311 - the same load every time
    due = perf_counter()
    end = due + settings.offered_seconds
    while (due := due + chance.expovariate(settings.offered_per_second)) < end:
        while (early := due - perf_counter()) > 0:  # noqa: ASYNC110 - a timer may fire early by half a millisecond
            await asyncio.sleep(early)
        board.due.append(due)
        chance.choice(people).say(len(board.due) - 1)


async def drain(people: list[Correspondent], board: Board) -> None:
    """Waits until everything was acknowledged and received. Raises BrokenPromiseError when something never came."""
    total = len(board.due)
    if not await until(lambda: min(len(board.acknowledged), len(board.received)) >= total, DRAIN_TIMEOUT_SECONDS):
        raise BrokenPromiseError(
            f"{total} sent, {len(board.acknowledged)} acknowledged, {len(board.received)} received, "
            f"{sum(person.lost for person in people)} connections lost"
        )


def table(board: Board, settings: Settings, cpu: Shares) -> Section:
    """Counted from the moment at which a message was due: a stall is charged to every message that it delays."""
    milliseconds = {
        "sent to received by the other person": [(board.received[n] - due) * 1000 for n, due in enumerate(board.due)],
        "sent to acknowledged": [(board.acknowledged[n] - due) * 1000 for n, due in enumerate(board.due)],
        "of these, the generator late": [(sent - due) * 1000 for due, sent in zip(board.due, board.sent, strict=True)],
    }
    receipts, _, late = milliseconds.values()
    if percentile(late, 99) > MAX_LATE_MS:
        progress(f"the generator itself was late by {percentile(late, 99):.1f} ms (p99): these figures are too high")
    return Section(
        title=f"Latency at {settings.offered_per_second} messages/s offered",
        columns=("ms", "p50", "p90", "p99", "most"),
        rows=[(what, *(percentile(values, at) for at in (50, 90, 99, 100))) for what, values in milliseconds.items()],
        notes=[
            f"{len(board.due):,} messages among {PAIRS} pairs at random moments, all received once.",
            cpu.note(),
            *verdict(cpu.others),
        ],
        targets=[
            Target("ms, p50 from send to receipt", percentile(receipts, 50), at_most=5.0),
            Target("ms, p99 from send to receipt", percentile(receipts, 99), at_most=25.0),
        ],
        plots=[
            Percentiles(
                name="latency",
                title=f"Latency at {settings.offered_per_second} messages a second",
                subtitle="milliseconds in which that share of the messages was there",
                lines={what: values for what, values in milliseconds.items() if values is not late},
            )
        ],
    )
