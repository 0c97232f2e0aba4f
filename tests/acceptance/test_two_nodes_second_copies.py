"""Clients of the first design whose two copies come to two processes, or to one and to its successor."""

import asyncio

import pytest

from tests.acceptance.conftest import StartChat
from tests.acceptance.failures import chat_on, move
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.server import start_server

PAIRS = 40


async def test_a_copy_at_the_other_process_is_the_same_message_in_either_order(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    client = await va.connect()
    readers = [await company.connect(join=room_id), await nodes.connect(company, join=room_id)]
    sent = await client.send(room_id, "Hello")
    assert await nodes.post_message(va, room_id, "Hello") == sent
    posted = await nodes.post_message(va, room_id, "Are you there?")
    assert await client.send(room_id, "Are you there?") == posted
    # Each message has had its copy: the same again is a message.
    assert (await nodes.post_message(va, room_id, "Hello"))["seq"] == 3
    assert (await client.send(room_id, "Hello"))["seq"] == 3
    assert [(await client.send(room_id, "Yes"))["seq"] for _ in range(2)] == [4, 5]
    for reader in readers:
        await reader.wait_for("new_message", lambda message: message["seq"] == 5)
        assert [message["seq"] for message in reader.received("new_message")] == [1, 2, 3, 4, 5]
    assert await nodes.chat.count_messages(room_id) == 5


async def test_copies_that_come_to_both_processes_at_once_are_one_message_each(nodes: TwoNodes) -> None:
    pairs = [await nodes.chat.pair() for _ in range(4)]
    clients = [await va.connect() for va, _, _ in pairs]
    sends = [
        (client.send(room_id, f"Number {number}"), nodes.post_message(va, room_id, f"Number {number}"))
        for number in range(PAIRS // len(pairs))
        for client, (va, _, room_id) in zip(clients, pairs, strict=True)
    ]
    answers = await asyncio.gather(*(asyncio.gather(*copies) for copies in sends))
    assert all(sent == posted for sent, posted in answers)
    for _, _, room_id in pairs:
        assert await nodes.chat.count_messages(room_id) == PAIRS // len(pairs)


@pytest.mark.parametrize("is_killed", [True, False])
async def test_a_copy_after_a_restart_is_the_message_that_was_stored_before(
    start_chat: StartChat, is_killed: bool
) -> None:
    async with start_chat() as chat:
        va, _, room_id = await chat.pair()
        client = await va.connect()
        sent = await client.send(room_id, "Hello")
        posted = await va.post_message(room_id, "Are you there?")
        await (chat.server.kill() if is_killed else chat.server.stop())
        async with start_server(chat.server.database_url) as successor, chat_on(successor) as after:
            move([va], after)
            assert await va.post_message(room_id, "Hello") == sent
            assert await (await va.connect()).send(room_id, "Are you there?") == posted
            assert (await va.post_message(room_id, "Hello"))["seq"] == 3
            assert await after.count_messages(room_id) == 3
