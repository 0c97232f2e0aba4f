"""PostgreSQL stopped, killed and frozen under load: nothing is lost or doubled, and the server finds its way back."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hyred_chat.db.cluster import Cluster
from tests.acceptance.failures import (
    NO_LIMITS,
    LosableClient,
    chat_on,
    connect,
    database_at,
    frozen,
    hanging,
    wait_for_status,
)
from tests.acceptance.floods import Flood, check_live, check_stored, flooding
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server, start_server
from tests.faulty_proxy import lossy_proxy
from tests.postgres import Connection, PrivatePostgres, wait_in_postgres

SEND_TIMEOUT_SECONDS = 2.0
# On top of that: a turn of the lane, and a busy machine.
SLACK_SECONDS = 2.0
RECOVERY_SECONDS = 5.0
SETTINGS = NO_LIMITS | {"HYRED_SEND_TIMEOUT_SECONDS": str(SEND_TIMEOUT_SECONDS)}


@dataclass
class World:
    """Two rooms of four people, who write by one socket each and watch by another."""

    server: Server
    chat: Chat
    postgres: Cluster
    people: list[Person]
    room_ids: list[str]
    writers: list[LosableClient]
    watchers: list[LosableClient]

    def start(self, flood: Flood) -> None:
        """Everybody writes to both rooms."""
        for person, client in zip(self.people, self.writers, strict=True):
            for room_id in self.room_ids:
                flood.write(person, client, room_id)

    async def check(self, flood: Flood) -> None:
        """Nothing is lost, nothing is twice, everybody was answered, and whoever stayed has seen all of it in order."""
        assert all(client.connected for client in (*self.writers, *self.watchers))
        assert {send.code for send in flood.others} <= {"unavailable"}
        for person, client, room_id in zip(self.people, self.writers, self.room_ids * 2, strict=False):
            flood.write(person, client, room_id, limit=1)
        await flood.wait_for_the_end()
        async with database_at(self.postgres.url) as database:
            await check_stored(database, self.room_ids, flood.sends)
            rows = await database.fetch("SELECT id, last_seq FROM chat_rooms WHERE id = ANY($1)", self.room_ids)
            last_seqs = {row["id"]: row["last_seq"] for row in rows}
            for client in self.watchers:
                await check_live(client, last_seqs)
            await self._retry(flood)
            assert await check_stored(database, self.room_ids, flood.sends) == len(flood.sends)
        assert not self.server.faults()

    async def _retry(self, flood: Flood) -> None:
        clients = dict(zip((person.id for person in self.people), self.writers, strict=True))
        for send in flood.others:
            await send.make(clients[send.person.id])
            assert send.message is not None, send.envelope


async def lane_backends(database: "Connection") -> list[int]:
    """The processes of PostgreSQL that store messages."""
    rows = await database.fetch(
        "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%WITH sent AS MATERIALIZED%'"
    )
    assert rows
    return [row["pid"] for row in rows]


@asynccontextmanager
async def world_on(postgres: PrivatePostgres, database_url: str | None = None, **settings: str) -> AsyncIterator[World]:
    """A server on that PostgreSQL, or on another way to it."""
    async with start_server(database_url or postgres.url, **(SETTINGS | settings)) as server, chat_on(server) as chat:
        people = [await chat.person(name) for name in ("Ana", "Ben", "Cem", "Dua")]
        room_ids = [await chat.room(*people) for _ in range(2)]
        writers = [await connect(chat, person) for person in people]
        transports = ("websocket", "polling") * 2
        watchers = [
            await connect(chat, person, join=room_ids, transport=transport)
            for person, transport in zip(people, transports, strict=True)
        ]
        yield World(server, chat, postgres, people, room_ids, writers, watchers)


async def test_a_database_that_stops_and_starts_under_load_costs_a_refusal_at_most(
    private_postgres: PrivatePostgres,
) -> None:
    async with world_on(private_postgres) as world, flooding() as flood:
        world.start(flood)
        await flood.wait_for_acknowledgements(200)
        await asyncio.to_thread(private_postgres.stop, immediate=True)
        await wait_for_status(world.chat, "/api/health/ready", 503)
        answer = await world.people[0].get("/api/chat/rooms")
        assert (answer.status, answer.code) == (503, "unavailable")
        assert (await world.chat.http.get("/api/health/live")).status_code == 200
        await flood.wait_until(lambda: bool(flood.others) and flood.others[0].envelope is not None)

        await asyncio.to_thread(private_postgres.start)
        started = time.monotonic()
        await flood.wait_for_acknowledgements(1)
        await wait_for_status(world.chat, "/api/health/ready", 200)
        assert time.monotonic() - started < RECOVERY_SECONDS
        await flood.wait_for_acknowledgements(200)
        await flood.end()
        assert max(send.waited_seconds for send in flood.sends) < SEND_TIMEOUT_SECONDS + SLACK_SECONDS
        await world.check(flood)


async def test_a_killed_process_of_the_database_costs_a_refusal_at_most(private_postgres: PrivatePostgres) -> None:
    async with world_on(private_postgres) as world, flooding() as flood:
        world.start(flood)
        await flood.wait_for_acknowledgements(100)
        # One is enough: PostgreSQL then ends all others, and recovers from its log.
        os.kill((await lane_backends(world.chat.database))[0], signal.SIGKILL)
        await flood.wait_for_acknowledgements(200)
        await flood.end()
        await world.check(flood)


async def test_a_database_that_hangs_for_a_while_answers_late_and_doubles_nothing(
    private_postgres: PrivatePostgres,
) -> None:
    async with world_on(private_postgres) as world, flooding() as flood:
        world.start(flood)
        await flood.wait_for_acknowledgements(100)
        with hanging(private_postgres):
            await asyncio.sleep(SEND_TIMEOUT_SECONDS / 2)
        await flood.wait_for_acknowledgements(100)
        await flood.end()
        assert flood.others == []
        await world.check(flood)


async def test_a_batch_that_is_sent_again_is_stored_once_when_the_first_attempt_comes_to_life(
    private_postgres: PrivatePostgres,
) -> None:
    """The lane gives up on a connection that hangs and stores the batch on another; then the first one goes on."""
    async with world_on(private_postgres, HYRED_SEND_TIMEOUT_SECONDS="20") as world, flooding() as flood:
        room_id, database = world.room_ids[0], world.chat.database
        await world.writers[0].send(room_id, "before", clientMessageId="before")
        lanes = await lane_backends(database)
        with frozen(lanes):
            # Without a clientMessageId there is only the server's own id to know a repeat by.
            nameless = [asyncio.create_task(client.send(room_id, "nameless")) for client in world.writers]
            for person, client in zip(world.people, world.writers, strict=True):
                flood.write(person, client, room_id, limit=1)
            await flood.wait_for_the_end()
            await asyncio.gather(*nameless)
        assert flood.others == []
        await wait_in_postgres(database, f"NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ANY(ARRAY{lanes}))")
        for watcher in world.watchers:
            await check_live(watcher, {room_id: 9})
        assert await world.chat.count_messages(room_id) == 9


async def test_a_batch_whose_answer_is_lost_is_stored_once_and_acknowledged(private_postgres: PrivatePostgres) -> None:
    """It was committed, and the connection broke before the server heard of it."""
    async with lossy_proxy(private_postgres.url) as proxy, world_on(private_postgres, proxy.url) as world:
        room_id = world.room_ids[0]
        before = await world.writers[0].send(room_id, "before")
        # The first of them goes alone, and has nothing but the server's own id to be known by. Its copy comes later.
        proxy.lose_answers_from(b"COMMIT")
        nameless = [asyncio.create_task(client.send(room_id, "nameless")) for client in world.writers]
        named = [
            asyncio.create_task(client.send(room_id, "named", clientMessageId="named")) for client in world.writers
        ]
        async with database_at(private_postgres.url) as database:
            await wait_in_postgres(database, "EXISTS (SELECT FROM messages WHERE seq > 1)")
            proxy.cut()
            messages = await asyncio.gather(*named, *nameless)
            assert sorted(message["seq"] for message in (before, *messages)) == list(range(1, 10))
            assert (
                await asyncio.gather(*(each.post_message(room_id, "nameless") for each in world.people)) == messages[4:]
            )
            assert await database.fetchval("SELECT count(*) FROM messages") == 9
        for watcher in world.watchers:
            await check_live(watcher, {room_id: 9})


async def test_a_send_is_answered_in_time_while_the_database_hangs(private_postgres: PrivatePostgres) -> None:
    async with world_on(private_postgres) as world, flooding() as flood:
        await world.writers[0].send(world.room_ids[0], "a room that the server knows", clientMessageId="before")
        unknown_room_id = await world.chat.room(*world.people)
        with hanging(private_postgres):
            for person, client in zip(world.people, world.writers, strict=True):
                for room_id in (unknown_room_id, world.room_ids[0]):
                    flood.write(person, client, room_id, limit=1)
            await flood.wait_for_the_end()
        assert {send.code for send in flood.sends} == {"unavailable"}
        assert max(send.waited_seconds for send in flood.sends) < SEND_TIMEOUT_SECONDS + SLACK_SECONDS
        world.start(flood)
        await flood.wait_for_acknowledgements(20)


async def test_a_message_that_is_stored_after_its_refusal_reaches_everybody_before_the_next_one(
    private_postgres: PrivatePostgres,
) -> None:
    async with world_on(private_postgres) as world, flooding() as flood:
        room_id, database = world.room_ids[0], world.chat.database
        await world.writers[0].send(room_id, "before", clientMessageId="before")
        postmaster = int((private_postgres.directory / "postmaster.pid").read_text().split()[0])
        with frozen([postmaster]):  # no other connection can be made
            with frozen(await lane_backends(database)):
                flood.write(world.people[0], world.writers[0], room_id, limit=1)
                await flood.wait_for_the_end()
            assert flood.sends[0].code == "unavailable"
            await wait_in_postgres(database, "EXISTS (SELECT FROM messages WHERE seq = 2)")
        await world.writers[1].send(room_id, "the next one")
        for watcher in world.watchers:
            await check_live(watcher, {room_id: 3})
        await flood.sends[0].make(world.writers[0])
        assert flood.sends[0].message is not None
        assert flood.sends[0].message["seq"] == 2
