"""Two servers that start at the same time on one empty database: one migrates, both come up, and both are one chat."""

import asyncio
from contextlib import AsyncExitStack

from tests.acceptance.failures import chat_on, move
from tests.acceptance.server import start_server

REPEATS = 10


async def test_two_servers_that_start_at_once_on_an_empty_database_both_come_up(empty_database_url: str) -> None:
    async with AsyncExitStack() as stack:
        starting = [stack.enter_async_context(start_server(empty_database_url)) for _ in range(2)]
        first, second = await asyncio.gather(*starting)
        chats = [await stack.enter_async_context(chat_on(server)) for server in (first, second)]
        ana, ben, room_id = await chats[0].pair()
        clients = []
        for chat in chats:
            assert (await chat.http.get("/api/health/ready")).status_code == 200
            move((ana, ben), chat)
            clients.append(await ana.connect(join=room_id))
        # The same message to both at once is still one.
        sends = [client.send(room_id, "Hello!", clientMessageId="once") for client in clients * REPEATS]
        answers = await asyncio.gather(*sends)
        assert all(answer == answers[0] for answer in answers)
        assert await chats[0].count_messages(room_id) == 1
        assert not [fault for server in (first, second) for fault in server.faults()]
