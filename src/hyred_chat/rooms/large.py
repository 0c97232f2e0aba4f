"""Channels of large rooms: this node listens to those that have a member here."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import islice

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.nodes import SMALL_MEMBERS, Nodes
from hyred_chat.rooms import repository

logger = logging.getLogger(__name__)

# People whose rooms are read in one statement, after what arrives in a moment was gathered.
BATCH_PEOPLE = 500
GATHER_SECONDS = 0.02
RETRY_SECONDS = 0.5


class LargeRooms:
    """Which large rooms have a member here.

    What is published in the moment before a channel is listened to is found by the sweep.
    """

    def __init__(self, database: Database, nodes: Nodes, hub: Hub) -> None:
        self._database = database
        self._nodes = nodes
        self._hub = hub
        self._people: dict[str, set[str]] = defaultdict(set)  # by room
        self._rooms: dict[str, set[str]] = {}  # by person
        self._unread: dict[str, None] = {}
        self._wake = asyncio.Event()
        hub.on_arrival.append(self._look_up)
        hub.on_departure.append(self._forget)

    def review(self, room_id: str, member_ids: Collection[str]) -> None:
        """A room was read: it has these members."""
        is_large = len(member_ids) > SMALL_MEMBERS
        here = {user_id for user_id in member_ids if self._hub.is_here(user_id)} if is_large else set()
        for user_id in here - self._people.get(room_id, set()):
            self._add(room_id, user_id)
        for user_id in self._people.get(room_id, set()) - here:
            self._remove(room_id, user_id)

    async def run(self) -> None:
        """Read the rooms of those who arrive, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            while self._unread:
                batch = list(islice(self._unread, BATCH_PEOPLE))
                try:
                    async with self._database.connection() as connection:
                        found = await repository.list_large_rooms(connection, batch, least_members=SMALL_MEMBERS + 1)
                except Exception as error:
                    if not isinstance(error, UnavailableError):
                        logger.exception("The large rooms of people could not be read; trying again")
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                for user_id in batch:
                    self._unread.pop(user_id, None)
                self._take(found)

    def _take(self, found: Iterable[tuple[str, str]]) -> None:
        for user_id, room_id in found:
            if self._hub.is_here(user_id):
                self._add(room_id, user_id)

    def _look_up(self, user_id: str) -> None:
        self._unread[user_id] = None
        self._wake.set()

    def _forget(self, user_id: str) -> None:
        self._unread.pop(user_id, None)
        for room_id in list(self._rooms.get(user_id, ())):
            self._remove(room_id, user_id)

    def _add(self, room_id: str, user_id: str) -> None:
        if not self._people[room_id]:
            self._nodes.listen_to_room(room_id)
        self._people[room_id].add(user_id)
        self._rooms.setdefault(user_id, set()).add(room_id)

    def _remove(self, room_id: str, user_id: str) -> None:
        people, rooms = self._people[room_id], self._rooms[user_id]
        people.discard(user_id)
        rooms.discard(room_id)
        if not rooms:
            del self._rooms[user_id]
        if not people:
            del self._people[room_id]
            self._nodes.stop_listening_to_room(room_id)
