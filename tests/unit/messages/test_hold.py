"""Messages that come out of order: held for a moment, handed out once each and in order, or left to the database."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hyred_chat.messages.additions import Additions
from hyred_chat.messages.hold import HOLD_SECONDS, MAX_BYTES, MAX_ROOM_BYTES, MAX_ROOM_MESSAGES, ChangeHold, Hold
from hyred_chat.messages.records import EncodedMessage, MessageRecord, encode_message
from hyred_chat.rooms.state import RoomState
from tests.clocks import FakeClock

ROOMS = ("one", "two", "three")


def room(room_id: str, last_seq: int = 0) -> RoomState:
    return RoomState(
        id=room_id,
        type="group",
        status="active",
        title=None,
        avatar=None,
        created_at="2026-01-01T00:00:00.000Z",
        last_message_at=None,
        last_seq=last_seq,
        last_message=None,
        members={},
    )


def message(room_id: str, seq: int, content: str = "Hello") -> tuple[MessageRecord, EncodedMessage]:
    record = MessageRecord(
        room_id, seq, f"{room_id}-{seq}", None, "ana", content, "text", None, "2026-01-01T00:00:00.000Z"
    )
    return record, encode_message(record, b"{}", "sent")


class Node:
    """What stands around the hold: rooms in memory, what was handed out, and the rooms that were given up."""

    def __init__(self, rooms: tuple[str, ...] = ROOMS, last_seq: int = 0) -> None:
        self.clock = FakeClock()
        self.states = {room_id: room(room_id, last_seq) for room_id in rooms}
        self.handed_out: dict[str, list[int]] = {room_id: [] for room_id in rooms}
        self.given_up: list[str] = []
        self.hold = Hold(self.states.get, self._hand_out, self.given_up.append, clock=lambda: self.clock)

    def receive(self, room_id: str, seq: int, content: str = "Hello", *, is_news: bool = False) -> None:
        self.hold.receive(*message(room_id, seq, content), is_news=is_news)

    def _hand_out(self, state: RoomState, record: MessageRecord, _: EncodedMessage | None) -> None:
        self.handed_out[state.id].append(record.seq)
        if record.seq > state.last_seq:
            state.advance(record)


@pytest.fixture
def node() -> Node:
    return Node()


def test_what_follows_is_handed_out_at_once(node: Node) -> None:
    for seq in (1, 2, 3):
        node.receive("one", seq)
        assert node.handed_out["one"][-1] == seq
    assert len(node.hold) == 0


def test_what_does_not_follow_waits_for_what_is_missing(node: Node) -> None:
    node.receive("one", 3)
    node.receive("one", 2)
    assert node.handed_out["one"] == []
    node.receive("one", 1)
    assert node.handed_out["one"] == [1, 2, 3]
    node.clock.pass_by(10)
    assert node.given_up == []


def test_what_comes_again_is_dropped_whether_it_was_held_or_handed_out(node: Node) -> None:
    for seq in (1, 1, 3, 3, 1, 2, 3, 2, 1):
        node.receive("one", seq)
    assert node.handed_out["one"] == [1, 2, 3]


def test_a_room_whose_missing_message_does_not_come_is_healed_within_a_tenth_of_a_second(node: Node) -> None:
    node.receive("one", 2)
    node.clock.pass_by(0.05)
    assert node.given_up == []
    node.clock.pass_by(0.05)
    assert node.given_up == ["one"]
    assert len(node.hold) == 0


def test_each_message_waits_by_its_own_time(node: Node) -> None:
    """A room in which something is always being waited for is not healed for that alone."""
    node.receive("one", 2)
    for seq in range(1, 100, 2):
        node.clock.pass_by(HOLD_SECONDS * 0.8)
        node.receive("one", seq + 3)
        node.receive("one", seq)
    assert node.given_up == []
    assert node.handed_out["one"] == list(range(1, 101))


def test_a_message_that_is_known_to_exist_is_waited_for_as_long(node: Node) -> None:
    node.hold.expect("one", 2)
    node.receive("one", 1)
    node.hold.expect("two", 1)
    node.receive("two", 1)
    node.hold.expect("three", 0)
    node.hold.expect("nowhere", 5)
    node.clock.pass_by(0.1)
    assert node.given_up == ["one"]


def test_what_was_read_with_the_room_is_told_only_by_who_stored_it() -> None:
    """Those who joined have it from history; the others have not heard of it yet."""
    node = Node(last_seq=5)
    node.receive("one", 5)
    assert node.handed_out["one"] == []
    node.receive("one", 5, is_news=True)
    node.receive("one", 6)
    node.receive("one", 6, is_news=True)
    assert node.handed_out["one"] == [5, 6]


def test_the_newest_message_that_was_read_with_the_room_is_told_though_it_is_only_said_to_be_there() -> None:
    node = Node(last_seq=5)
    node.states["one"].last_message, _ = message("one", 5)
    node.hold.expect("one", 5)
    node.hold.expect("one", 4, is_news=True)
    assert node.handed_out["one"] == []
    node.hold.expect("one", 5, is_news=True)
    node.receive("one", 6)
    node.hold.expect("one", 6, is_news=True)
    assert node.handed_out["one"] == [5, 6]


def test_a_room_that_is_not_in_memory_keeps_nothing(node: Node) -> None:
    node.receive("nowhere", 7)
    assert len(node.hold) == 0


def test_more_than_a_room_may_hold_heals_it_at_once(node: Node) -> None:
    for seq in range(2, MAX_ROOM_MESSAGES + 2):
        node.receive("one", seq)
    assert node.given_up == []
    node.receive("one", MAX_ROOM_MESSAGES + 2)
    assert node.given_up == ["one"]
    for seq in (2, 3, 4):
        node.receive("two", seq, "x" * (MAX_ROOM_BYTES // 5))
    assert node.given_up == ["one", "two"]
    assert len(node.hold) == 0


def test_all_rooms_together_hold_no_more_than_their_bound() -> None:
    rooms = tuple(f"room-{number}" for number in range(MAX_BYTES * 2 // MAX_ROOM_BYTES))
    node = Node(rooms)
    for room_id in rooms:
        node.receive(room_id, 2, "x" * (MAX_ROOM_BYTES // 2 - 2000))
    assert 0 < len(node.hold) < len(rooms)
    assert set(node.given_up) == set(rooms[len(node.hold) :])
    node.clock.pass_by(0.1)
    assert len(node.hold) == 0


def test_a_message_that_cannot_be_handed_out_keeps_no_other_room_waiting(caplog: pytest.LogCaptureFixture) -> None:
    node = Node()

    def fail(state: RoomState, record: MessageRecord, _: EncodedMessage) -> None:
        if state.id == "one":
            raise ValueError
        state.advance(record)

    hold = Hold(node.states.get, fail, node.given_up.append, clock=lambda: node.clock)
    hold.receive(*message("one", 1))
    hold.receive(*message("two", 1))
    assert node.states["two"].last_seq == 1
    assert "Message 1 of room one could not be handed out" in caplog.text
    hold.receive(*message("one", 2))
    node.clock.pass_by(0.1)
    assert node.given_up == ["one"]


class Broker(RuleBasedStateMachine):
    """Messages that are stored, and reach a node late, doubled, in any order or not at all.

    The database is the node's other way: a room that is given up is read from it, a while later.
    """

    def __init__(self) -> None:
        super().__init__()
        self.node = Node()
        self.stored = dict.fromkeys(ROOMS, 0)
        self.under_way: list[tuple[str, int]] = []

    @rule(room_id=st.sampled_from(ROOMS), times=st.integers(0, 2))
    def store(self, room_id: str, times: int) -> None:
        self.stored[room_id] += 1
        self.under_way += [(room_id, self.stored[room_id])] * times

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.under_way) - 1))
        self.node.receive(*self.under_way.pop(place))

    @rule(room_id=st.sampled_from(ROOMS))
    def announce(self, room_id: str) -> None:
        self.node.hold.expect(room_id, self.stored[room_id])

    @rule(seconds=st.sampled_from([0.001, 0.04, 0.2]))
    def pass_by(self, seconds: float) -> None:
        self.node.clock.pass_by(seconds)

    @precondition(lambda self: self.node.given_up)
    @rule()
    def heal(self) -> None:
        room_id = self.node.given_up.pop(0)
        for seq in range(self.node.states[room_id].last_seq + 1, self.stored[room_id] + 1):
            self.node.receive(room_id, seq)

    @invariant()
    def everything_is_handed_out_once_and_in_order(self) -> None:
        for seqs in self.node.handed_out.values():
            assert seqs == list(range(1, len(seqs) + 1))

    def teardown(self) -> None:
        """Once nothing comes any more, nothing is held, and every room that heard of anything is whole."""
        heard_of = {room_id for room_id in ROOMS if self.stored[room_id]}
        for room_id in heard_of:
            self.node.hold.expect(room_id, self.stored[room_id])
        self.node.clock.pass_by(HOLD_SECONDS)
        assert len(self.node.hold) == 0
        while self.node.given_up:
            self.heal()
        for room_id in heard_of:
            assert len(self.node.handed_out[room_id]) == self.stored[room_id]
        assert self.node.hold._bytes == 0


TestBroker = Broker.TestCase
TestBroker.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


def changed(seq: int, change: int) -> MessageRecord:
    record, _ = message("one", seq)
    record.additions = Additions(change=change)
    return record


def test_changes_wait_for_those_before_them_and_for_their_message() -> None:
    clock, state, given_up = FakeClock(), room("one", 1), list[str]()
    handed_out: list[int] = []

    def hand_out(state: RoomState, record: MessageRecord) -> None:
        handed_out.append(record.change)
        state.advance_change(record)

    hold = ChangeHold({"one": state}.get, hand_out, given_up.append, clock=lambda: clock)
    hold.receive_change(changed(1, 2))
    assert handed_out == []
    hold.receive_change(changed(1, 1))
    hold.receive_change(changed(1, 1))
    assert handed_out == [1, 2]
    hold.receive_change(changed(2, 3))
    assert handed_out == [1, 2]
    clock.pass_by(HOLD_SECONDS)
    assert given_up == ["one"]
    state.last_seq = 2
    hold.skip_to(changed(2, 5))
    assert (handed_out, state.last_change) == ([1, 2, 5], 5)
