"""Sends to rooms that somebody else has locked: they wait here, each room in its order, and hold up no other room."""

import time
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from hyred_chat.messages.batch_repository import Pending

# How often it is tried whether a room is free again. A try that took long is followed by a rest as many times as long,
# so that whatever is locked, most of a lane's time is for rooms that are free.
RETRY_SECONDS = 0.1
REST_FACTOR = 4.0


class Aside:
    """The sends that wait for a lock.

    Args:
        capacity: how many may wait.

    Attributes:
        due_at: when to try again (`time.monotonic`).
    """

    def __init__(self, capacity: int) -> None:
        self.due_at = 0.0
        self._capacity = capacity
        self._count = 0
        self._rooms: dict[str, deque[Pending]] = {}

    def __len__(self) -> int:
        return self._count

    def holds(self, room_id: str) -> bool:
        """Whether sends to this room wait here, so that others have to wait behind them."""
        return room_id in self._rooms

    def is_due(self) -> bool:
        """Whether something waits that is to be tried now."""
        return self._count > 0 and time.monotonic() >= self.due_at

    def extend(self, sends: Iterable[Pending]) -> list[Pending]:
        """Let sends wait behind the others of their rooms; returns those that there is no place for."""
        refused = []
        for pending in sends:
            if self._count >= self._capacity:
                refused.append(pending)
            else:
                self._append(pending)
        return refused

    def put_back(self, sends: Sequence[Pending]) -> None:
        """Let sends wait, in this order, in front of the others of their rooms. Their rooms' next turn is the last."""
        by_room: dict[str, list[Pending]] = defaultdict(list)
        for pending in sends:
            by_room[pending.room_id].append(pending)
        for room_id, its_sends in by_room.items():
            behind = self._rooms.pop(room_id, deque())
            behind.extendleft(reversed(its_sends))
            self._rooms[room_id] = behind
        self._count += len(sends)

    def take(self, limit: int) -> list[Pending]:
        """The first sends of as many rooms as have a place among `limit`, to be tried."""
        taken: list[Pending] = []
        share = max(1, limit // max(1, len(self._rooms)))
        for room_id, sends in list(self._rooms.items())[:limit]:
            taken += [sends.popleft() for _ in range(min(share, len(sends), limit - len(taken)))]
            if not sends:
                del self._rooms[room_id]
        self._count -= len(taken)
        return taken

    def rest(self, tried_seconds: float) -> None:
        """Try nothing for a while, after a try that took so long."""
        self.due_at = time.monotonic() + max(RETRY_SECONDS, REST_FACTOR * tried_seconds)

    def expire(self) -> list[Pending]:
        """Take out those whose senders wait no longer."""
        now = time.monotonic()
        sends = self.clear()
        for pending in sends:
            if pending.deadline > now:
                self._append(pending)
        return [pending for pending in sends if pending.deadline <= now]

    def clear(self) -> list[Pending]:
        """Take out all of them."""
        sends = [pending for waiting in self._rooms.values() for pending in waiting]
        self._rooms.clear()
        self._count = 0
        return sends

    def _append(self, pending: Pending) -> None:
        self._rooms.setdefault(pending.room_id, deque()).append(pending)
        self._count += 1
