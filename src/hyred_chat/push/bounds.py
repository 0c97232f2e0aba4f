"""A bound for each provider: one that hangs keeps nobody waiting who is pushed by another."""

import asyncio
import logging
import time
import traceback
from typing import TYPE_CHECKING

from hyred_chat.histograms import Histogram
from hyred_chat.push.channels import Accepted, Channel, DeviceAddress, Outcome, Postponed, Push, Rejected, Unregistered

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

# Of a provider that has as many pushes under way as it may: when none of them has ended for so long, it hangs, and
# what comes on top is tried again later instead of waiting.
STALL_SECONDS = 1.0
# A provider that goes on failing, or refusing, is in the log again this often.
LOG_SECONDS = 300.0
# One that fails now and then is not logged more often.
FLAP_SECONDS = 10.0
_NAMES = {Accepted: "accepted", Unregistered: "unregistered", Rejected: "rejected", Postponed: "postponed"}


class BoundedChannel:
    """A channel with so many pushes under way at most. The others wait for those, as long as these end.

    What goes wrong in an unforeseen way, with one push, is an outcome of that push. Logs when the provider begins to
    fail or refuse, as long as that lasts every five minutes, and when it takes pushes again.

    Attributes:
        outcomes: how many pushes came out in each way: `accepted`, `unregistered`, `rejected` or `postponed`.
        seconds: how long the provider took for each.
        sending: how many are under way.
        on_answer: called with each outcome of the provider's, and with how long that took.
    """

    def __init__(self, channel: Channel, *, concurrency: int) -> None:
        self.name = channel.name
        self.outcomes = dict.fromkeys(_NAMES.values(), 0)
        self.seconds = Histogram()
        self.sending = 0
        self.on_answer: Callable[[Outcome, float], None] | None = None
        self._channel = channel
        self._slots = asyncio.Semaphore(concurrency)
        self._moved_at = 0.0
        self._is_failing = False
        self._failures = 0
        self._logged_at = -LOG_SECONDS

    async def send(self, device: DeviceAddress, push: Push) -> Outcome:
        """Send once; `Postponed` at once when the provider hangs."""
        if not await self._enter():
            return self._note(Postponed("busy"))
        started_at = time.monotonic()
        self.sending += 1
        try:
            outcome = await self._channel.send(device, push)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is logged, and this push's alone
            # Neither its text nor its arguments: they may hold the device's token.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(  # noqa: TRY400
                "A push by %s failed: %s in %s, line %s", self.name, type(error).__name__, frame.filename, frame.lineno
            )
            outcome = Rejected("internal")
        finally:
            self.sending -= 1
            self.seconds.observe(time.monotonic() - started_at)
            self._moved_at = asyncio.get_running_loop().time()
            self._slots.release()
        if self.on_answer is not None:
            self.on_answer(outcome, time.monotonic() - started_at)
        return self._note(outcome)

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
        self.outcomes[_NAMES[type(outcome)]] += 1
        match outcome:
            case Accepted():
                if self._is_failing:
                    logger.info("Pushes by %s are taken again", self.name)
                self._is_failing = False
            case Postponed(reason=reason):
                seconds = LOG_SECONDS if self._is_failing else FLAP_SECONDS
                is_logged = self._log(f"fail ({reason})", "they are tried again", after_seconds=seconds)
                self._is_failing = self._is_failing or is_logged
            case Rejected(reason=reason):
                self._log(f"are refused ({reason})", "they are not tried again", after_seconds=LOG_SECONDS)
        return outcome

    def _log(self, what: str, consequence: str, *, after_seconds: float) -> bool:
        """Log a failure, unless the last one that was logged is so recent; whether it was logged."""
        self._failures += 1
        now = asyncio.get_running_loop().time()
        if now < self._logged_at + after_seconds:
            return False
        count = f", {self._failures} of them since the last such line" if self._failures > 1 else ""
        logger.warning("Pushes by %s %s%s; %s", self.name, what, count, consequence)
        self._failures, self._logged_at = 0, now
        return True
