"""Frames wait for the end of the loop's iteration, so that each WebSocket gets all of its frames in one write.

A system call to send costs several times what making the frame does. Acknowledgements and broadcasts come in bursts (a
batch of messages is committed, then everybody is told), so most writes carry two frames or more. The figures are in
docs/decisions/0003-socketio-core.md.
"""

import asyncio
import logging
from typing import Protocol

logger = logging.getLogger(__name__)


class Outbox(Protocol):
    """Something that holds frames back."""

    def flush(self) -> None:
        """Write them."""

    def give_up(self) -> None:
        """They could not be written. Nothing may follow them as if they had been."""


class Outboxes:
    """The WebSockets of one server that have something to send.

    Args:
        max_buffered_bytes: what one WebSocket may have waiting after its write.
    """

    __slots__ = ("_waiting", "max_buffered_bytes")

    def __init__(self, max_buffered_bytes: int) -> None:
        self.max_buffered_bytes = max_buffered_bytes
        self._waiting: list[Outbox] = []

    def add(self, outbox: Outbox) -> None:
        """Flush an outbox when everything that is ready now has run."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(outbox)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for outbox in waiting:
            try:
                outbox.flush()
            except Exception:
                logger.exception("a WebSocket could not be written to")
                asyncio.get_running_loop().call_soon(outbox.give_up)
