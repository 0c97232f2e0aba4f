"""The long-polling transport, without HTTP: a queue of messages and at most one poll that waits for them."""

import asyncio
from collections.abc import Callable
from typing import Final

from hyred_chat.socketio import reasons
from hyred_chat.socketio.engine_packets import Encoded, encode_payload
from hyred_chat.socketio.repeats import Repeats

# A fraction of the buffer: with less than that waiting, a client has taken what it was sent.
_DRAINED: Final = 6

# python-engineio gives up on a response that holds more, by default.
MAX_PACKETS: Final = 16

_CLOSE: Final = Encoded(b"1")
_NOOP: Final = Encoded(b"6")

# Ended so that the client comes back, later or elsewhere.
_TO_RETURN: Final = frozenset({reasons.SERVER_SHUTTING_DOWN, reasons.TOO_BUSY})
# Ended by a choice of ours: the client learns of it by its next poll. In all other cases its next poll is refused.
_TOLD_LATER: Final = frozenset({reasons.FORCED_CLOSE})


class Polling:
    """What a session that polls has to send.

    Args:
        max_buffered_bytes: that may wait; past it `on_overflow` is called, once, in the loop's next iteration.
        on_overflow: ends the session.
        handshake_mark: see `Repeats`.

    Attributes:
        repeats: tells requests that come once more.
        poll: the future that the pending poll waits for, or None.
        is_posting: whether a POST is being taken in.
        body_wait: what a POST waits in for the rest of its body, or None. Closing ends the wait.
    """

    __slots__ = (
        "_drained",
        "_is_over",
        "_is_overflowing",
        "_is_probing",
        "_max_buffered_bytes",
        "_on_overflow",
        "_queue",
        "_size",
        "body_wait",
        "is_posting",
        "poll",
        "repeats",
    )

    def __init__(
        self, max_buffered_bytes: int, on_overflow: Callable[[], None], *, handshake_mark: str | None = None
    ) -> None:
        self.repeats = Repeats(handshake_mark)
        self.poll: asyncio.Future[None] | None = None
        self.is_posting = False
        self.body_wait: asyncio.Timeout | None = None
        self._queue: list[Encoded] = []
        self._size = 0
        self._max_buffered_bytes = max_buffered_bytes
        self._on_overflow = on_overflow
        self._is_overflowing = False
        self._is_probing = False
        self._is_over = False
        self._drained: asyncio.Event | None = None

    async def drain(self) -> None:
        """Wait until little is queued, or this transport is over."""
        while self._size > self._max_buffered_bytes // _DRAINED and not self._is_over:
            if self._drained is None:
                self._drained = asyncio.Event()
            self._drained.clear()
            await self._drained.wait()

    def send(self, encoded: Encoded) -> None:
        """Queue a message and answer the pending poll."""
        if self._is_overflowing:
            return
        self._queue.append(encoded)
        self._size += len(encoded.frame)
        self._answer_poll()
        if self._size > self._max_buffered_bytes:
            self._is_overflowing = True
            asyncio.get_running_loop().call_soon(self._on_overflow)

    def close(self, reason: str) -> list[bytes]:
        """Answer the pending poll for the last time, and return what the next polls shall get.

        What was sent before an orderly close gets a poll of its own: a client that finds the close packet in the same
        payload acts on that first.
        """
        self._end_drain()
        if self.body_wait is not None:
            self.body_wait.reschedule(asyncio.get_running_loop().time())
        if reason == reasons.TRANSPORT_CLOSE and self.poll is None and not self._is_probing:
            return [encode_payload(_NOOP.packets())]  # for the client's last poll, which its close may have overtaken
        if reason in _TO_RETURN:
            # No close packet: some clients take it for a wish that they stay away. The next poll meets nobody, and that
            # makes all of them reconnect.
            self._queue = self._queue or [_NOOP]
            self._answer_poll()
            return []
        if reason not in _TOLD_LATER:
            self._queue = [_NOOP if reason == reasons.TRANSPORT_CLOSE else _CLOSE]
            self._answer_poll()
            return []
        last = [encode_payload(_CLOSE.packets())]
        if self.poll is None:
            return [*self._take_all(), *last]
        if not self._queue:
            self._queue, last = [_CLOSE], []
        self._answer_poll()
        return last

    def start_probe(self) -> None:
        """Answer polls at once from now on, so that the client can stop polling and upgrade."""
        self._is_probing = True
        if not self._queue:
            self._queue.append(_NOOP)
        self._answer_poll()

    def stop_probe(self) -> None:
        """Let polls wait again: the upgrade failed."""
        self._is_probing = False

    def retire(self) -> list[Encoded]:
        """Answer the pending poll and return what is left to send: a WebSocket takes over."""
        self._end_drain()
        left, self._queue = self._queue, [_NOOP]
        self._answer_poll()
        return [encoded for encoded in left if encoded is not _NOOP]

    def has_payload(self) -> bool:
        """Whether a poll can be answered at once."""
        return bool(self._queue) or self._is_probing

    def take_payload(self) -> bytes:
        """What is queued, as the body of a response; the next poll gets what is more than `MAX_PACKETS`."""
        packets = self._queue.pop(0).packets() if self._queue else _NOOP.packets()
        taken = 0
        for encoded in self._queue:
            following = encoded.packets()
            if len(packets) + len(following) > MAX_PACKETS:
                break
            packets += following
            taken += 1
        del self._queue[:taken]
        self._size = sum(len(encoded.frame) for encoded in self._queue)
        if self._drained is not None:
            self._drained.set()
        return encode_payload(packets)

    def _take_all(self) -> list[bytes]:
        payloads = []
        while self._queue:
            payloads.append(self.take_payload())
        return payloads

    def _end_drain(self) -> None:
        self._is_over = True
        if self._drained is not None:
            self._drained.set()

    def _answer_poll(self) -> None:
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)
