"""What a connection's answers are written to: cut off when the client does not take them in time."""

import asyncio
from typing import Protocol

# From the moment at which a part of an answer waits for its client to the moment at which nothing waits any more.
ANSWER_TIMEOUT_SECONDS = 60.0
# Of what may be long, a body or an answer: as long as so much of it gets on in the time that it has, it goes on.
PROGRESS_BYTES = 16_384


class AnswerCutError(Exception):
    """Ends an answer that has begun, and its connection with it: what was announced does not come."""


class Closer(Protocol):
    """What decides how the connection is closed after its last answer."""

    def close_after_answer(self) -> None:
        """Close the connection once the client has what was written."""


class Answers:
    """The part of a transport that uvicorn answers with (`write`, `close`, `is_closing`), with a clock for the client.

    One timer serves all answers of a connection: it runs when something was written, and looks again when it ends.

    Attributes:
        is_transfer: whether the answer may be long, so that its client has to go on taking it, and not to have it all.
    """

    __slots__ = (
        "_closer",
        "_is_closed",
        "_loop",
        "_taken",
        "_timer",
        "_transport",
        "_waiting_since",
        "_written",
        "is_transfer",
    )

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, closer: Closer) -> None:
        self._transport = transport
        self._loop = loop
        self._closer: Closer | None = closer
        self._timer: asyncio.TimerHandle | None = None
        self._waiting_since = 0.0
        self._is_closed = False
        self.is_transfer = False
        self._written = self._taken = 0

    def write(self, data: bytes) -> None:
        """Send. Nothing happens once the connection is being closed."""
        if self.is_closing():
            return
        if not self._transport.get_write_buffer_size():
            self._waiting_since = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(ANSWER_TIMEOUT_SECONDS, self._look)
            self._taken = self._written
        self._written += len(data)
        self._transport.write(data)

    def close(self) -> None:
        """No more answers follow."""
        if self._closer is not None and not self.is_closing():
            self._is_closed = True
            self._closer.close_after_answer()

    def is_closing(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._is_closed or self._transport.is_closing()

    def release(self) -> None:
        """The connection is gone, or is something else from now on."""
        self._closer = None
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if not (waiting := self._transport.get_write_buffer_size()):
            return
        if self.is_transfer:
            taken = self._written - waiting
            if taken >= self._taken + PROGRESS_BYTES:
                self._waiting_since = self._loop.time()
            self._taken = taken
        left_seconds = self._waiting_since + ANSWER_TIMEOUT_SECONDS - self._loop.time()
        if left_seconds <= 0:
            self._transport.abort()
        else:
            self._timer = self._loop.call_later(left_seconds, self._look)
