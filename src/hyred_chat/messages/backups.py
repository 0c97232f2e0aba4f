"""The second copy that clients of the first design send of every message, over the other of the two doors.

Neither copy has a `clientMessageId`, so all there is to know them by is that the same person sent the same thing to
the same room by the other door within a few seconds. Each message has one backup: sending the same twice by the same
door is two messages, however the copies are interleaved.
"""

import time
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

from hyred_chat.messages.records import EncodedMessage
from hyred_chat.messages.sends import PendingSend

Door: TypeAlias = Literal["socket", "rest"]
WINDOW_SECONDS = 3.0


@dataclass(slots=True, eq=False)
class Original:
    """A message that may still be backed up: `pending` until it is stored, then with its acknowledgement, `answer`."""

    key: tuple[str, str, str, str]
    pending: PendingSend | None
    door: Door
    expires_at: float
    answer: EncodedMessage | None = None


class Backups:
    """The messages of the last seconds that have no `clientMessageId`.

    Its size is bounded by the window and by what senders may send within it.
    """

    def __init__(self) -> None:
        self._originals: dict[tuple[str, str, str, str], deque[Original]] = {}
        self._by_age: deque[Original] = deque()
        self._by_send: dict[str, Original] = {}

    def take_original(self, pending: PendingSend, door: Door) -> Original | None:
        """The message that `pending` is the backup of, or None; then `pending` may get a backup itself."""
        now = time.monotonic()
        self._expire(now)
        key = (pending.sender_id, pending.room_id, pending.type, pending.content)
        originals = self._originals.setdefault(key, deque())
        for original in originals:
            if original.door != door:
                originals.remove(original)
                return original
        original = Original(key, pending, door, now + WINDOW_SECONDS)
        originals.append(original)
        self._by_age.append(original)
        self._by_send[pending.id] = original
        return None

    def settle(self, pending: PendingSend, answer: EncodedMessage | None) -> None:
        """Record the answer of an original; None when it was refused, and then it is no longer one."""
        if (original := self._by_send.pop(pending.id, None)) is None:
            return
        original.answer = answer
        original.pending = None  # it leads to its sender's socket, which may be gone long before the window ends
        if answer is None and (originals := self._originals.get(original.key)) and original in originals:
            originals.remove(original)

    def _expire(self, now: float) -> None:
        while self._by_age and self._by_age[0].expires_at <= now:
            expired = self._by_age.popleft()
            originals = self._originals.get(expired.key)
            if originals is not None:
                if expired in originals:
                    originals.remove(expired)
                if not originals:
                    del self._originals[expired.key]
