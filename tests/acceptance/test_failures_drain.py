"""A server that is told to stop, under load: it finishes what it took, and its clients find its successor."""

import shutil
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hyred_chat.db.cluster import Cluster
from tests.acceptance.failures import NO_LIMITS, LosableClient, chat_on, connect, hanging, move
from tests.acceptance.floods import check_stored, flooding, live_seqs
from tests.acceptance.server import Server, start_server
from tests.postgres import PrivatePostgres, copy_cluster, new_home

STOP_SECONDS = 10.0


@pytest.fixture
def cluster(pristine_cluster: Path) -> Iterator[Cluster]:
    """The data of a server with a database of its own. Not running."""
    home = new_home()
    copy_cluster(pristine_cluster, home / "postgres")
    cluster = Cluster(home / "postgres")
    yield cluster
    cluster.stop(immediate=True)
    shutil.rmtree(home)


@asynccontextmanager
async def embedded_server(cluster: Cluster, **settings: str) -> AsyncIterator[Server]:
    """A server that starts and stops its PostgreSQL itself."""
    own = {"HYRED_DATABASE_URL": "", "HYRED_DATA_DIR": str(cluster.directory.parent), "HYRED_DEMO": "false"}
    async with start_server(cluster.url, **(NO_LIMITS | own | settings)) as server:
        yield server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_server_told_to_stop_under_load_keeps_what_it_acknowledged_and_its_clients_return(
    cluster: Cluster, number: signal.Signals
) -> None:
    async with flooding() as flood, embedded_server(cluster) as server, chat_on(server) as chat:
        people = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
        room_ids = [await chat.room(*people) for _ in range(2)]
        watchers = [
            await connect(chat, person, join=room_ids, returns=True, transport=transport)
            for person, transport in zip(people, ("websocket", "polling", "websocket"), strict=True)
        ]
        for person in people:
            writer = await connect(chat, person)
            for room_id in room_ids * 3:
                flood.write(person, writer, room_id)
        # Somebody whom nothing is said to waits in a poll that is still open when the server stops.
        idle = await connect(chat, await chat.person("Dua"), returns=True, transport="polling")
        await flood.wait_for_acknowledgements(300)

        started = time.monotonic()
        assert await server._end(number) == 0
        assert time.monotonic() - started < STOP_SECONDS
        assert not cluster.is_running()
        assert not server.faults()
        await flood.wait_for_the_end()
        for client in (*watchers, idle):
            await client.wait_until_disconnected()

        async with embedded_server(cluster, PORT=server.port) as successor, chat_on(successor) as chat_after:
            move(people, chat_after)
            for client in (*watchers, idle):
                await client.wait_until_connected()
            await check_stored(chat_after.database, room_ids, flood.sends)
            for send in flood.others:
                await send.make(watchers[people.index(send.person)])
                assert send.message is not None, send.envelope
            assert await check_stored(chat_after.database, room_ids, flood.sends) == len(flood.sends)
            for watcher in watchers:
                for room_id in room_ids:
                    await check_complete(watcher, room_id)
            assert await successor.stop() == 0


async def test_a_server_stops_in_time_though_its_database_hangs(private_postgres: PrivatePostgres) -> None:
    async with start_server(private_postgres.url, **NO_LIMITS) as server, chat_on(server) as chat, flooding() as flood:
        ana, ben, room_id = await chat.pair()
        clients = [await connect(chat, person, join=[room_id]) for person in (ana, ben)]
        for person, client in zip((ana, ben), clients, strict=True):
            flood.write(person, client, room_id)
        await flood.wait_for_acknowledgements(20)
        with hanging(private_postgres):
            started = time.monotonic()
            assert await server.stop() == 0
            assert time.monotonic() - started < STOP_SECONDS
            await flood.wait_for_the_end()
        await check_stored(chat.database, [room_id], flood.sends)


async def check_complete(watcher: LosableClient, room_id: str) -> None:
    """What it had live before, and what it gets by synchronising, are all there is."""
    seqs, more = live_seqs(watcher, room_id), True
    while more:
        answer = await watcher.ask("sync", {"rooms": {room_id: len(seqs)}})
        seqs += [message["seq"] for room in answer["rooms"] for message in room["messages"]]
        more = answer["more"]
    assert seqs == list(range(1, (await watcher.join(room_id)).room["lastSeq"] + 1))
