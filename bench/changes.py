"""How long changes of messages take beside messages: edits, reactions and deletions at a steady rate."""

import asyncio
import random
from collections import defaultdict
from time import perf_counter

import orjson

from bench.clients import TEXT, close_all
from bench.figures import percentile
from bench.latency import DRAIN_TIMEOUT_SECONDS, PAIRS, SEED, Board, Correspondent
from bench.meter import Meter, Shares, verdict
from bench.order import BrokenPromiseError
from bench.servers import HyredChat, Pair, Person
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.waiting import until

MESSAGES_PER_SECOND = 500
CHANGES_PER_SECOND = 200
# Acknowledgements of changes are numbered from here.
FIRST_CHANGE = 1_000_000_000
KINDS = ("edit", "react", "delete")


class Editor(Correspondent):
    """One person of a pair, who also changes what they have sent."""

    def __init__(self, pair: Pair, person: Person, board: Board) -> None:
        super().__init__(pair, person, board)
        self.sent_ids: list[str] = []
        self.asked: dict[int, tuple[str, float]] = {}
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def change(self, kind: str, number: int) -> None:
        """Changes the newest of one's own messages, if there is one that was acknowledged."""
        if not self.sent_ids:
            return
        message_id = self.sent_ids.pop() if kind == "delete" else self.sent_ids[-1]
        events: dict[str, tuple[str, dict[str, object]]] = {
            "edit": ("edit_message", {"content": f"{number:010d} is another number."}),
            "react": ("react", {"emoji": "👍", "on": number % 2 == 0}),
            "delete": ("delete_message", {}),
        }
        event, fields = events[kind]
        number += FIRST_CHANGE
        self.asked[number] = (kind, perf_counter())
        self.transport.send(TEXT, b"42%d" % number + orjson.dumps([event, {"messageId": message_id, **fields}]))

    def on_acknowledgement(self, payload: bytes) -> None:
        """Notes the time of a change, and the ids of messages."""
        at = payload.index(b"[")
        asked = self.asked.pop(int(payload[2:at] or 0), None)
        if asked is None:
            super().on_acknowledgement(payload)
            data = orjson.loads(payload[at:])[0].get("data")
            if isinstance(data, dict) and data.get("senderId"):
                self.sent_ids.append(data["id"])
            return
        kind, asked_at = asked
        if not orjson.loads(payload[at:])[0]["success"]:
            raise BrokenPromiseError(f"refused: {payload!r}")
        self.seconds[kind].append(perf_counter() - asked_at)


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Offers messages and changes at random moments, whether or not earlier ones have come back."""
    progress(
        f"{CHANGES_PER_SECOND} changes/s beside {MESSAGES_PER_SECOND} messages/s for {settings.offered_seconds:g} s"
    )
    board = Board()
    people = [Editor(pair, person, board) for pair in await server.pairs(PAIRS) for person in (pair.va, pair.co)]
    meter = Meter(server)
    try:
        for place, person in enumerate(people):
            await person.connect(server.port_of(place))
            await person.join(person.room_id)
        await _offer(people, board, settings.offered_seconds)
        shares = meter.shares()
        if not await until(lambda: not any(person.asked for person in people), DRAIN_TIMEOUT_SECONDS):
            raise BrokenPromiseError("some changes were never acknowledged")
    finally:
        await close_all(list(people))
    return [_table(people, shares)]


async def _offer(people: list[Editor], board: Board, seconds: float) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same load every time
    due = perf_counter()
    end = due + seconds
    number = 0
    rate = MESSAGES_PER_SECOND + CHANGES_PER_SECOND
    while (due := due + chance.expovariate(rate)) < end:
        while (early := due - perf_counter()) > 0:  # noqa: ASYNC110 - a timer may fire early by half a millisecond
            await asyncio.sleep(early)
        person = chance.choice(people)
        if chance.random() * rate < MESSAGES_PER_SECOND:
            board.due.append(due)
            person.say(len(board.due) - 1)
        else:
            number += 1
            person.change(KINDS[number % len(KINDS)], number)


def _table(people: list[Editor], shares: Shares) -> Section:
    milliseconds = {kind: [1000 * each for person in people for each in person.seconds[kind]] for kind in KINDS}
    every = [each for values in milliseconds.values() for each in values]
    return Section(
        title=f"Changes at {CHANGES_PER_SECOND}/s beside {MESSAGES_PER_SECOND} messages/s",
        columns=("ms to acknowledgement", "p50", "p90", "p99", "most"),
        rows=[(kind, *(percentile(values, at) for at in (50, 90, 99, 100))) for kind, values in milliseconds.items()],
        notes=[f"{len(every):,} changes, all acknowledged.", shares.note(), *verdict(shares.others)],
        targets=[
            Target("ms, p50 of a change", percentile(every, 50), at_most=6.0),
            Target("ms, p99 of a change", percentile(every, 99), at_most=30.0),
        ],
    )
