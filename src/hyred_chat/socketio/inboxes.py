"""Events that wait for their coroutine handlers: one after another, in the order in which they came."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from hyred_chat.socketio.tasks import Tasks

logger = logging.getLogger(__name__)

Handler = Callable[[Any], Awaitable[None]]


class Inbox:
    """One socket's waiting events. It has a task while there are any.

    What has come in is worked off even when its socket is gone: a client may send and leave.

    Args:
        max_events: that may wait; further ones are dropped.
        tasks: where the task is started.
    """

    __slots__ = ("_is_running", "_is_warned", "_max_events", "_tasks", "_waiting")

    def __init__(self, max_events: int, tasks: Tasks) -> None:
        self._waiting: deque[tuple[Handler, Any]] = deque()
        self._max_events = max_events
        self._tasks = tasks
        self._is_running = False
        self._is_warned = False

    def put(self, handler: Handler, event: Any) -> bool:
        """Let a handler have an event in its turn; False when the event was dropped."""
        if len(self._waiting) >= self._max_events:
            if not self._is_warned:
                self._is_warned = True
                logger.warning("a socket sends faster than its events can be handled: dropping the newest")
            return False
        self._waiting.append((handler, event))
        if not self._is_running:
            self._is_running = True
            self._tasks.start(self._run())
        return True

    async def _run(self) -> None:
        try:
            while self._waiting:
                handler, event = self._waiting.popleft()
                try:
                    await handler(event)
                except Exception:
                    logger.exception("event handler failed")
        finally:
            self._is_running = self._is_warned = False
