"""The second copy that clients of the first design send of every message, over the other of the two doors.

Neither copy has a `clientMessageId`, so all there is to know them by is that the same person sent the same thing to
the same room by the other door within a minute: over a slow network, a POST takes that long. What counts is when a copy
arrived, and not when it had been authenticated. Each message has one backup: sending the same twice by the same door is
two messages, however the copies are interleaved.
"""

import time
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

from hyred_chat.messages.sends import PendingSend

Door: TypeAlias = Literal["socket", "rest"]
WINDOW_SECONDS = 60.0
# How long a copy may take from its arrival until it is looked at here.
MAX_DELAY_SECONDS = 30.0
# When more than this would be kept, the oldest messages can have no backup any more.
MAX_KEPT_BYTES = 32_000_000
# What an entry takes besides its texts.
ENTRY_BYTES = 700


@dataclass(slots=True, eq=False)
class Original:
    """A message that may still be backed up: `pending` until it is stored, then with its acknowledgement, `answer`."""

    key: tuple[str, str, str, str]
    pending: PendingSend | None
    door: Door
    arrived_at: float
    answer: bytes | None = None

    @property
    def kept_bytes(self) -> int:
        """About what it takes in memory."""
        content = self.key[-1]
        return ENTRY_BYTES + len(content) + (0 if self.answer is None else len(self.answer))


class Backups:
    """The messages of the last minute that have no `clientMessageId`, as many as fit into `MAX_KEPT_BYTES`."""

    def __init__(self) -> None:
        self._originals: dict[tuple[str, str, str, str], deque[Original]] = {}
        self._by_age: deque[Original] = deque()
        self._by_send: dict[str, Original] = {}
        self._kept_bytes = 0

    def take_original(self, pending: PendingSend, door: Door, arrived_at: float) -> Original | None:
        """The message that `pending` is the backup of, or None; then `pending` may get a backup itself.

        Args:
            arrived_at: when its first byte came (`time.monotonic`).
        """
        self._expire(time.monotonic())
        key = (pending.sender_id, pending.room_id, pending.type, pending.content)
        originals = self._originals.setdefault(key, deque())
        for original in originals:
            if original.door != door and abs(original.arrived_at - arrived_at) < WINDOW_SECONDS:
                originals.remove(original)
                return original
        original = Original(key, pending, door, arrived_at)
        originals.append(original)
        self._by_age.append(original)
        self._by_send[pending.id] = original
        self._kept_bytes += original.kept_bytes
        return None

    def settle(self, pending: PendingSend, answer: bytes | None) -> None:
        """Record the answer of an original; None when it was refused, and then it is no longer one."""
        if (original := self._by_send.pop(pending.id, None)) is None:
            return
        original.pending = None  # it leads to its sender's socket, which may be gone long before the window ends
        if answer is None:
            self._remove(original)
        else:
            original.answer = answer
            self._kept_bytes += len(answer)

    def _expire(self, now: float) -> None:
        while self._by_age and (
            self._by_age[0].arrived_at + WINDOW_SECONDS + MAX_DELAY_SECONDS <= now or self._kept_bytes > MAX_KEPT_BYTES
        ):
            expired = self._by_age.popleft()
            self._kept_bytes -= expired.kept_bytes
            self._remove(expired)
            if expired.pending is not None:
                self._by_send.pop(expired.pending.id, None)

    def _remove(self, original: Original) -> None:
        originals = self._originals.get(original.key)
        if originals is None:
            return
        if original in originals:
            originals.remove(original)
        if not originals:
            del self._originals[original.key]
