"""Changes of people and rooms that every process has to hear of, whatever is lost on the way.

They are written to a table in the transaction that makes them (`db/node_events.py`). Every process looks at the table
every few seconds, and applies what it finds. Applying an event twice does no harm, so a faster way may tell of it, too.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from hyred_chat.db.node_events import Kind
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.nodes import repository
from hyred_chat.nodes.repository import Look
from hyred_chat.tidying import tidy_up_forever

logger = logging.getLogger(__name__)

# Nodes that were started together do not look together.
JITTER = 0.2
RETRY_SECONDS = 1.0
# Changes that come one after another are read together.
GATHER_SECONDS = 0.02
# Past so many events it is cheaper to read everything again that is in memory.
MAX_EVENTS = 5_000
KEEP_SECONDS = 3600.0
# Who has not looked for so long may have missed what was deleted.
MAX_GAP = timedelta(seconds=KEEP_SECONDS - 600)
# No transaction is as young.
_NEVER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class NodeEvent:
    """Something has changed: `subject` is the id of a user, or of a room."""

    kind: Kind
    subject: str


Apply: TypeAlias = Callable[[Collection[str]], Awaitable[None]]


class NodeEvents:
    """The events of all processes, this one's included.

    Args:
        poll_seconds: how long from one look to the next, at most.
        appliers: awaited with the subjects of new events, by kind.
        revalidate: awaited when events may have been missed: everything in memory is to be compared with the database.
        on_horizon: called after each look with the oldest transaction whose events may not have been applied.

    Attributes:
        on_written: called after this process has committed some. A faster way has others look at once.
        applied: how many events were applied, by kind.
        revalidations: how often everything in memory was compared.
        polled_at: when the table was looked at last (`time.monotonic`).
    """

    def __init__(
        self,
        database: Database,
        *,
        poll_seconds: float,
        appliers: Mapping[Kind, Apply],
        revalidate: Callable[[], Awaitable[None]],
        on_horizon: Callable[[int], None],
    ) -> None:
        self.on_written: list[Callable[[], None]] = []
        self.applied: Counter[Kind] = Counter()
        self.revalidations = 0
        self.polled_at = time.monotonic()
        self._database = database
        self._poll_seconds = poll_seconds
        self._appliers = appliers
        self._revalidate = revalidate
        self._on_horizon = on_horizon
        self._horizon: int | None = None
        self._looked_at: datetime | None = None
        # The ids of events that the next look finds again: they are applied already.
        self._applied_ids: frozenset[int] = frozenset()
        self._wake = asyncio.Event()

    def poll_now(self) -> None:
        """Do not wait for the next time: there is something to be read, or may be."""
        self._wake.set()

    def tell_written(self) -> None:
        """This process has committed some."""
        for listener in self.on_written:
            listener()

    async def apply(self, events: Iterable[NodeEvent]) -> None:
        """Let this process follow what was changed elsewhere, each once however often it comes.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        subjects: dict[Kind, dict[str, None]] = {}
        for event in events:
            subjects.setdefault(event.kind, {})[event.subject] = None
        for kind, ids in subjects.items():
            await self._appliers[kind](ids)
            self.applied[kind] += len(ids)

    async def run(self) -> None:
        """Look at the table and tidy it up, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._poll_forever())
            tasks.create_task(
                tidy_up_forever(
                    self._database,
                    repository.delete_old_events,
                    keep_seconds=KEEP_SECONDS,
                    complaint="Old changes could not be deleted; trying again",
                )
            )

    async def _poll_forever(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._poll()
            except Exception as error:
                if not isinstance(error, UnavailableError):
                    logger.exception("Changes of other processes could not be applied; trying again")
                await asyncio.sleep(RETRY_SECONDS)
                continue
            pause = self._poll_seconds * random.uniform(1 - JITTER, 1)  # noqa: S311  # no secret
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
                    await asyncio.sleep(GATHER_SECONDS)

    async def _poll(self) -> None:
        since = _NEVER if self._horizon is None else self._horizon
        async with self._database.connection() as connection:
            limit = len(self._applied_ids) + MAX_EVENTS + 1
            look = await repository.list_events(connection, since=since, limit=limit)
        if self._may_have_missed(look):
            await self._revalidate()
            self.revalidations += 1
        else:
            await self.apply(
                NodeEvent(event.kind, event.subject) for event in look.events if event.id not in self._applied_ids
            )
        self._applied_ids = frozenset(event.id for event in look.events if event.xact >= look.horizon)
        self._horizon, self._looked_at = look.horizon, look.at
        self.polled_at = time.monotonic()
        self._on_horizon(look.horizon)

    def _may_have_missed(self, look: Look) -> bool:
        return (
            self._horizon is None
            or self._looked_at is None
            or look.horizon < self._horizon  # another database, restored from a backup
            or look.at - self._looked_at > MAX_GAP
            or len(look.events) - len(self._applied_ids) > MAX_EVENTS
        )
