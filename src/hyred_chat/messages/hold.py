"""The messages of a room in their order, whichever way they come.

Two nodes that store in one room hand its messages out in batches that interleave: message 12 may be here before
message 11, which is on its way. So a message that does not follow is held for a moment. What comes meanwhile lets it
go. When the moment is over, the room is read from the database, which has everything.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Protocol

from hyred_chat.messages.records import EncodedMessage, MessageRecord
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

# Longer than another node's batch takes from its commit to here, and too short for anybody to notice.
HOLD_SECONDS = 0.075
# What is held of one room, and of all together. A room that has more missing is read at once.
MAX_ROOM_MESSAGES = 256
MAX_ROOM_BYTES = 1_000_000
MAX_BYTES = 32_000_000
# What a held message takes in memory besides its JSON.
ENTRY_BYTES = 1_000


class Clock(Protocol):
    """What is needed of an event loop."""

    def time(self) -> float:
        """Seconds, from any beginning."""

    def call_at(self, when: float, callback: Callable[[], None], /) -> Any:
        """Call back at that time."""


@dataclass(slots=True)
class _Held:
    record: MessageRecord
    # None of a change.
    encoded: EncodedMessage | None
    arrived_at: float

    @property
    def weight_bytes(self) -> int:
        if self.encoded is None:
            return ENTRY_BYTES + len(self.record.content)
        return ENTRY_BYTES + len(self.encoded.own) + len(self.encoded.others)


@dataclass(slots=True)
class _Waiting:
    """A room with something missing: what of it is held, by its number, and the newest number that is known of."""

    until: int
    expires_at: float
    bytes: int = 0
    held: dict[int, _Held] = field(default_factory=dict)


class Hold:
    """Hands out each message of a room once, in order. What does not follow is held for `HOLD_SECONDS` at most.

    Args:
        find: the room with this id, if it is in memory.
        hand_out: called with what follows `RoomState.last_seq`, which it advances; and with what a room was read with,
            perhaps without its JSON, for those who have not joined.
        heal: called with the id of a room whose missing messages did not come in time.
        clock: gives the clock.
    """

    def __init__(
        self,
        find: Callable[[str], RoomState | None],
        hand_out: Callable[..., None],
        heal: Callable[[str], None],
        *,
        clock: Callable[[], Clock] = asyncio.get_running_loop,
    ) -> None:
        self._find = find
        self._hand_out = hand_out
        self._heal = heal
        self._clock = clock
        self._waiting: dict[str, _Waiting] = {}
        self._bytes = 0
        # (when, room id): not before then is a room looked at. It may have been let go since, or have longer by now.
        self._queue: list[tuple[float, str]] = []
        self._timer_at: float | None = None

    def __len__(self) -> int:
        """How many rooms wait."""
        return len(self._waiting)

    def receive(self, record: MessageRecord, encoded: EncodedMessage, *, is_news: bool = False) -> None:
        """Take a stored message, wherever it was stored and however often it comes.

        Nothing is done for a room that is not in memory: nobody here has joined it. Whoever wants its other members to
        be told has it read before.

        Args:
            is_news: the process that has stored it, this or another, says so, which it does once. When the room was
                read after the commit, and so with the message, those who have not joined are told all the same.
        """
        state = self._find(record.room_id)
        if state is None:
            return
        if record.seq == state.last_seq + 1:
            self._pass_on(state, record, encoded)
            if self._waiting:
                self.release(state)
        elif record.seq > state.last_seq:
            self._keep(state.id, record.seq, record, encoded)
        elif is_news and record.seq <= self._read_with(state):
            self._pass_on(state, record, encoded)

    def expect(self, room_id: str, number: int, *, is_news: bool = False) -> None:
        """The room is known to have this number: wait for it no longer than for those before a held one.

        Args:
            is_news: as for `receive`.
        """
        state = self._find(room_id)
        if state is None:
            return
        if self._known(state) < number:
            self._wait(room_id, number)
        elif is_news and state.last_message is not None and number == self._known(state) == self._read_with(state):
            self._pass_on(state, state.last_message, None)

    def release(self, state: RoomState) -> None:
        """Let go what follows now: the room has advanced."""
        waiting = self._waiting.get(state.id)
        if waiting is None:
            return
        for number in [number for number in waiting.held if number <= self._known(state)]:
            self._take(waiting, number)
        while (held := waiting.held.get(self._known(state) + 1)) is not None and self._follows(state, held.record):
            self._take(waiting, self._known(state) + 1)
            self._pass_on(state, held.record, held.encoded)
        if self._known(state) >= waiting.until:
            del self._waiting[state.id]
        elif waiting.held:
            waiting.expires_at = next(iter(waiting.held.values())).arrived_at + HOLD_SECONDS

    def _known(self, state: RoomState) -> int:
        """The newest number that was handed out."""
        return state.last_seq

    def _read_with(self, state: RoomState) -> int:
        """The newest number that the room was read with: up to it, nothing was handed out."""
        return state.read_seq

    def _follows(self, _state: RoomState, _record: MessageRecord) -> bool:
        """Whether what has the next number can be handed out."""
        return True

    def _keep(self, room_id: str, number: int, record: MessageRecord, encoded: EncodedMessage | None) -> None:
        waiting = self._wait(room_id, number)
        if number in waiting.held:
            return
        held = _Held(record, encoded, self._clock().time())
        if (
            len(waiting.held) >= MAX_ROOM_MESSAGES
            or waiting.bytes + held.weight_bytes > MAX_ROOM_BYTES
            or self._bytes + held.weight_bytes > MAX_BYTES
        ):
            self._give_up(room_id)
            return
        waiting.held[number] = held
        waiting.bytes += held.weight_bytes
        self._bytes += held.weight_bytes

    def _wait(self, room_id: str, number: int) -> _Waiting:
        if (waiting := self._waiting.get(room_id)) is None:
            expires_at = self._clock().time() + HOLD_SECONDS
            waiting = self._waiting[room_id] = _Waiting(number, expires_at)
            heappush(self._queue, (expires_at, room_id))
            self._set_timer()
        waiting.until = max(waiting.until, number)
        return waiting

    def _take(self, waiting: _Waiting, number: int) -> _Held | None:
        if (held := waiting.held.pop(number, None)) is not None:
            waiting.bytes -= held.weight_bytes
            self._bytes -= held.weight_bytes
        return held

    def _give_up(self, room_id: str) -> None:
        """Hold nothing of the room: it is read from the database, with all that was held."""
        self._bytes -= self._waiting.pop(room_id).bytes
        self._heal(room_id)

    def _pass_on(self, state: RoomState, record: MessageRecord, encoded: EncodedMessage | None) -> None:
        try:
            self._hand_out(state, record, encoded)
        except Exception:
            # The message is stored and acknowledged: whatever went wrong here, its room finds it by seq.
            logger.exception("Message %d of room %s could not be handed out", record.seq, record.room_id)

    def _set_timer(self) -> None:
        if self._queue and (self._timer_at is None or self._queue[0][0] < self._timer_at):
            self._timer_at = self._queue[0][0]
            self._clock().call_at(self._timer_at, self._expire)

    def _expire(self) -> None:
        self._timer_at = None
        now = self._clock().time()
        while self._queue and self._queue[0][0] <= now:
            _, room_id = heappop(self._queue)
            if (waiting := self._waiting.get(room_id)) is None:
                continue
            if waiting.expires_at <= now:
                self._give_up(room_id)
            else:
                heappush(self._queue, (waiting.expires_at, room_id))
        self._set_timer()


class ChangeHold(Hold):
    """The same of changes: each change of a room is handed out once, in order, after the message that it is of.

    Args:
        hand_out: called with a room and the record of a message, whose change follows `RoomState.last_change`, or is
            known.
    """

    def __init__(
        self,
        find: Callable[[str], RoomState | None],
        hand_out: Callable[[RoomState, MessageRecord], None],
        heal: Callable[[str], None],
        *,
        clock: Callable[[], Clock] = asyncio.get_running_loop,
    ) -> None:
        super().__init__(find, lambda state, record, _: hand_out(state, record), heal, clock=clock)

    def receive_change(self, record: MessageRecord, *, is_news: bool = False) -> None:
        """Take a message as a change has left it, from wherever it comes. Of a room that is not in memory: nothing."""
        state = self._find(record.room_id)
        if state is None:
            return
        if record.change == state.last_change + 1 and self._follows(state, record):
            self._pass_on(state, record, None)
            if self._waiting:
                self.release(state)
        elif record.change > state.last_change:
            self._keep(state.id, record.change, record, None)
        elif is_news and record.change <= self._read_with(state):
            self._pass_on(state, record, None)

    def skip_to(self, record: MessageRecord) -> None:
        """Hand out a change that was read from the database. Those before it were overtaken by it, or handed out."""
        state = self._find(record.room_id)
        if state is not None and record.change > state.last_change:
            self._pass_on(state, record, None)
            if self._waiting:
                self.release(state)

    def _known(self, state: RoomState) -> int:
        return state.last_change

    def _read_with(self, state: RoomState) -> int:
        return state.read_change

    def _follows(self, state: RoomState, record: MessageRecord) -> bool:
        return record.seq <= state.last_seq
