"""What nodes tell one another about notifications, through the broker."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.db.pool import Connection
from hyred_chat.db.transactions import on_commit
from hyred_chat.errors import UnavailableError
from hyred_chat.notifications.signals import RETRY_SECONDS, Dispatcher, Hint, Listener
from hyred_chat.realtime.kinds import Kind
from hyred_chat.realtime.nodes import Nodes

# Hints in one frame, well below the bound of an envelope.
MAX_HINTS = 100


class NodesTeller:
    """Tells the nodes at which people are, and this one. What is about nobody is for all who send pushes."""

    def __init__(self, nodes: Nodes, own: Dispatcher) -> None:
        self._nodes = nodes
        self._own = own

    async def tell(self, connection: Connection, kind: str, hints: Sequence[Hint]) -> None:
        """See `Teller`."""
        on_commit(connection, partial(self._tell, kind, list(hints)))

    def _tell(self, kind: str, hints: list[Hint]) -> None:
        self._own.put(orjson.dumps([kind, [tuple(hint) for hint in hints]]))
        if not hints:
            self._nodes.tell_all(Kind.HINTS, {}, orjson.dumps([kind, []]))
        for start in range(0, len(hints), MAX_HINTS):
            chunk = hints[start : start + MAX_HINTS]
            body = orjson.dumps([kind, [tuple(hint) for hint in chunk]])
            self._nodes.tell_users(dict.fromkeys(hint.user_id for hint in chunk), Kind.HINTS, {}, body)


class NodeSignals:
    """Hears what other nodes tell.

    Args:
        on_restored: awaited at the start, and whenever something may have been missed.
    """

    def __init__(
        self, nodes: Nodes, listeners: Mapping[str, Listener], on_restored: Callable[[], Awaitable[None]]
    ) -> None:
        self.dispatcher = Dispatcher(listeners)
        self._on_restored = on_restored
        self._is_behind = True
        nodes.on(Kind.HINTS, self._hear)
        nodes.on_restored.append(self._fall_behind)

    async def run(self) -> None:
        """Hand out what is heard, until cancelled."""
        while True:
            self.dispatcher.wake.clear()
            if self._is_behind:
                await self._catch_up()
            await self.dispatcher.hand_out()
            await self.dispatcher.wake.wait()

    async def _catch_up(self) -> None:
        self._is_behind = False
        try:
            await self._on_restored()
        except UnavailableError:
            self._is_behind = True
            asyncio.get_running_loop().call_later(RETRY_SECONDS, self.dispatcher.wake.set)

    def _fall_behind(self) -> None:
        self._is_behind = True
        self.dispatcher.wake.set()

    def _hear(self, envelope: Envelope) -> None:
        if not envelope.is_truncated:
            self.dispatcher.put(envelope.body)
