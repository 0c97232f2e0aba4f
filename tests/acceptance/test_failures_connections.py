"""Failovers, silent connections, ended ones and locked rows under load: counted, and nobody else is held up."""

import asyncio
import time

import asyncpg

from tests.acceptance.failures import PATIENCE_SECONDS, connect, database_at, wait_for_status
from tests.acceptance.floods import check_stored, flooding
from tests.acceptance.test_failures_database import SEND_TIMEOUT_SECONDS, SLACK_SECONDS, world_on
from tests.faulty_proxy import lossy_proxy
from tests.looking import look_until
from tests.postgres import PrivatePostgres, Standby, join_hosts


async def follow_in_step(primary: PrivatePostgres) -> None:
    """From now on what is committed on the primary is on its standby's disk, too."""
    connection = await asyncpg.connect(primary.url)
    await connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    await connection.execute("SELECT pg_reload_conf()")
    # One statement after the other: a session takes new settings, by which it says what is in step, only between two.
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')"
        ):
            pass
    await connection.close()


async def test_a_failover_under_load_loses_nothing_and_needs_no_restart(private_postgres: PrivatePostgres) -> None:
    standby = Standby(private_postgres)
    standby.start()
    try:
        url = join_hosts(private_postgres, standby)
        async with world_on(private_postgres, url) as world, flooding() as flood:
            await follow_in_step(private_postgres)
            world.start(flood)
            await flood.wait_for_acknowledgements(100)
            await asyncio.to_thread(private_postgres.stop, immediate=True)
            await wait_for_status(world.chat, "/api/health/ready", 503)
            await asyncio.to_thread(standby.promote)
            await wait_for_status(world.chat, "/api/health/ready", 200)
            await flood.wait_for_acknowledgements(100)
            preferences = await world.people[0].put("/api/notifications/preferences", {"preview": False})
            assert preferences.status == 200
            await flood.end()
            world.postgres = standby
            await world.check(flood)
    finally:
        standby.remove()


async def test_nothing_is_acknowledged_that_the_only_synchronous_standby_has_not(
    private_postgres: PrivatePostgres, standby: Standby
) -> None:
    """Giving up a commit that waits for the standby leaves it committed here alone: a retry must not find it stored."""
    async with world_on(private_postgres) as world:
        await follow_in_step(private_postgres)
        ana, client, room_id = world.people[0], world.writers[0], world.room_ids[0]
        await asyncio.to_thread(standby.stop, immediate=True)
        message = {"content": "Hello?", "clientMessageId": "once"}
        assert (await client.call("send_message", {"chatRoomId": room_id, **message}))["code"] == "unavailable"
        await look_until(lambda: world.chat.count_messages(room_id), seconds=PATIENCE_SECONDS)
        retried = await ana.post(f"/api/chat/rooms/{room_id}/messages", message)
        assert (retried.status, retried.code) == (503, "unavailable")
        await asyncio.to_thread(standby.start)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (envelope := await client.call("send_message", {"chatRoomId": room_id, **message}))["success"]:
                pass
        assert envelope["data"]["seq"] == 1
        assert await world.chat.count_messages(room_id) == 1


async def test_connections_that_fall_silent_under_load_are_replaced_and_nothing_is_lost(
    private_postgres: PrivatePostgres,
) -> None:
    """No packet says so, as when a firewall has forgotten them. New connections work."""
    async with (
        lossy_proxy(private_postgres.url) as proxy,
        world_on(private_postgres, proxy.url) as world,
        flooding() as flood,
    ):
        world.start(flood)
        await flood.wait_for_acknowledgements(100)
        unknown_room = await world.chat.room(*world.people)
        await asyncio.gather(*(person.get("/api/chat/rooms") for person in world.people))
        proxy.silence()
        started = time.monotonic()
        payload = {"chatRoomId": unknown_room, "content": "Hello?"}
        sending = asyncio.create_task(world.writers[0].call("send_message", payload))
        await flood.wait_for_acknowledgements(100)
        assert time.monotonic() - started < 2 * SEND_TIMEOUT_SECONDS + SLACK_SECONDS
        await sending
        listing = await asyncio.gather(*(person.get("/api/chat/rooms") for person in world.people * 4))
        assert {answer.status for answer in listing} == {200}
        assert time.monotonic() - started < 2 * SEND_TIMEOUT_SECONDS + 2 * SLACK_SECONDS
        await flood.end()
        proxy.cut()
        await world.check(flood)


async def test_connections_that_postgres_ends_under_load_are_never_a_fault_of_ours(
    private_postgres: PrivatePostgres,
) -> None:
    async with world_on(private_postgres) as world, flooding() as flood, database_at(private_postgres.url) as killer:
        world.start(flood)
        await flood.wait_for_acknowledgements(50)
        codes: set[str] = set()
        is_over = asyncio.Event()

        async def ask(number: int) -> None:
            client = await connect(world.chat, world.people[number])
            while not is_over.is_set():
                answers = [
                    await client.call("join_chat", {"chatRoomId": world.room_ids[0]}),
                    await client.call("sync", {"rooms": {world.room_ids[0]: 1}}),
                    await client.call("mark_read", {"chatRoomId": world.room_ids[0], "seq": len(flood.sends)}),
                    (await world.people[number].get("/api/chat/rooms")).envelope,
                ]
                codes.update(answer["code"] for answer in answers if not answer["success"])

        asking = [asyncio.create_task(ask(number)) for number in range(4)]
        for _ in range(15):
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'hyred-chat' AND pid <> pg_backend_pid()"
            )
            await flood.wait_for_acknowledgements(10)
        is_over.set()
        await asyncio.gather(*asking)
        await flood.end()
        assert codes <= {"unavailable"}
        await world.check(flood)


async def test_a_locked_room_under_load_holds_up_no_other_and_what_was_refused_is_not_stored(
    private_postgres: PrivatePostgres,
) -> None:
    async with world_on(private_postgres) as world, flooding() as flood, database_at(private_postgres.url) as blocker:
        world.start(flood)
        await flood.wait_for_acknowledgements(50)
        locked, free = world.room_ids
        async with blocker.transaction():
            await blocker.execute("SELECT FROM chat_rooms WHERE id = $1 FOR UPDATE", locked)
            first = len(flood.sends)
            await flood.wait_until(lambda: sum(send.code == "unavailable" for send in flood.sends) >= 8)
        await flood.end()
        assert {send.room_id for send in flood.others} == {locked}
        meanwhile = [send for send in flood.sends[first:] if send.room_id == free]
        assert len(meanwhile) > 50
        assert max(send.waited_seconds for send in meanwhile) < 1
        assert max(send.waited_seconds for send in flood.sends) < SEND_TIMEOUT_SECONDS + SLACK_SECONDS
        async with database_at(private_postgres.url) as database:
            assert await check_stored(database, world.room_ids, flood.sends) == len(flood.acknowledged)
        await world.check(flood)
