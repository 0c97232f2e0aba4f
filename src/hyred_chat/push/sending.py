"""One push to all of a person's devices, each by its channel."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.push import repository
from hyred_chat.push.channels import Channels, DeviceAddress, Push, Unregistered
from hyred_chat.push.content import push_of, withdrawal_of
from hyred_chat.push.decisions import Send, Settle
from hyred_chat.push.facts import Conversation, Due
from hyred_chat.push.outcomes import Attempt, sent, settled
from hyred_chat.push.repository import Reach, Settlement

logger = logging.getLogger(__name__)


class Sending:
    """Sends, and forgets devices that are gone."""

    def __init__(self, database: Database, channels: Channels, *, ttl_seconds: int) -> None:
        self._database = database
        self._channels = channels
        self._ttl_seconds = ttl_seconds

    async def send(self, due: Due, decision: Send, reach: Reach) -> Settlement:
        """Push to those devices that have not had it. Somebody whom no channel reaches has it in the log."""
        is_grown = isinstance(due.subject, Conversation) and due.subject.last_seq > due.looked_seq
        before = () if is_grown else due.pushed_to
        devices = [device for device in reach.devices if device.id not in before]
        attempts = await self._send_to(devices, lambda device: self._push_for(device, due, reach))
        if not attempts and not before:
            logger.info("Notification %s (%s): nobody to push to; it is in the list", due.id, due.type)
        return sent(due, decision, attempts, before, self._ttl_seconds)

    async def withdraw(self, due: Due, decision: Settle, reach: Reach) -> Settlement:
        """Have it taken away where it is shown."""
        devices = [device for device in reach.devices if device.id in due.shown_on]
        push = withdrawal_of(due, badge=reach.unread, ttl_seconds=self._ttl_seconds)
        return settled(due, decision, await self._send_to(devices, lambda _: push))

    def _push_for(self, device: DeviceAddress, due: Due, reach: Reach) -> Push:
        return push_of(due, locale=device.locale, badge=reach.unread, ttl_seconds=self._ttl_seconds)

    async def _send_to(
        self, devices: Sequence[DeviceAddress], push_for: Callable[[DeviceAddress], Push]
    ) -> list[Attempt]:
        attempts = await asyncio.gather(*(self._attempt(device, push_for(device)) for device in devices))
        made = [attempt for attempt in attempts if attempt is not None]
        for attempt in made:
            if isinstance(attempt.outcome, Unregistered):
                await self._forget(attempt.device)
        return made

    async def _attempt(self, device: DeviceAddress, push: Push) -> Attempt | None:
        channel = self._channels.find(device)
        if channel is None:
            return None
        return Attempt(device, channel.name, await channel.send(device, push))

    async def _forget(self, device: DeviceAddress) -> None:
        try:
            async with self._database.connection() as connection:
                await repository.remove_device(connection, device)
        except UnavailableError:
            logger.warning("A device that is gone could not be forgotten; the next push finds it again")
