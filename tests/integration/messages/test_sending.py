"""Sending while something else is slow: the pool, or the look-up of an account."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from hyred_chat.accounts import repository as account_repository
from hyred_chat.accounts.part import AccountsPart
from hyred_chat.messages import backups
from tests.acceptance.people import Chat
from tests.integration.realtime.application import RunningApplication
from tests.integration.realtime.gates import Gate

POOL_SIZE = 4


async def test_a_message_to_a_room_out_of_memory_needs_no_connection_of_the_pool(
    chat: Chat, running: RunningApplication
) -> None:
    va, company, room_id = await chat.pair()
    other_room = await chat.room(va, company)
    client = await va.connect()
    async with AsyncExitStack() as stack:
        for _ in range(POOL_SIZE):
            await stack.enter_async_context(running.application._database.connection())
        async with asyncio.timeout(2):
            messages = await asyncio.gather(client.send(room_id, "Hello"), client.send(other_room, "Hello"))
    assert [message["seq"] for message in messages] == [1, 1]


async def test_a_backup_is_known_by_its_arrival_however_long_its_sender_is_looked_up(
    chat: Chat, running: RunningApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine takes half a second from one of these steps to the next.
    monkeypatch.setattr(backups, "WINDOW_SECONDS", 2.0)
    va, _, room_id = await chat.pair()
    client = await va.connect()
    gate = Gate(monkeypatch, account_repository, "list_accounts")
    running.part(AccountsPart).accounts._directory.forget(va.id)
    async with gate.closed():
        posting = asyncio.create_task(va.post_message(room_id, "Hello"))
        await gate.wait_until_read()
        sent = await client.send(room_id, "Hello")
        await asyncio.sleep(2.1)  # the window, and a little more
    assert await posting == sent
    assert await chat.count_messages(room_id) == 1
    assert (await va.post_message(room_id, "Hello"))["seq"] == 2
