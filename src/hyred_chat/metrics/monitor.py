"""What every process measures of itself, and where that is read."""

import os

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.metrics.database import describe_database
from hyred_chat.metrics.listener import MetricsListener
from hyred_chat.metrics.loop_lag import LoopLag
from hyred_chat.metrics.process import describe_process
from hyred_chat.metrics.registry import Metrics
from hyred_chat.tracing import start_tracing


class Monitor:
    """The metrics of one process.

    Attributes:
        metrics: all of them. Whoever has more adds them.
        lag: how late the event loop is.
        tracing: where spans are recorded; None where OpenTelemetry is not asked for.
        background: what is to run while the process works.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.metrics = Metrics()
        self.lag = LoopLag()
        self.lag.describe(self.metrics)
        describe_process(self.metrics)
        describe_database(self.metrics, database)
        self.tracing = start_tracing(os.environ)
        self.background: tuple[LoopLag | MetricsListener, ...] = (self.lag,)
        if settings.metrics_address is not None:
            self.background += (MetricsListener(self.metrics, settings.metrics_address),)

    async def close(self) -> None:
        """Send what was recorded and is not sent yet."""
        if self.tracing is not None:
            await self.tracing.close()
