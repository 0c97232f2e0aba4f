"""Who is alive: each process holds a lease that ends by itself when the process no longer renews it."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker.partitions import Names

# Long enough for two renewals that fail, and for a link that falls silent: that takes 6 s to be noticed.
LEASE_SECONDS = 9
RENEWAL_SECONDS = 3.0

logger = logging.getLogger(__name__)

RunPipeline = Callable[[list[tuple[Any, ...]]], Awaitable[list[Any]]]


class Lease:
    """The lease of this process, and a look at those of others.

    Args:
        run_pipeline: runs commands and returns their answers. May raise BrokerUnavailableError.
        on_lost: is called when the lease was gone, and a new one was taken under another incarnation. Others may have
            tidied up what this process had written under the old one.

    Attributes:
        incarnation: the node's name and a random part: the name of one life of a process.
        card: what others can read about this node while it holds its lease. It is told by the next renewal.
    """

    def __init__(self, node_id: str, names: Names, run_pipeline: RunPipeline, on_lost: Callable[[], None]) -> None:
        self.card = node_id.encode()
        self._node_id = node_id
        self._run = run_pipeline
        self._on_lost = on_lost
        # One partition, so that a cluster answers about all nodes at once.
        self._start = names.name_in(0, "node", "")
        self._all = names.name_in(0, "nodes", "all")
        self._is_held = False
        # Until when the lease is there for certain, by the time of the loop.
        self._held_until = 0.0
        # Until when the lease is to be there, whether or not it is renewed.
        self._outlives_until = 0.0
        self._renewing = asyncio.Lock()
        self._due = asyncio.Event()
        self.incarnation = self._new_incarnation()

    def renew_soon(self) -> None:
        """Look at the lease now: Redis may have forgotten it."""
        self._due.set()

    async def outlive(self, seconds: float) -> None:
        """Have the lease last so long from now on, though the process ends. Raises BrokerUnavailableError.

        Nobody finds the node's card any more: whoever still holds a connection to it keeps it.
        """
        self.card = b""
        self._outlives_until = asyncio.get_running_loop().time() + seconds
        await self.renew()

    async def run(self) -> None:
        """Renew the lease until cancelled."""
        while True:
            self._due.clear()
            try:
                await self.renew()
            except BrokerUnavailableError as error:
                logger.debug("the lease was not renewed: %s", error)
            except Exception:
                logger.exception("the lease could not be renewed")
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEWAL_SECONDS):
                    await self._due.wait()

    async def renew(self) -> None:
        """Renew the lease, or take a new one. Raises BrokerUnavailableError."""
        async with self._renewing:
            await self._renew()

    async def _renew(self) -> None:
        # A renewal whose answer was lost may have brought back a lease that had ended: others saw it end.
        has_ended = asyncio.get_running_loop().time() >= self._held_until
        if (await self._take() and not has_ended) or not self._is_held:
            self._is_held = True
            return
        # The old name must not come back to life: somebody may be tidying up after it right now.
        forgotten, self.incarnation = self.incarnation, self._new_incarnation()
        self._is_held = False
        await self._run([("DEL", self._start + forgotten)])
        await self._take()
        self._is_held = True
        self._on_lost()

    async def list_live(self) -> frozenset[str]:
        """The incarnations that hold a lease. Raises BrokerUnavailableError."""
        return frozenset((await self._read())[0])

    async def list_cards(self) -> list[bytes]:
        """The cards of the nodes that hold a lease. Raises BrokerUnavailableError."""
        return list((await self._read())[0].values())

    async def list_dead(self) -> frozenset[str]:
        """The incarnations whose lease has ended, and that were not forgotten. Raises BrokerUnavailableError."""
        return (await self._read())[1]

    async def forget(self, incarnation: str) -> None:
        """Forget a dead one, after its traces were removed. Raises BrokerUnavailableError."""
        await self._run([("SREM", self._all, incarnation)])

    async def _take(self) -> bool:
        """Whether the lease was there."""
        started_at = asyncio.get_running_loop().time()
        seconds = max(LEASE_SECONDS, self._outlives_until - started_at)
        before, _ = await self._run(
            [
                ("SET", self._start + self.incarnation, self.card, "PX", round(seconds * 1000), "GET"),
                ("SADD", self._all, self.incarnation),
            ]
        )
        self._held_until = started_at + seconds
        return before is not None

    async def _read(self) -> tuple[dict[str, bytes], frozenset[str]]:
        """The cards of those that hold a lease, by incarnation; and those whose lease has ended."""
        (members,) = await self._run([("SMEMBERS", self._all)])
        known = [member.decode() for member in members]
        if not known:
            return {}, frozenset()
        (values,) = await self._run([("MGET", *(self._start + name for name in known))])
        live = {name: value for name, value in zip(known, values, strict=True) if value is not None}
        return live, frozenset(known) - live.keys()

    def _new_incarnation(self) -> str:
        return f"{self._node_id}#{secrets.token_hex(8)}"
