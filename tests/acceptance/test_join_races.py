"""Between history and live events nothing falls, and nothing comes twice, whatever happens meanwhile."""

import asyncio

from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import seqs


def messages_in_order(client: Client) -> list[int]:
    """The seqs of history and live messages, as they arrived."""
    arrived: list[int] = []
    for received in client.events:
        if received.event == "chat_history":
            arrived += seqs(received.payload)
        elif received.event == "new_message":
            arrived.append(received.payload["seq"])
    return arrived


async def flood(sender: Person, room_id: str, first: int, last: int) -> None:
    """Messages as fast as they are acknowledged, four at a time."""
    client = await sender.connect()
    for number in range(first, last + 1, 4):
        await asyncio.gather(*(client.send(room_id, f"Message {n}") for n in range(number, min(number + 4, last + 1))))


async def test_joins_in_a_flood_of_messages_miss_nothing_and_get_nothing_twice(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    flooding = asyncio.create_task(flood(company, room_id, 1, 56))
    clients = []
    for _ in range(6):
        client = await va.connect()
        await client.emit("join_chat", {"chatRoomId": room_id, "afterSeq": 0})
        clients.append(client)
    await flooding
    for client in clients:
        await client.wait_until(lambda client=client: len(messages_in_order(client)) >= 56)  # type: ignore[misc]
        assert messages_in_order(client) == list(range(1, 57))
        assert len(client.received("chat_history")) == 1


async def test_history_that_is_held_up_together_with_new_messages_still_comes_first(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client, theirs = await va.connect(), await company.connect(join=room_id)
    await theirs.send(room_id, "Message 1")
    async with chat.database.transaction():
        await chat.database.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        joining = asyncio.create_task(client.join(room_id))
        sending = asyncio.create_task(theirs.send(room_id, "Message 2"))
        await theirs.catch_up()
        assert client.received("chat_history") == client.received("new_message") == []
    await asyncio.gather(joining, sending)
    await theirs.send(room_id, "Message 3")
    await client.wait_until(lambda: len(messages_in_order(client)) >= 3)
    assert messages_in_order(client) == [1, 2, 3]


async def test_a_socket_whose_join_is_under_way_may_send(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    await client.emit("join_chat", {"chatRoomId": room_id})
    message = await client.send(room_id, "Before I was in")
    await client.wait_until(lambda: messages_in_order(client) == [1])
    assert message["seq"] == 1


async def test_a_member_who_is_removed_while_joining_does_not_get_in(chat: Chat) -> None:
    va, company, admin = await chat.person("Ana"), await chat.person("Acme"), await chat.person("Ada")
    room_id = await chat.room(va, company, admin)
    await company.post_message(room_id, "Message 1")
    client = await va.connect()
    async with chat.database.transaction():
        await chat.database.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        joining = asyncio.create_task(client.call("join_chat", {"chatRoomId": room_id}))
        await chat.save_room([company, admin], id=room_id, type="group")
    assert (await joining)["code"] == "access_denied"
    await company.post_message(room_id, "Between us")
    await client.catch_up()
    assert client.received("new_message") == []


async def test_a_member_who_was_just_let_in_can_join_at_once(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    client = await va.connect()
    for _ in range(10):
        room_id = await chat.room(company)
        await company.post_message(room_id, "Welcome")
        await chat.save_room([company, va], id=room_id, type="group")
        assert seqs((await client.join(room_id)).history) == [1]
