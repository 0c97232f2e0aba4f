"""The worker: takes what is due from the queue, decides, sends, and writes down what became of it.

Any number of workers share a queue: each row is claimed by one of them, for the length of a lease. One that is killed
leaves its rows to the others when the lease ends, so a push is sent at least once, and twice with one collapse key.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.ids import new_id
from hyred_chat.notifications.attention import Asked, Watch
from hyred_chat.notifications.signals import Hint
from hyred_chat.push import repository
from hyred_chat.push.channels import Channels
from hyred_chat.push.decisions import Decision, Patience, Revise, Send, Settle, Wait, decide
from hyred_chat.push.facts import Due
from hyred_chat.push.outcomes import broken, settled, waiting
from hyred_chat.push.repository import Reach
from hyred_chat.push.sending import Sending
from hyred_chat.push.settling import Settling

logger = logging.getLogger(__name__)

# A message makes nobody's notification due sooner than in a second, and tells no worker: they look this often.
LOOK_SECONDS = 0.5
CLAIM_SIZE = 200


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How a worker works. `concurrency` is of each provider."""

    patience: Patience
    lease_seconds: float
    concurrency: int


class PushWorker:
    """One worker.

    Args:
        watch: where people's attention is.
        channels: by which ways pushes go; without any, they are logged.
        settling: writes down what became of them; runs beside the worker.
    """

    def __init__(
        self, database: Database, watch: Watch, channels: Channels, settling: Settling, settings: WorkerSettings
    ) -> None:
        self._database = database
        self._watch = watch
        self._settings = settings
        self._settling = settling
        # People whose devices are being pushed. Those whom a provider that hangs holds up leave room for the others.
        self._capacity = settings.concurrency * max(1, len(channels.configured))
        self._sending = Sending(database, channels, settings.patience, lease_seconds=settings.lease_seconds)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._is_draining = False

    async def on_due(self, _hints: Sequence[Hint]) -> None:
        """Something is due at once."""
        self._wake.set()

    async def run(self) -> None:
        """Work, until cancelled; what is being sent then comes back when its lease ends."""
        try:
            while True:
                self._wake.clear()
                if await self._try_to_take():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_SECONDS):
                            await self._wake.wait()
        finally:
            for task in self._tasks:
                task.cancel()

    async def drain(self) -> None:
        """Take no more, and wait until what was taken is sent and written down. The caller bounds the time."""
        self._is_draining = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._settling.flush()

    async def _try_to_take(self) -> bool:
        try:
            return await self._take()
        except Exception as error:
            if not isinstance(error, UnavailableError):
                logger.exception("Due notifications could not be looked at; trying again")
            return True

    async def _take(self) -> bool:
        """Look at some of what is due; whether that was all of it, or all that can be sent at once."""
        await self._settling.wait_for_room()
        limit = min(CLAIM_SIZE, self._capacity - len(self._tasks))
        # One at a time, as each is sent, would be a statement for each.
        if self._is_draining or (self._tasks and limit < min(CLAIM_SIZE, self._capacity) / 4):
            return True
        async with self._database.connection() as connection:
            dues, unreadable = await repository.claim(
                connection, lease=new_id(), lease_seconds=self._settings.lease_seconds, limit=limit
            )
        decisions = await self._decide(dues)
        outgoing = {due.reader.id for due, decision in decisions if _goes_out(decision)}
        reach: dict[str, Reach] = {}
        if outgoing:
            async with self._database.connection() as connection:
                reach = await repository.find_reach(connection, outgoing)
        for row in unreadable:
            self._settling.add(broken(row.id, row.lease, room_id=row.room_id, looked_seq=row.last_seq))
        for due, decision in decisions:
            self._carry_out(due, decision, reach)
        return len(dues) + len(unreadable) < limit

    async def _decide(self, dues: Sequence[Due]) -> list[tuple[Due, Decision]]:
        asked = [Asked(due.reader.id, due.room_id, (due.now - due.told_at).total_seconds()) for due in dues]
        attentions = await self._watch.attentions_of(asked)
        return [
            (due, decide(due, attention, self._settings.patience))
            for due, attention in zip(dues, attentions, strict=True)
        ]

    def _carry_out(self, due: Due, decision: Decision, reach: dict[str, Reach]) -> None:
        if isinstance(decision, Wait):
            self._settling.add(waiting(due, decision))
        elif _goes_out(decision):
            task = asyncio.create_task(self._send(due, decision, reach[due.reader.id]))
            self._tasks.add(task)
            task.add_done_callback(self._on_sent)
        elif isinstance(decision, Settle):
            self._settling.add(settled(due, decision))

    async def _send(self, due: Due, decision: Decision, reach: Reach) -> None:
        try:
            if isinstance(decision, Send):
                self._settling.add(await self._sending.send(due, decision, reach))
            elif isinstance(decision, Settle):
                self._settling.add(await self._sending.withdraw(due, decision, reach))
            elif isinstance(decision, Revise):
                self._settling.add(await self._sending.revise(due, reach))
        except Exception:
            logger.exception("Notification %s could not be sent; it fails", due.id)
            self._settling.add(
                broken(due.id, due.lease, room_id=due.room_id, looked_seq=due.last_seq, shown_on=due.shown_on)
            )

    def _on_sent(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()


def _goes_out(decision: Decision) -> bool:
    return isinstance(decision, Send | Revise) or (isinstance(decision, Settle) and decision.withdraws)
