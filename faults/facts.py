"""A history, read once: who had what of each room and when, what was asked and answered, and what is stored."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from faults.history import Record

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise.

    Attributes:
        promise: which, in a word.
        at: seconds since the beginning; None for the end.
    """

    promise: str
    text: str
    at: float | None = None

    def __str__(self) -> str:
        when = "at the end" if self.at is None else f"at {self.at:.2f} s"
        return f"{self.promise}: {self.text} ({when})"


@dataclass(slots=True)
class Span:
    """A socket in a room, from the answer to its joining until it leaves or is lost.

    Attributes:
        through: the nodes by which anything reaches it, its own included.
        last: the newest seq that it was told.
        joined_at: when it was answered; None if it never was.
        until: None if it still is in the room at the end.
        heard: when it was told of each seq.
    """

    device: str
    room: str
    node: str
    through: tuple[str, ...]
    last: int
    joined_at: float | None = None
    until: float | None = None
    heard: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Send:
    """All attempts to send one message: (began, ended, outcome), and the answers: (ended, id, seq)."""

    room: str
    attempts: list[tuple[float, float, str]] = field(default_factory=list)
    answers: list[tuple[float, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Trouble:
    """A fault."""

    name: str
    began: float
    ended: float
    detail: str = ""


class Facts:
    """What the records say, and what is wrong with it that can be seen while reading them in order.

    Attributes:
        start: the first record.
        spans: every socket in every room.
        current: those that are there at the end, by device and room.
        held: what each device has: {(device, room): {seq: id}}.
        lists: what each device's list shows of each room: {(device, room): (lastSeq, lastReadSeq, unread)}.
        own_reads: how far each device knows that it has read: {(device, room): seq}.
        sends: {(user, clientMessageId): Send}.
        connected: the devices that are connected at the end, and where.
        reads: the `read` operations that were answered.
        stored: {room: record}.
        bare: the answers without an envelope.
        outcomes: {op: {outcome: count}}.
        violations: found so far.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self.start: Record = {}
        self.spans: list[Span] = []
        self.current: dict[Key, Span] = {}
        self.held: defaultdict[Key, dict[int, str]] = defaultdict(dict)
        self.lists: dict[Key, tuple[int, int, int]] = {}
        self.own_reads: defaultdict[Key, int] = defaultdict(int)
        self.sends: dict[Key, Send] = {}
        self.reads: list[Record] = []
        self.stored: dict[str, Record] = {}
        self.pages: list[Record] = []
        self.fetched: list[Record] = []
        self.presence: list[Record] = []
        self.bare: list[Record] = []
        self.logged: list[Record] = []
        self.troubles: dict[int, Trouble] = {}
        self.outcomes: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.connected: dict[str, str] = {}
        self.healed_at = self.ended_at = 0.0
        self.violations: list[Violation] = []
        self._is_over = False
        self._places: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._stored_ids: dict[str, dict[int, str]] = {}
        self._ids: dict[tuple[str, int], str] = {}
        self._left: set[Key] = set()
        self._receipts: dict[tuple[str, str, str], int] = {}
        self._listed: dict[Key, int] = {}
        for record in records:
            if self._is_over and "device" in record:
                continue
            self.counts[record["kind"]] += 1
            getattr(self, f"_on_{record['kind']}")(record)

    def name_message(self, room: str, seq: int, message_id: str, at: float | None) -> None:
        """Somebody says which message is number `seq` of a room; all must agree."""
        known = self._ids.setdefault((room, seq), message_id)
        if known != message_id:
            self._add("order", f"number {seq} of {room} is {known} for one and {message_id} for another", at)

    def stored_ids(self, room: str) -> dict[int, str]:
        """The stored messages of a room, by seq."""
        return self._stored_ids.get(room, {})

    def _add(self, promise: str, text: str, at: float | None) -> None:
        self.violations.append(Violation(promise, text, at))

    def _on_start(self, record: Record) -> None:
        self.start = record

    def _on_fault(self, record: Record) -> None:
        if record["edge"] == "begin":
            self.troubles[record["number"]] = Trouble(record["name"], record["t"], record["t"])
        else:
            trouble = self.troubles[record["number"]]
            trouble.ended, trouble.detail = record["t"], record["detail"]

    def _on_over(self, record: Record) -> None:
        self._is_over = True
        self.ended_at = record["t"]

    def _on_healed(self, record: Record) -> None:
        self.healed_at = record["t"]

    def _on_op(self, record: Record) -> None:
        self.outcomes[record["op"]][record["outcome"]] += 1
        if record["op"] == "send":
            send = self.sends.setdefault((record["user"], record["clientMessageId"]), Send(record["room"]))
            send.attempts.append((record["began"], record["t"], record["outcome"]))
            if record["outcome"] == "ok":
                send.answers.append((record["t"], record["id"], record["seq"]))
                self.name_message(record["room"], record["seq"], record["id"], record["t"])
        elif record["outcome"] == "ok":
            self.reads.append(record)
            key = (record["device"], record["room"])
            self.own_reads[key] = max(self.own_reads[key], record["position"])

    def _on_connected(self, record: Record) -> None:
        self.connected[record["device"]] = record["node"]
        self._places[record["device"]] = (record["node"], tuple(record["through"]))
        for key in [key for key in self._receipts if key[0] == record["device"]]:
            del self._receipts[key]
        for pair in [pair for pair in self._listed if pair[0] == record["device"]]:
            del self._listed[pair]

    def _on_disconnected(self, record: Record) -> None:
        self.connected.pop(record["device"], None)
        for key in [key for key in self.current if key[0] == record["device"]]:
            self.current.pop(key).until = record["t"]
        self._left = {key for key in self._left if key[0] != record["device"]}

    def _on_joining(self, record: Record) -> None:
        key = (record["device"], record["room"])
        self._left.discard(key)
        self.current[key] = span = Span(*key, *self._places[key[0]], record["after"])
        self.spans.append(span)

    def _on_joined(self, record: Record) -> None:
        if (span := self.current.get((record["device"], record["room"]))) is not None:
            span.joined_at = record["t"]

    def _on_leaving(self, record: Record) -> None:
        key = (record["device"], record["room"])
        self._left.add(key)
        if (span := self.current.pop(key, None)) is not None:
            span.until = record["t"]

    def _on_history(self, record: Record) -> None:
        for seq, message_id in record["messages"]:
            self._hear(record, seq, message_id)

    def _on_synced(self, record: Record) -> None:
        for number, (seq, message_id) in enumerate(record["messages"], start=record["after"] + 1):
            if seq != number:
                text = f"{record['device']} asked for {record['room']} and got {seq}, not {number}"
                self._add("order", text, record["t"])
            self._hold(record, seq, message_id)

    def _on_message(self, record: Record) -> None:
        self._hear(record, record["seq"], record["id"])
        if record["isOwn"] != (record["sender"] == self.start["devices"][record["device"]]):
            self._add("order", f"{record['id']} is told to {record['device']} as somebody else's", record["t"])

    def _on_receipt(self, record: Record) -> None:
        key = (record["device"], record["room"], record["reader"])
        if record["seq"] < self._receipts.get(key, 0):
            text = f"{record['device']} is told that {record['reader']} has read {record['room']} up to {record['seq']}"
            self._add("positions", f"{text}, after {self._receipts[key]}", record["t"])
        self._receipts[key] = record["seq"]

    def _on_list(self, record: Record) -> None:
        key, found = (record["device"], record["room"]), (record["lastSeq"], record["lastReadSeq"], record["unread"])
        if record["live"]:
            if record["lastReadSeq"] < self._listed.get(key, 0):
                text = f"the list of {record['device']} has {record['room']} read up to {record['lastReadSeq']}"
                self._add("positions", f"{text}, after {self._listed[key]}", record["t"])
            self._listed[key] = record["lastReadSeq"]
        known = self.lists.get(key, (0, 0, 0))
        if found[0] >= known[0] and found[1] >= known[1]:
            self.lists[key] = found

    def _on_seen(self, record: Record) -> None:
        self.counts[record["event"]] += 1

    def _on_stored(self, record: Record) -> None:
        self.stored[record["room"]] = record
        self._stored_ids[record["room"]] = {seq: message_id for seq, message_id, _, _ in record["messages"]}
        for seq, message_id, _, _ in record["messages"]:
            self.name_message(record["room"], seq, message_id, None)

    def _on_fetched(self, record: Record) -> None:
        self.fetched.append(record)

    def _on_page(self, record: Record) -> None:
        self.pages.append(record)

    def _on_presence(self, record: Record) -> None:
        self.presence.append(record)

    def _on_bare(self, record: Record) -> None:
        self.bare.append(record)

    def _on_log(self, record: Record) -> None:
        self.logged.append(record)

    def _hear(self, record: Record, seq: int, message_id: str) -> None:
        key = (record["device"], record["room"])
        span = self.current.get(key)
        if span is None:
            if key not in self._left:
                self._add("order", f"{key[0]} is told of {key[1]} without being in it", record["t"])
        elif seq == span.last + 1:
            span.last = seq
            span.heard[seq] = record["t"]
        else:
            what = "again" if seq <= span.last else "too early"
            self._add("order", f"{key[0]} is told of number {seq} of {key[1]} {what}, after {span.last}", record["t"])
            span.last = max(span.last, seq)
        self._hold(record, seq, message_id)

    def _hold(self, record: Record, seq: int, message_id: str) -> None:
        self.held[record["device"], record["room"]][seq] = message_id
        self.name_message(record["room"], seq, message_id, record["t"])


def user_of(facts: Facts, device: str) -> str:
    """Whose device it is."""
    user: Any = facts.start["devices"][device]
    return str(user)
