"""The process of a worker that sends pushes and nothing else: `hyred-chat worker`."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvloop

from hyred_chat.broker_address import connected_broker
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.metrics.monitor import Monitor
from hyred_chat.nodes.metrics import describe_broker
from hyred_chat.notifications.attention import Unwatched
from hyred_chat.notifications.reach import open_reach
from hyred_chat.parts import Parts
from hyred_chat.presence.claims import Claims
from hyred_chat.push.part import PushPart
from hyred_chat.realtime.nodes import Nodes

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

logger = logging.getLogger(__name__)

# Of a stop: finishing what is being sent, then letting go of everything.
DRAIN_TIMEOUT_SECONDS = 5.0
END_TIMEOUT_SECONDS = 1.5


def run(settings: Settings, database_url: str) -> None:
    """Work until SIGINT or SIGTERM.

    Raises:
        UnavailableError: the database cannot be reached at the start, or something that should go on has ended.
        ConfigurationError: a channel is not set up rightly.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings, database_url))


async def _work(settings: Settings, database_url: str) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    database = await Database.connect(
        database_url, schema=settings.database_schema, pool_size=settings.database_pool_size
    )
    try:
        async with connected_broker(settings) as broker:
            await _serve(settings, database, broker, stopped)
    finally:
        await database.close()


async def _serve(settings: Settings, database: Database, broker: "Broker | None", stopped: asyncio.Event) -> None:
    monitor = Monitor(settings, database)
    nodes = None if broker is None else Nodes(broker, hub=None)
    claims = None if broker is None else Claims(broker)
    reach, heard = open_reach(database, nodes, Unwatched(), {}, _nothing_missed, claims=claims)
    if nodes is not None:
        describe_broker(monitor.metrics, nodes)
    parts = Parts(*monitor.background, heard, *([] if broker is None else [broker]))
    parts.add(PushPart(settings, database, reach))
    parts.measure(monitor.metrics)
    if monitor.tracing is not None:
        parts.trace(monitor.tracing)
    # None of these ends by itself. If one does, the process ends, and its supervisor starts another.
    tasks = parts.start(lambda _: stopped.set())
    try:
        await stopped.wait()
        _check_running(tasks)
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_TIMEOUT_SECONDS):
                await parts.drain()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=END_TIMEOUT_SECONDS)
        await parts.close()
        await monitor.close()


def _check_running(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Raises what one of them ended with."""
    for task in tasks:
        if task.done():
            logger.critical("A background task ended; stopping", exc_info=task.exception())
            raise UnavailableError("The worker cannot go on; its log says why.")


async def _nothing_missed() -> None:
    """What became due meanwhile is found by looking."""
