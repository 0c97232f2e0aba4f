"""A stream of RESP3, cut into its replies, some of which are lost, come twice, or come late."""

import random
from dataclasses import dataclass

_LINES = b"+-:_,#("
_BULKS = b"$=!"
_AGGREGATES = b"*>~"
_MESSAGES = (b">3\r\n$7\r\nmessage\r\n", b">3\r\n$8\r\nsmessage\r\n")


def end_of_reply(data: bytes, start: int = 0) -> int | None:
    """Where the reply that begins at `start` ends, or None while it is not complete. Raises ValueError: not RESP."""
    line_end = data.find(b"\r\n", start)
    if line_end < 0:
        return None
    kind, body, position = data[start : start + 1], data[start + 1 : line_end], line_end + 2
    if kind in _LINES:
        return position
    if kind in _BULKS:
        end = position + int(body) + 2 if int(body) >= 0 else position  # -1 is nothing at all
        return end if end <= len(data) else None
    if kind in _AGGREGATES or kind == b"%":
        for _ in range(int(body) * (2 if kind == b"%" else 1)):
            part_end = end_of_reply(data, position)
            if part_end is None:
                return None
            position = part_end
        return position
    raise ValueError(f"{kind!r} begins no reply")


class Replies:
    """Collects a stream, and gives back its replies whole."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The replies that are complete now."""
        self._buffer += data
        replies, start = [], 0
        while start < len(self._buffer) and (end := end_of_reply(self._buffer, start)) is not None:
            replies.append(self._buffer[start:end])
            start = end
        self._buffer = self._buffer[start:]
        return replies


def is_message(reply: bytes) -> bool:
    """Whether it is a message of a channel."""
    return reply.startswith(_MESSAGES)


@dataclass(frozen=True, slots=True)
class Mischief:
    """How likely a message is lost, comes twice, or comes late."""

    lost: float = 0.0
    doubled: float = 0.0
    delayed: float = 0.0
    most_delay_seconds: float = 0.3

    def copies(self, chance: random.Random) -> list[float]:
        """After how many seconds each copy of a message is to be passed on."""
        draw = chance.random()
        if draw < self.lost:
            return []
        if draw < self.lost + self.doubled:
            return [0.0, chance.uniform(0, self.most_delay_seconds)]
        if draw < self.lost + self.doubled + self.delayed:
            return [chance.uniform(0, self.most_delay_seconds)]
        return [0.0]
