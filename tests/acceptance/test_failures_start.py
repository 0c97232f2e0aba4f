"""Two servers that start at the same time on one empty database: one migrates, both come up, and both are one chat."""

import asyncio
from contextlib import AsyncExitStack

from tests.acceptance.failures import PATIENCE_SECONDS, chat_on, database_at, move
from tests.acceptance.server import start_server
from tests.looking import look_until
from tests.postgres import SCHEMA

REPEATS = 10
COUNT_WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (wait_event_type = 'Lock' OR query LIKE '%pg_try_advisory_lock%')
"""


async def hold_back_until_two_wait(database_url: str) -> None:
    """Keep whoever would make the schema from it, until two have come so far."""
    async with database_at(database_url) as database, database_at(database_url) as observer:
        making = database.transaction()
        await making.start()
        await database.execute(f"CREATE SCHEMA {SCHEMA}")

        async def do_two_wait() -> bool:
            return bool(await observer.fetchval(COUNT_WAITING) >= 2)

        await look_until(do_two_wait, seconds=PATIENCE_SECONDS)
        await making.rollback()


async def test_two_servers_that_start_at_once_on_an_empty_database_both_come_up(empty_database_url: str) -> None:
    async with AsyncExitStack() as stack:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(hold_back_until_two_wait(empty_database_url))
            starting = [
                tasks.create_task(stack.enter_async_context(start_server(empty_database_url))) for _ in range(2)
            ]
        servers = [task.result() for task in starting]
        chats = [await stack.enter_async_context(chat_on(server)) for server in servers]
        ana, _, room_id = await chats[0].pair()
        clients = []
        for chat in chats:
            assert (await chat.http.get("/api/health/ready")).status_code == 200
            move([ana], chat)
            clients.append(await ana.connect(join=room_id))
        # The same message to both at once is still one.
        sends = [client.send(room_id, "Hello!", clientMessageId="once") for client in clients * REPEATS]
        answers = await asyncio.gather(*sends)
        assert all(answer == answers[0] for answer in answers)
        assert await chats[0].count_messages(room_id) == 1
        assert not [fault for server in servers for fault in server.faults()]
