"""Promise 5: unread counts and receipts are derived from positions; whatever happens in what order, they agree."""

import asyncio

import pytest

from tests.acceptance.client import Client
from tests.acceptance.failures import NO_LIMITS, chat_on, move
from tests.acceptance.people import Person
from tests.acceptance.server import start_server
from tests.acceptance.walks import Model, new_world, walk_all
from tests.faulty_proxy import lossy_proxy

BEYOND = 1_000_000
JITTER_SECONDS = 0.01
ROUNDS, MANY = 20, 5000
# A room that the server has not met yet: $1 its id, $2 its members, $3 how much the last of them has written.
FILL = """
    WITH room AS (INSERT INTO chat_rooms (id, type, last_seq, last_message_at) VALUES ($1, 'group', $3, now())),
    member AS (INSERT INTO chat_members (room_id, user_id) SELECT $1, unnest($2::text[]))
    INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
    SELECT $1, seq, 'filled-' || seq, $2[array_length($2, 1)], 'Hello', now() - interval '1 second' * ($3 - seq)
    FROM generate_series(1, $3) AS seq
"""


async def check(people: list[Person], model: Model) -> None:
    """Everything that is told of rooms, positions and statuses, by every way, is what the model says."""
    for person in people:
        mine = {room_id: room for room_id, room in model.items() if person.id in room.member_ids}
        unread = {room_id: room.unread(person.id) for room_id, room in mine.items()}
        expected = {room_id: count for room_id, count in unread.items() if count}
        assert (await person.get("/api/chat/unread-count")).data == {"count": sum(unread.values()), "rooms": expected}
        listed = {room["id"]: room for room in (await person.get("/api/chat/rooms")).data}
        assert listed.keys() == mine.keys()
        for room_id, room in mine.items():
            told = tuple(listed[room_id][key] for key in ("lastSeq", "lastReadSeq", "unreadCount"))
            assert told == (room.last_seq, room.read[person.id], unread[room_id])
            assert listed[room_id]["lastMessage"]["id"] == room.messages[room.last_seq]["id"]
            assert await person.room(room_id) == listed[room_id]
        await check_messages(person, mine)


async def check_messages(person: Person, mine: Model) -> None:
    synced = (await person.post("/api/chat/sync", {"rooms": dict.fromkeys(mine, 0)})).data["rooms"]
    for told in synced:
        room = mine[told["roomId"]]
        assert {user_id: (at["lastReadSeq"], at["lastDeliveredSeq"]) for user_id, at in told["cursors"].items()} == {
            user_id: (room.read[user_id], room.delivered[user_id]) for user_id in room.member_ids
        }
        statuses = {seq: room.status(seq) for seq in room.messages}
        assert {message["seq"]: message["status"] for message in told["messages"]} == statuses
        history = await person.history(told["roomId"], limit=100)
        assert {message["seq"]: message["status"] for message in history} == dict(list(statuses.items())[-100:])


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_any_walk_every_count_and_status_is_what_the_positions_say(database_url: str, seed: int) -> None:
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        people, model = await new_world(chat)
        await walk_all(chat, people, model, seed)
        await check(people, model)
        room_id, room = list(model.items())[-1]
        for person in people:
            await person.clients[0].ask("mark_read", {"chatRoomId": room_id, "seq": BEYOND})
            room.mark(person.id, room.last_seq, read=True)
        await check(people, model)
        await server.kill()
    async with start_server(database_url, **NO_LIMITS, PORT=server.port) as server, chat_on(server) as chat:
        move(people, chat)
        await check(people, model)


async def read_on(client: Client, room_id: str, seq: int, changing: asyncio.Task[str]) -> int:
    """Read one message after another until the room has been changed; the last that was read."""
    while not changing.done():
        seq += 1
        await client.ask("mark_read", {"chatRoomId": room_id, "seq": seq})
    return seq


async def test_what_is_read_while_the_host_changes_the_room_is_not_forgotten(database_url: str) -> None:
    """The room is read again then, and what that says is often older than what is known by the time it is heard."""
    async with (
        lossy_proxy(database_url, jitter_seconds=JITTER_SECONDS) as proxy,
        start_server(proxy.url, **NO_LIMITS) as server,
        chat_on(server) as chat,
    ):
        people = [await chat.person(name) for name in ("Ana", "Ben", "Cem", "Dua", "Eva")]
        room_id = "filled"
        await chat.database.execute(FILL, room_id, [person.id for person in people], MANY)
        clients = {person: await person.connect(join=room_id) for person in people[:-1]}
        seqs = [0] * len(clients)
        for number in range(ROUNDS):
            title = f"Title {number}"
            changing = asyncio.create_task(chat.save_room(people, id=room_id, type="group", title=title))
            reading = [
                read_on(client, room_id, seq, changing) for client, seq in zip(clients.values(), seqs, strict=True)
            ]
            seqs = await asyncio.gather(*reading)
            for person, seq in zip(clients, seqs, strict=True):
                room = await person.room(room_id)
                assert (room["title"], room["lastReadSeq"], room["unreadCount"]) == (title, seq, MANY - seq)
        assert not server.faults()
