"""What is waiting to be written to Redis: bounded, whatever happens at the other end."""

from collections import deque
from collections.abc import Callable

MAX_FRAMES = 65_536
MAX_BYTES = 32 * 1024 * 1024
# Room is made for more than one frame at a time, since it takes a walk over the queue.
_ROOM = 8


class PublishQueue:
    """Commands in the order in which they were published.

    When it is full, the oldest droppable ones go first, and then the oldest of all.

    Args:
        on_drop: is told how many were dropped.

    Attributes:
        bytes: how much is waiting.
    """

    def __init__(
        self, on_drop: Callable[[int], None], *, max_frames: int = MAX_FRAMES, max_bytes: int = MAX_BYTES
    ) -> None:
        self.bytes = 0
        self._on_drop = on_drop
        self._max_frames = max_frames
        self._max_bytes = max_bytes
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._droppable = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, command: bytes, droppable: bool) -> None:
        """Let a command wait, at somebody else's cost if need be."""
        self._waiting.append((command, droppable))
        self._droppable += droppable
        self.bytes += len(command)
        if self.bytes > self._max_bytes or len(self._waiting) > self._max_frames:
            self._make_room()

    def take(self, max_bytes: int) -> list[bytes]:
        """The oldest commands, as many as make `max_bytes`; at least one if there is one."""
        waiting = self._waiting
        if self.bytes <= max_bytes:
            taken = [command for command, _ in waiting]
            self._clear()
            return taken
        taken = []
        size = 0
        while waiting and (not taken or size + len(waiting[0][0]) <= max_bytes):
            command, droppable = waiting.popleft()
            taken.append(command)
            size += len(command)
            self._droppable -= droppable
        self.bytes -= size
        return taken

    def take_all(self) -> list[tuple[bytes, bool]]:
        """Everything, with whether it is droppable."""
        taken = list(self._waiting)
        self._clear()
        return taken

    def drop_droppable(self) -> None:
        """Drop what is of no use any more once it is late."""
        if self._droppable:
            self._drop_droppable(self._droppable, self.bytes)

    def _clear(self) -> None:
        self._waiting.clear()
        self._droppable = self.bytes = 0

    def _make_room(self) -> None:
        if self._droppable:
            excess_frames = max(len(self._waiting) - self._max_frames, 0) + self._max_frames // _ROOM
            excess_bytes = max(self.bytes - self._max_bytes, 0) + self._max_bytes // _ROOM
            self._drop_droppable(excess_frames, excess_bytes)
        while self._waiting and (self.bytes > self._max_bytes or len(self._waiting) > self._max_frames):
            command, _ = self._waiting.popleft()
            self.bytes -= len(command)
            self._on_drop(1)

    def _drop_droppable(self, frames: int, size: int) -> None:
        """Drop the oldest droppable ones until that many, and that many bytes, are gone, or none is left."""
        kept: deque[tuple[bytes, bool]] = deque()
        dropped = 0
        for command, droppable in self._waiting:
            if droppable and (frames > 0 or size > 0):
                frames -= 1
                size -= len(command)
                self.bytes -= len(command)
                self._droppable -= 1
                dropped += 1
            else:
                kept.append((command, droppable))
        self._waiting = kept
        self._on_drop(dropped)
