"""A bound for each provider: one that hangs keeps nobody waiting who is pushed by another."""

import asyncio
import logging

from hyred_chat.push.channels import Accepted, Channel, DeviceAddress, Outcome, Postponed, Push

logger = logging.getLogger(__name__)

# Of a provider that has as many pushes under way as it may: when none of them has ended for so long, it hangs, and
# what comes on top is tried again later instead of waiting.
STALL_SECONDS = 1.0


class BoundedChannel:
    """A channel with so many pushes under way at most. The others wait for those, as long as these end.

    Logs when the provider begins to fail, and when it takes pushes again.
    """

    def __init__(self, channel: Channel, *, concurrency: int) -> None:
        self.name = channel.name
        self._channel = channel
        self._slots = asyncio.Semaphore(concurrency)
        self._moved_at = 0.0
        self._is_failing = False

    async def send(self, device: DeviceAddress, push: Push) -> Outcome:
        """Send once; `Postponed` at once when the provider hangs."""
        if not await self._enter():
            return self._note(Postponed("busy"))
        try:
            return self._note(await self._channel.send(device, push))
        finally:
            self._moved_at = asyncio.get_running_loop().time()
            self._slots.release()

    async def close(self) -> None:
        """Let go of connections."""
        await self._channel.close()

    async def _enter(self) -> bool:
        loop = asyncio.get_running_loop()
        while self._slots.locked():
            stalls_at = self._moved_at + STALL_SECONDS
            if loop.time() >= stalls_at:
                return False
            try:
                async with asyncio.timeout_at(stalls_at):
                    await self._slots.acquire()
                break
            except TimeoutError:
                continue
        else:
            await self._slots.acquire()  # one is free: this does not wait
        self._moved_at = loop.time()
        return True

    def _note(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Postponed) and not self._is_failing:
            self._is_failing = True
            logger.warning("Pushes by %s fail (%s); they are tried again", self.name, outcome.reason)
        elif isinstance(outcome, Accepted) and self._is_failing:
            self._is_failing = False
            logger.info("Pushes by %s are taken again", self.name)
        return outcome
