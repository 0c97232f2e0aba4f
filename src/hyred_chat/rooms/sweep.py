"""What other nodes have stored, found in the database: the way that does not depend on anybody's telling.

Every so often the rooms of everybody who is here are compared with what this node knows, a slice at a time. So whatever
was lost on its way from another node, each client has it soon after.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.histograms import Histogram
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms import repository
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.repository import FoundRoom, KnownRoom
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

# Nodes that were started together do not sweep together.
JITTER = 0.2
# What one statement asks about, and the pause after each, so that nobody waits for all of them.
SLICE_PEOPLE = 200
SLICE_ROOMS = 500
SLICE_MEMBERS = 5_000
PAUSE_SECONDS = 0.02
RETRY_SECONDS = 1.0
# The longest that a message takes from its createdAt until others can read it.
OVERLAP_SECONDS = 15.0


class Sweep:
    """Compares the rooms of those who are here with the database.

    Args:
        period_seconds: how long from one sweep to the next, at most.
        expect: called with a room's id and the newest seq, when it is further than this node's.
        expect_change: likewise with the number of the newest change.
        refresh: called with the id of a room in which somebody has read or received more.
        announce: called with a room that had a message of which the members here may not have heard.

    Attributes:
        seconds: how long sweeps took.
        compared: rooms in memory that were compared.
        found: rooms of which the database knew more.
    """

    def __init__(
        self,
        database: Database,
        cache: RoomCache,
        hub: Hub,
        *,
        period_seconds: float,
        expect: Callable[[str, int], None],
        expect_change: Callable[[str, int], None],
        refresh: Callable[[str], None],
        announce: Callable[[RoomState], None],
    ) -> None:
        self.seconds = Histogram()
        self.compared = self.found = 0
        self._database = database
        self._cache = cache
        self._hub = hub
        self._period_seconds = period_seconds
        self._expect = expect
        self._expect_change = expect_change
        self._refresh = refresh
        self._announce = announce
        self._swept_at = time.monotonic()
        self._wake = asyncio.Event()

    def sweep_now(self) -> None:
        """Do not wait for the next time: this node may have missed something."""
        self._wake.set()

    async def run(self) -> None:
        """Sweep, until cancelled."""
        while True:
            pause = self._period_seconds * random.uniform(1 - JITTER, 1)  # noqa: S311  # no secret
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._sweep()
            except Exception as error:
                if not isinstance(error, UnavailableError):
                    logger.exception("Rooms could not be compared with the database; trying again")
                await asyncio.sleep(RETRY_SECONDS)
                self._wake.set()

    async def _sweep(self) -> None:
        started_at = time.monotonic()
        seconds = started_at - self._swept_at + OVERLAP_SECONDS
        seen: set[str] = set()
        people: list[str] = []
        known: list[KnownRoom] = []
        members = 0
        for user_id in self._hub.list_users():
            people.append(user_id)
            for room_id in self._cache.list_rooms_of(user_id):
                state = self._cache.find(room_id)
                if state is not None and room_id not in seen:
                    seen.add(room_id)
                    known.append(_known_of(state))
                    members += len(state.members)
            if len(people) >= SLICE_PEOPLE or len(known) >= SLICE_ROOMS or members >= SLICE_MEMBERS:
                await self._compare(known, people, seconds)
                people, known, members = [], [], 0
                await asyncio.sleep(PAUSE_SECONDS)
        if people:
            await self._compare(known, people, seconds)
        self._swept_at = started_at
        self.seconds.observe(time.monotonic() - started_at)

    async def _compare(self, known: list[KnownRoom], people: list[str], seconds: float) -> None:
        async with self._database.connection() as connection:
            found = await repository.list_unknown(connection, known, people, seconds=seconds)
        self.compared += len(known)
        self.found += len(found)
        new_ids = {room.id for room in found if not self._catch_up(room)}
        for state in (await self._cache.get_many(new_ids)).values() if new_ids else ():
            self._announce(state)

    def _catch_up(self, found: FoundRoom) -> bool:
        """Have a room in memory catch up; False when its members here must be told of it."""
        state = self._cache.find(found.id)
        if state is None:
            return False
        if found.last_seq > state.last_seq or found.last_change > state.last_change:
            self._expect(found.id, found.last_seq)
            self._expect_change(found.id, found.last_change)
        elif found.positions_total > state.positions_total:
            self._refresh(found.id)
        else:
            return state.announced_at > 0
        return True


def _known_of(state: RoomState) -> KnownRoom:
    return KnownRoom(state.id, state.last_seq, state.last_change, state.positions_total, state.announced_at > 0)
