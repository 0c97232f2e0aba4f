"""Two processes on one database, and something fails: those who stay connected are whole a moment later."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.acceptance.failures import NO_LIMITS, LosableClient, chat_on, database_at, wait_for_status
from tests.acceptance.floods import Flood, check_live, check_stored, flooding
from tests.acceptance.nodes import SETTINGS, TwoNodes, two_nodes
from tests.acceptance.people import Person
from tests.acceptance.server import start_server
from tests.postgres import PrivatePostgres


@dataclass
class World:
    """Two people in two rooms, each with a socket that writes and one that watches at either process."""

    nodes: TwoNodes
    room_ids: list[str]
    people: list[Person]
    writers: list[tuple[Person, LosableClient]]
    watchers: dict[str, list[LosableClient]]

    def start(self, flood: Flood) -> None:
        """Everybody writes to both rooms, at both processes."""
        for person, client in self.writers:
            for room_id in self.room_ids:
                flood.write(person, client, room_id)

    async def check(self, flood: Flood, *urls: str) -> None:
        """What was acknowledged is stored, once, and whoever watches at these processes has seen all of it in order."""
        async with database_at(self.nodes.second.database_url) as database:
            await check_stored(database, self.room_ids, flood.sends)
            rows = await database.fetch("SELECT id, last_seq FROM chat_rooms WHERE id = ANY($1)", self.room_ids)
        for url in urls:
            for client in self.watchers[url]:
                await check_live(client, {row["id"]: row["last_seq"] for row in rows})


@asynccontextmanager
async def world_on(database_url: str) -> AsyncIterator[World]:
    settings = NO_LIMITS | SETTINGS | {"HYRED_SEND_TIMEOUT_SECONDS": "2"}
    async with (
        start_server(database_url, **settings) as first,
        chat_on(first) as chat,
        two_nodes(chat, **settings) as nodes,
    ):
        people = [await chat.person(name) for name in ("Ana", "Ben")]
        room_ids = [await chat.room(*people) for _ in range(2)]
        writers: list[tuple[Person, LosableClient]] = []
        watchers: dict[str, list[LosableClient]] = {first.url: [], nodes.second.url: []}
        for person in people:
            for url, watching in watchers.items():
                writer, watcher = LosableClient(), LosableClient()
                for client in (writer, watcher):
                    person.clients.append(client)
                    await client.connect(url, {"token": person.token})
                for room_id in room_ids:
                    await watcher.join(room_id)
                writers.append((person, writer))
                watching.append(watcher)
        yield World(nodes, room_ids, people, writers, watchers)


async def test_what_a_killed_process_stored_reaches_the_sockets_of_the_other(database_url: str) -> None:
    """Also what it had committed and could not tell anybody of."""
    async with world_on(database_url) as world, flooding() as flood:
        world.start(flood)
        await flood.wait_for_acknowledgements(300)
        await world.nodes.chat.server.kill()
        await flood.wait_for_acknowledgements(100)
        await flood.end()
        await world.check(flood, world.nodes.second.url)


async def test_after_the_database_was_away_both_processes_have_everything(private_postgres: PrivatePostgres) -> None:
    async with world_on(private_postgres.url) as world, flooding() as flood:
        world.start(flood)
        await flood.wait_for_acknowledgements(200)
        await asyncio.to_thread(private_postgres.stop, immediate=True)
        await wait_for_status(world.nodes.chat, "/api/health/ready", 503)
        await asyncio.to_thread(private_postgres.start)
        await flood.wait_for_acknowledgements(200)
        await flood.end()
        await world.check(flood, *world.watchers)
