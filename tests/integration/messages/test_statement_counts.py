"""How many statements things cost: a bounded number each, whatever the sizes, and far less than one a message."""

import asyncio

import pytest

from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.integration.realtime.application import RunningApplication

SIZES = [1, 600]


async def make_rooms(chat: Chat, count: int, *members: Person) -> list[str]:
    """Rooms with a message each, past the application."""
    ids = [f"{members[0].id}-room-{number}" for number in range(count)]
    await chat.database.execute(
        "INSERT INTO chat_rooms (id, type, last_seq, last_message_at)"
        " SELECT id, 'group', 1, now() FROM unnest($1::text[]) id",
        ids,
    )
    await chat.database.execute(
        "INSERT INTO chat_members (room_id, user_id) SELECT room, member"
        " FROM unnest($1::text[]) room, unnest($2::text[]) member",
        ids,
        [member.id for member in members],
    )
    await chat.database.execute(
        "INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)"
        " SELECT id, 1, id, $2, 'Hello', now() FROM unnest($1::text[]) id",
        ids,
        members[0].id,
    )
    return ids


async def sign_in(person: Person, friend: Person) -> Client:
    """Somebody whose account is in memory, as everybody's is who did anything in the last minute, and who is online."""
    watcher = await friend.connect()
    client = await person.connect()
    await watcher.wait_for("presence_changed", lambda each: each["userId"] == person.id)
    return client


async def test_messages_sent_together_share_statements(chat: Chat, running: RunningApplication) -> None:
    pairs = [await chat.pair() for _ in range(5)]
    clients = [(await va.connect(join=room_id), room_id) for va, _, room_id in pairs]
    await running.count()
    sends = [client.send(room_id, f"Number {number}") for number in range(40) for client, room_id in clients]
    await asyncio.gather(*sends)
    assert await running.count() < len(sends) / 2


@pytest.mark.parametrize("size", SIZES)
async def test_a_join_costs_three_statements_at_most(chat: Chat, running: RunningApplication, size: int) -> None:
    va, company, room_id = await chat.filled_pair(size)
    client = await sign_in(va, company)
    await running.count()
    await client.join(room_id, afterSeq=max(0, size - 500))
    assert await running.count() <= 3


async def test_a_join_of_a_room_that_is_in_memory_costs_one_or_two(chat: Chat, running: RunningApplication) -> None:
    va, company, room_id = await chat.filled_pair(10)
    await company.connect(join=room_id)
    client = await sign_in(va, company)
    await running.count()
    await client.join(room_id)
    assert await running.count() <= 2
    await client.join(room_id, afterSeq=10)
    assert await running.count() == 0


@pytest.mark.parametrize("size", SIZES)
async def test_a_page_of_history_costs_two_statements_at_most(
    chat: Chat, running: RunningApplication, size: int
) -> None:
    va, company, room_id = await chat.filled_pair(size)
    await sign_in(va, company)
    for params in ({}, {"before": 50}, {"before": "2999-01-01T00:00:00Z"}, {"after": 0}, {"limit": 100}):
        await running.count()
        await va.history(room_id, **params)
        assert await running.count() <= 2


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_of_rooms_costs_two_statements_at_most(
    chat: Chat, running: RunningApplication, size: int
) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    await make_rooms(chat, size, va, company)
    await sign_in(va, company)
    await running.count()
    assert len((await va.get("/api/chat/rooms")).data) == min(size, 500)
    assert await running.count() <= 2
    await va.get("/api/chat/rooms", limit=100)
    assert await running.count() <= 2


async def test_sync_of_many_rooms_costs_two_statements(chat: Chat, running: RunningApplication) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = await make_rooms(chat, 300, company, va)
    client = await sign_in(va, company)
    await running.count()
    answer = await client.ask("sync", {"rooms": dict.fromkeys(rooms, 0)})
    assert sum(len(room["messages"]) for room in answer["rooms"]) == 300
    assert await running.count() <= 2


async def test_unread_counts_and_receipts_cost_one_statement(chat: Chat, running: RunningApplication) -> None:
    va, company, room_id = await chat.filled_pair(600)
    client = await sign_in(va, company)
    await client.join(room_id)
    await running.count()
    await va.get("/api/chat/unread-count")
    assert await running.count() == 1
    for seq in (100, 600):
        await client.ask("mark_read", {"chatRoomId": room_id, "seq": seq})
        assert await running.count() == 1
    await client.ask("mark_read", {"chatRoomId": room_id, "seq": 500})
    assert await running.count() == 0


async def test_typing_and_requests_of_who_is_known_cost_none(chat: Chat, running: RunningApplication) -> None:
    va, company, room_id = await chat.filled_pair(1)
    client = await sign_in(va, company)
    await client.join(room_id)
    await running.count()
    await client.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await va.get("/api/users/me")
    await va.room(room_id)
    assert await running.count() == 0
