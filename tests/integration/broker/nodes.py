"""Brokers for tests: what they heard, and when they said that something may be missing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import redis

import hyred_chat.broker
from hyred_chat.broker.broker import Broker

WAIT_SECONDS = 15.0
_running: set["Node"] = set()


class Node:
    """A running broker that writes down what it hears.

    Attributes:
        frames: (channel, frame), in order.
        restored: the reasons with which `on_restored` was called.
        lost: those of `on_lost`.
        was_whole: whether everything was subscribed to when `on_restored` was called last.
    """

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.frames: list[tuple[str, bytes]] = []
        self.restored: list[str] = []
        self.lost: list[str] = []
        self.lease_losses = 0
        self.was_whole = False
        self._changed = asyncio.Event()
        broker.on_frame = self._on_frame
        broker.on_restored.append(self._on_restored)
        broker.on_lost.append(self._on_lost)
        broker.on_lease_lost.append(self._on_lease_lost)

    async def subscribe(self, channel: str) -> None:
        self.broker.subscribe(channel)
        await self.broker.wait_subscribed(channel, timeout_seconds=WAIT_SECONDS)

    async def hear(self, frame: bytes) -> None:
        """Wait for a frame."""
        await self._wait(lambda: any(heard == frame for _, heard in self.frames), f"{frame!r} did not arrive")

    async def wait_restored(self, times: int) -> None:
        await self._wait(lambda: len(self.restored) >= times, f"restored {len(self.restored)} times, not {times}")

    async def wait_lost(self, times: int = 1) -> None:
        await self._wait(lambda: len(self.lost) >= times, f"lost {len(self.lost)} times, not {times}")

    async def wait_lease_lost(self) -> None:
        await self._wait(lambda: self.lease_losses > 0, "the lease was not found gone")

    async def _wait(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            self._changed.clear()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._changed.wait()
            except TimeoutError:
                raise AssertionError(f"{complaint} within {WAIT_SECONDS:.0f} s") from None

    def _on_frame(self, channel: str, frame: bytes) -> None:
        self.frames.append((channel, frame))
        self._changed.set()

    def _on_restored(self, reason: str) -> None:
        self.restored.append(reason)
        links = self.broker._routes.links
        wanted = [(link, channel) for link in links for channel in link.channels()]
        self.was_whole = all(link.subscriptions.is_confirmed(channel) for link, channel in wanted)
        self._changed.set()

    def _on_lost(self, reason: str) -> None:
        self.lost.append(reason)
        self._changed.set()

    def _on_lease_lost(self) -> None:
        self.lease_losses += 1
        self._changed.set()


@asynccontextmanager
async def running(url: str, node_id: str = "a", *, prefix: str = "hyred") -> AsyncIterator[Node]:
    """A node that is connected. When the last one has ended, none of their tasks is left."""
    broker = await Broker.connect(url, node_id=node_id, prefix=prefix)
    node = Node(broker)
    task = asyncio.create_task(broker.run())
    _running.add(node)
    try:
        await node.wait_restored(1)
        yield node
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await broker.close()
        _running.discard(node)
        if not _running:
            assert _tasks_of_brokers() == set()


def _tasks_of_brokers() -> set[asyncio.Task[Any]]:
    """The tasks in which code of the broker or of its library runs."""
    folders = (str(Path(hyred_chat.broker.__file__).parent), str(Path(redis.__file__).parent))
    return {task for task in asyncio.all_tasks() if task.get_coro().cr_code.co_filename.startswith(folders)}  # type: ignore[union-attr]
