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
    encoded: EncodedMessage
    arrived_at: float

    @property
    def weight_bytes(self) -> int:
        return ENTRY_BYTES + len(self.encoded.own) + len(self.encoded.others)


@dataclass(slots=True)
class _Waiting:
    """A room with something missing: what of it is held, by seq, and the newest message that is known to exist."""

    until_seq: int
    expires_at: float
    bytes: int = 0
    held: dict[int, _Held] = field(default_factory=dict)


class Hold:
    """Hands out each message of a room once, in order. What does not follow is held for `HOLD_SECONDS` at most.

    Args:
        find: the room with this id, if it is in memory.
        hand_out: called with what follows `RoomState.last_seq`, which it advances.
        heal: called with the id of a room whose missing messages did not come in time.
        clock: gives the clock.
    """

    def __init__(
        self,
        find: Callable[[str], RoomState | None],
        hand_out: Callable[[RoomState, MessageRecord, EncodedMessage], None],
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

    def receive(self, record: MessageRecord, encoded: EncodedMessage, *, is_own: bool = False) -> None:
        """Take a stored message, wherever it was stored and however often it comes.

        Nothing is done for a room that is not in memory: nobody here has joined it. Whoever wants its other members to
        be told has it read before.

        Args:
            is_own: this process has stored it, and says so once. When the room was read after the commit, and so with
                the message, those who have not joined are told all the same.
        """
        state = self._find(record.room_id)
        if state is None:
            return
        if record.seq == state.last_seq + 1:
            self._pass_on(state, record, encoded)
            if self._waiting:
                self.release(state)
        elif record.seq > state.last_seq:
            self._keep(state.id, record, encoded)
        elif is_own and record.seq <= state.read_seq:
            self._pass_on(state, record, encoded)

    def expect(self, room_id: str, seq: int) -> None:
        """The room is known to have messages up to `seq`: wait for them no longer than for those before a held one."""
        state = self._find(room_id)
        if state is not None and state.last_seq < seq:
            self._wait(room_id, seq)

    def release(self, state: RoomState) -> None:
        """Let go what follows now: the room has advanced."""
        waiting = self._waiting.get(state.id)
        if waiting is None:
            return
        for seq in [seq for seq in waiting.held if seq <= state.last_seq]:
            self._take(waiting, seq)
        while (held := self._take(waiting, state.last_seq + 1)) is not None:
            self._pass_on(state, held.record, held.encoded)
        if state.last_seq >= waiting.until_seq:
            del self._waiting[state.id]
        elif waiting.held:
            waiting.expires_at = next(iter(waiting.held.values())).arrived_at + HOLD_SECONDS

    def _keep(self, room_id: str, record: MessageRecord, encoded: EncodedMessage) -> None:
        waiting = self._wait(room_id, record.seq)
        if record.seq in waiting.held:
            return
        held = _Held(record, encoded, self._clock().time())
        if (
            len(waiting.held) >= MAX_ROOM_MESSAGES
            or waiting.bytes + held.weight_bytes > MAX_ROOM_BYTES
            or self._bytes + held.weight_bytes > MAX_BYTES
        ):
            self._give_up(room_id)
            return
        waiting.held[record.seq] = held
        waiting.bytes += held.weight_bytes
        self._bytes += held.weight_bytes

    def _wait(self, room_id: str, seq: int) -> _Waiting:
        if (waiting := self._waiting.get(room_id)) is None:
            expires_at = self._clock().time() + HOLD_SECONDS
            waiting = self._waiting[room_id] = _Waiting(seq, expires_at)
            heappush(self._queue, (expires_at, room_id))
            self._set_timer()
        waiting.until_seq = max(waiting.until_seq, seq)
        return waiting

    def _take(self, waiting: _Waiting, seq: int) -> _Held | None:
        if (held := waiting.held.pop(seq, None)) is not None:
            waiting.bytes -= held.weight_bytes
            self._bytes -= held.weight_bytes
        return held

    def _give_up(self, room_id: str) -> None:
        """Hold nothing of the room: it is read from the database, with all that was held."""
        self._bytes -= self._waiting.pop(room_id).bytes
        self._heal(room_id)

    def _pass_on(self, state: RoomState, record: MessageRecord, encoded: EncodedMessage) -> None:
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
