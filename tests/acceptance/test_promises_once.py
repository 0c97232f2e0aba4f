"""Promise 2: a sender's `clientMessageId` is one message for ever, whatever way it comes and however often."""

import asyncio
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.failures import chat_on, move
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import start_server

CONTENT = "The one and only: ü, 漢字, 👩‍💻"
METADATA = {"zebra": 1, "aa": [1.5, None, True], "text": 'quoted " and ü', "nested": {"b": [], "a": {}}}


def fields(client_message_id: str) -> dict[str, Any]:
    return {"content": CONTENT, "clientMessageId": client_message_id, "metadata": METADATA}


async def send_by_both_ways(person: Person, clients: list[Client], room_id: str, client_message_id: str) -> list[Any]:
    """The same message from every socket and as many requests, all at once: the Messages."""
    sends = [client.send(room_id, **fields(client_message_id)) for client in clients]
    posts = [person.post_message(room_id, **fields(client_message_id)) for _ in clients]
    return list(await asyncio.gather(*sends, *posts))


async def test_a_message_sent_at_once_from_twenty_places_is_one_message(chat: Chat) -> None:
    ana, ben, room_id = await chat.pair()
    watcher = await ben.connect(join=room_id)
    clients = [await ana.connect(join=room_id) for _ in range(5)] * 2
    answers = await send_by_both_ways(ana, clients, room_id, "once")
    assert len(answers) == 20
    assert all(answer == answers[0] for answer in answers)
    assert await chat.count_messages(room_id) == 1
    after = await clients[0].send(room_id, "after")
    assert after["seq"] == 2
    for client in {watcher, *clients}:
        await client.wait_for("new_message", lambda message: message["seq"] == 2)
        assert [message["seq"] for message in client.received("new_message")] == [1, 2]


async def test_repeats_that_come_while_the_first_is_under_way_get_its_answer(chat: Chat) -> None:
    """A lock on the room holds the first attempt back until all the others are there."""
    ana, ben, room_id = await chat.pair()
    clients = [await ana.connect() for _ in range(4)]
    other = await ben.connect()
    await clients[0].send(room_id, "before")
    async with chat.database.transaction():
        await chat.database.execute("SELECT FROM chat_rooms WHERE id = $1 FOR UPDATE", room_id)
        same = [asyncio.create_task(client.send(room_id, **fields("late"))) for client in clients * 5]
        changed = fields("late") | {"content": "something else", "chatRoomId": room_id}
        conflict = asyncio.create_task(clients[0].call("send_message", changed))
        of_another = asyncio.create_task(other.send(room_id, **fields("late")))
        for client in (*clients, other):
            await client.catch_up()
        assert not any(task.done() for task in (*same, conflict, of_another))
    answers = await asyncio.gather(*same)
    assert all(answer == answers[0] for answer in answers)
    assert (await conflict)["code"] == "conflict"
    assert (await of_another)["id"] != answers[0]["id"]
    assert await chat.count_messages(room_id) == 3


async def test_a_retry_after_restarts_and_months_gets_the_first_acknowledgement(database_url: str) -> None:
    async with start_server(database_url) as server, chat_on(server) as chat:
        ana, ben, room_id = await chat.pair()
        by_socket = await (await ana.connect()).send(room_id, **fields("by-socket"))
        by_rest = await ana.post_message(room_id, **fields("by-rest"))
        await ben.post_message(room_id, "An answer")
        await server.stop()
    async with start_server(database_url, PORT=server.port) as server, chat_on(server) as chat:
        move((ana, ben), chat)
        client, watcher = await ana.connect(), await ben.connect(join=room_id)
        for first, name in ((by_socket, "by-socket"), (by_rest, "by-rest")):
            answers = await send_by_both_ways(ana, [client] * 3, room_id, name)
            assert all(answer == first for answer in answers)
        await chat.database.execute("UPDATE messages SET created_at = created_at - interval '7 months'")
        stored = {message["id"]: message for message in await ana.history(room_id)}
        for first, name in ((by_socket, "by-socket"), (by_rest, "by-rest")):
            moved = first | {"createdAt": stored[first["id"]]["createdAt"]}
            assert moved != first
            assert all(answer == moved for answer in await send_by_both_ways(ana, [client] * 3, room_id, name))
        assert await chat.count_messages(room_id) == 3
        assert (await ben.room(room_id))["lastSeq"] == 3
        await watcher.catch_up()
        assert watcher.received("new_message") == []
        assert watcher.received("notification") == []
