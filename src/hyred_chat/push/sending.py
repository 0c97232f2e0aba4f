"""One push to all of a person's devices that are due, each by its channel."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.push import repository
from hyred_chat.push.channels import Channel, Channels, DeviceAddress, Postponed, Push, Unregistered
from hyred_chat.push.content import push_of, withdrawal_of
from hyred_chat.push.decisions import Patience, Send, Settle
from hyred_chat.push.facts import Due
from hyred_chat.push.outcomes import revised, sent, withdrawn
from hyred_chat.push.pacing import Attempt, is_push_due, is_withdrawal_due
from hyred_chat.push.repository import Reach, Settlement

logger = logging.getLogger(__name__)

# Of a lease: what takes longer is tried again, and what other devices have taken is written down before the lease ends.
LEASE_RATIO = 0.75


class Sending:
    """Sends, and forgets devices that are gone.

    Args:
        lease_seconds: how long a notification is this process's.
    """

    def __init__(self, database: Database, channels: Channels, patience: Patience, *, lease_seconds: float) -> None:
        self._database = database
        self._channels = channels
        self._ttl_seconds = patience.ttl_seconds
        self._timeout_seconds = lease_seconds * LEASE_RATIO

    async def send(self, due: Due, decision: Send, reach: Reach) -> Settlement:
        """Push to those devices that are to have it now. Somebody whom no channel reaches has it in the log."""
        clock = _Clock(due.now)
        ways = self._ways_to(reach.devices)
        if not ways:
            logger.info("Notification %s (%s): nobody to push to; it is in the list", due.id, due.type)
        ttl_seconds = self._seconds_left(due)
        pushes = [
            (device, channel, push_of(due, locale=device.locale, badge=reach.unread, ttl_seconds=ttl_seconds))
            for device, channel in ways
            if is_push_due(due, device)
        ]
        attempts = await self._send_all(pushes, clock)
        return sent(due, decision, attempts, [device for device, _ in ways], clock.now())

    async def revise(self, due: Due, reach: Reach) -> Settlement:
        """Have it said as it is now where a push shows it."""
        ttl_seconds = self._seconds_left(due)
        pushes = [
            (
                device,
                channel,
                push_of(due, locale=device.locale, badge=reach.unread, ttl_seconds=ttl_seconds, is_silent=True),
            )
            for device, channel in self._ways_to(reach.devices)
            if device.id in due.shown_on
        ]
        return revised(due, await self._send_all(pushes, _Clock(due.now)))

    async def withdraw(self, due: Due, decision: Settle, reach: Reach) -> Settlement:
        """Have it taken away where it is shown."""
        clock = _Clock(due.now)
        push = withdrawal_of(due, badge=reach.unread, ttl_seconds=self._ttl_seconds)
        pushes = [
            (device, channel, push)
            for device, channel in self._ways_to(reach.devices)
            if is_withdrawal_due(due, device)
        ]
        attempts = await self._send_all(pushes, clock)
        return withdrawn(due, decision, attempts, clock.now(), self._ttl_seconds)

    def _seconds_left(self, due: Due) -> int:
        """How long a push is worth keeping for a device that is off: as long as what it tells is worth telling."""
        age_seconds = (due.now - due.told_at).total_seconds()
        return max(1, min(self._ttl_seconds, int(self._ttl_seconds - age_seconds)))

    def _ways_to(self, devices: Sequence[DeviceAddress]) -> list[tuple[DeviceAddress, Channel]]:
        found = ((device, self._channels.find(device)) for device in devices)
        return [(device, channel) for device, channel in found if channel is not None]

    async def _send_all(self, pushes: Sequence[tuple[DeviceAddress, Channel, Push]], clock: "_Clock") -> list[Attempt]:
        return await asyncio.gather(*(self._attempt(device, channel, push, clock) for device, channel, push in pushes))

    async def _attempt(self, device: DeviceAddress, channel: Channel, push: Push, clock: "_Clock") -> Attempt:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                outcome = await channel.send(device, push)
        except TimeoutError:
            outcome = Postponed("timeout")
        if isinstance(outcome, Unregistered):
            await self._forget(device)
        return Attempt(device, channel.name, outcome, clock.now())

    async def _forget(self, device: DeviceAddress) -> None:
        try:
            async with self._database.connection() as connection:
                await repository.remove_device(connection, device)
        except UnavailableError:
            logger.warning("A device that is gone could not be forgotten; the next push finds it again")


class _Clock:
    """The database's clock, which what is written down goes by, from when a notification was claimed."""

    def __init__(self, claimed_at: datetime) -> None:
        self._claimed_at = claimed_at
        self._started = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return self._claimed_at + timedelta(seconds=asyncio.get_running_loop().time() - self._started)
