"""Pushes as a part of the service, and of a worker that does nothing else."""

from functools import partial

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.metrics.registry import Metrics
from hyred_chat.notifications.reach import Reach
from hyred_chat.parts import Part
from hyred_chat.push.bounds import BoundedChannel
from hyred_chat.push.channels import Accepted, Outcome
from hyred_chat.push.metrics import describe_push
from hyred_chat.push.settling import Settling
from hyred_chat.push.setup import channels, vapid_key, worker_settings
from hyred_chat.push.tidying import Tidying
from hyred_chat.push.worker import PushWorker
from hyred_chat.tracing import Tracing


class PushPart(Part):
    """The worker that sends pushes.

    Args:
        reach: what it needs to know of people's attention, and whom it tells. Its own listener is added.

    Raises:
        ConfigurationError: a channel is not set up rightly.
    """

    def __init__(self, settings: Settings, database: Database, reach: Reach) -> None:
        self._channels = channels(settings, vapid_key(settings))
        self._settling = Settling(database, reach.teller)
        self._worker = PushWorker(database, reach.watch, self._channels, self._settling, worker_settings(settings))
        self.background = (self._worker, self._settling, Tidying(database, keep_days=settings.notification_days))
        reach.listeners["due"] = self._worker.on_due

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        describe_push(metrics, self._channels, self._settling)

    def trace(self, tracing: Tracing) -> None:
        """A span for each push."""
        for channel in self._channels.configured:
            if isinstance(channel, BoundedChannel):
                channel.on_answer = partial(_record, tracing, channel.name)

    async def drain(self) -> None:
        """Finish what is being sent."""
        await self._worker.drain()

    async def close(self) -> None:
        """Let go of connections to providers."""
        await self._channels.close()


def _record(tracing: Tracing, channel: str, outcome: Outcome, seconds: float) -> None:
    name = type(outcome).__name__.lower()
    is_error = not isinstance(outcome, Accepted)
    tracing.record(f"push {channel}", seconds, {"hyred.push.outcome": name}, is_error=is_error)
