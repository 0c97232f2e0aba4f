"""Channels of large rooms: this node listens to those that have a member here."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from hyred_chat.backlog import Backlog
from hyred_chat.db.pool import Database
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.nodes import SMALL_MEMBERS, Nodes
from hyred_chat.rooms import repository

# People whose rooms are read in one statement, after what arrives in a moment was gathered.
BATCH_PEOPLE = 500
GATHER_SECONDS = 0.02


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
        self._unread = Backlog[str, None](
            self._read,
            complaint="The large rooms of people could not be read",
            batch_size=BATCH_PEOPLE,
            gather_seconds=GATHER_SECONDS,
        )
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
        await self._unread.run()

    async def _read(self, user_ids: Collection[str]) -> None:
        async with self._database.connection() as connection:
            found = await repository.list_large_rooms(connection, list(user_ids), least_members=SMALL_MEMBERS + 1)
        self._take(found)

    def _take(self, found: Iterable[tuple[str, str]]) -> None:
        for user_id, room_id in found:
            if self._hub.is_here(user_id):
                self._add(room_id, user_id)

    def _look_up(self, user_id: str) -> None:
        self._unread.add(user_id, None)

    def _forget(self, user_id: str) -> None:
        self._unread.discard(user_id)
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
